// Every refusal is a problem document, whoever raised it: parser, router, schema, limit or socket.

import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import t from 'tap'
import { Value } from 'typebox/value'
import { Problem } from '../../src/http/schemas/problem.ts'
import { apiKey, buildTestApp, connectionId } from './support/build.ts'

const app = await buildTestApp()
t.teardown(() => app.close())
const json = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
const connections = { method: 'POST', url: '/v1/connections', headers: json } as const
const bulk = { method: 'PUT', url: `/v1/connections/${connectionId}/items`, headers: json } as const

interface Case {
  readonly name: string
  readonly request: object
  readonly status: number
  readonly code: string
  readonly pointers?: readonly string[]
}

const cases: readonly Case[] = [
  { name: 'no key', request: { url: '/v1/connections' }, status: 401, code: 'unauthorized' },
  {
    name: 'an unknown key',
    request: { url: '/v1/connections', headers: { authorization: 'Bearer xsk_other' } },
    status: 401,
    code: 'unauthorized',
  },
  { name: 'an unknown path', request: { url: '/v2/things' }, status: 404, code: 'route_not_found' },
  { name: 'a path that is no URL', request: { url: '/v1/%zz' }, status: 400, code: 'invalid_request' },
  {
    name: 'an id that cannot be one',
    request: { url: '/v1/connections/abc', headers: json },
    status: 404,
    code: 'not_found',
  },
  {
    name: 'a method that the path does not know',
    request: { method: 'PATCH', url: '/v1/connections' },
    status: 405,
    code: 'method_not_allowed',
  },
  { name: 'broken JSON', request: { ...connections, payload: '{"a":' }, status: 400, code: 'invalid_json' },
  {
    name: 'JSON that would poison prototypes',
    request: { ...connections, payload: '{"__proto__":{"admin":true}}' },
    status: 422,
    code: 'validation_failed',
    pointers: [''],
  },
  {
    name: 'another media type',
    request: { ...connections, headers: { ...json, 'content-type': 'text/xml' }, payload: '<a/>' },
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    name: 'a body of more than 1 MiB',
    request: { ...connections, payload: JSON.stringify({ returnUrl: 'x'.repeat(1024 * 1024) }) },
    status: 413,
    code: 'payload_too_large',
  },
  {
    name: 'several faults in a body',
    request: { ...connections, payload: JSON.stringify({ returnUrl: 7, surprise: true }) },
    status: 422,
    code: 'validation_failed',
    pointers: ['/returnUrl', '/surprise'],
  },
  {
    name: 'an absent body with a required field',
    request: { ...connections, url: `/v1/connections/${connectionId}/confirm`, payload: '' },
    status: 422,
    code: 'validation_failed',
    pointers: ['/completionCode'],
  },
  {
    name: 'a bulk body without records',
    request: { ...bulk, payload: JSON.stringify({ records: [] }) },
    status: 422,
    code: 'validation_failed',
    pointers: ['/records'],
  },
  {
    name: 'a bulk body of 1,001 records',
    request: { ...bulk, payload: JSON.stringify({ records: Array.from({ length: 1001 }, () => ({})) }) },
    status: 422,
    code: 'validation_failed',
    pointers: ['/records'],
  },
  {
    name: 'several faulty query parameters',
    request: { url: '/v1/connections?limit=201&status=lost&colour=red', headers: json },
    status: 400,
    code: 'invalid_request',
    pointers: ['colour', 'limit', 'status'],
  },
  {
    name: 'a limit that is nearly a number',
    request: { url: '/v1/connections?limit=12.5', headers: json },
    status: 400,
    code: 'invalid_request',
    pointers: ['limit'],
  },
  {
    name: 'a cursor of another list',
    request: { url: '/v1/connections?cursor=WzEsImFiYyIsMV0', headers: json },
    status: 400,
    code: 'invalid_request',
    pointers: ['cursor'],
  },
  {
    name: 'an Idempotency-Key that is not printable',
    request: { ...connections, headers: { ...json, 'idempotency-key': 'x'.repeat(256) }, payload: '{}' },
    status: 400,
    code: 'invalid_request',
    pointers: ['Idempotency-Key'],
  },
  {
    name: 'a settings change without If-Match',
    request: { method: 'PATCH', url: `/v1/connections/${connectionId}/settings`, headers: json, payload: '{}' },
    status: 428,
    code: 'precondition_required',
  },
  {
    name: 'a defect of ours',
    request: { url: `/v1/connections/${connectionId}`, headers: json },
    status: 500,
    code: 'internal_error',
  },
]

const headersOf = (request: object): object => ('headers' in request ? (request.headers as object) : {})

for (const { name, request, status, code, pointers } of cases) {
  t.test(`given ${name}, when a request is made, then the answer is the problem ${code}`, async (t) => {
    const answer = await app.inject({
      ...request,
      headers: { 'x-request-id': 'test-request-1', ...headersOf(request) },
    })
    t.equal(answer.statusCode, status)
    t.equal(answer.headers['content-type'], 'application/problem+json')
    t.equal(answer.headers['x-request-id'], 'test-request-1')
    const body = answer.json()
    t.ok(Value.Check(Problem, body), 'fits its schema')
    t.match(body, { code, status, type: `urn:problem:accounting-sync:${code}`, requestId: 'test-request-1' })
    if (pointers) t.same(body.errors.map((fault: { pointer: string }) => fault.pointer).sort(), pointers)
  })
}

t.test('given a wrong method, when the path exists, then Allow names the right ones', async (t) => {
  const answer = await app.inject({ method: 'PATCH', url: '/v1/connections' })
  t.same(String(answer.headers.allow).split(', ').sort(), ['GET', 'HEAD', 'POST'])
})

t.test('given what no client should ask for, when it is asked for, then the fault is the client’s', async (t) => {
  const asked = [
    ['QUERY', '/v1/connections', 405],
    ['QUERY', '/nowhere', 404],
    ['GET', '/docs/static//etc/passwd', 404],
    ['GET', '/docs/static/%00', 404],
  ] as const
  for (const [method, url, status] of asked) {
    const answer = await app.inject({ method: method as 'GET', url, headers: json })
    t.equal(answer.statusCode, status, `${method} ${url}`)
    t.match(answer.headers['content-type'], /problem\+json/)
  }
})

t.test('given a range that a file does not have, when it is asked for, then the answer says so', async (t) => {
  const answer = await app.inject({ url: '/docs/static/swagger-ui.css', headers: { range: 'bytes=99999999-' } })
  t.equal(answer.statusCode, 400)
  t.match(answer.json(), { code: 'invalid_request', detail: /Range/ })
})

t.test('given a link of a consent, when it is refused, then its token is not repeated', async (t) => {
  const token = 'token-that-works-once-0123456789'
  for (const path of [`/connect/${token}`, `/connect/${token}/x`, `/connect/${token.repeat(30)}`]) {
    const answer = await app.inject({ url: path })
    t.ok(answer.statusCode >= 400, path)
    t.notMatch(answer.body, /token-that-works/)
  }
})

t.test('given a defect, when it is answered, then nothing of it is told', async (t) => {
  const answer = await app.inject({ url: `/v1/connections/${connectionId}`, headers: json })
  t.notMatch(answer.body, /not provided|stack|connections\.get/)
})

t.test('given a request id that is not well formed, when a request is made, then it gets a new one', async (t) => {
  const answer = await app.inject({ url: '/health/live', headers: { 'x-request-id': 'bad id\twith spaces' } })
  t.match(answer.headers['x-request-id'], /^[0-9a-f-]{36}$/)
})

t.test('given more requests than allowed, when the next one comes, also to no route, then it is 429', async (t) => {
  const limited = await buildTestApp({}, { rateLimit: { max: 2, window: 60_000 } })
  t.teardown(() => limited.close())
  await limited.inject({ url: '/nowhere' })
  await limited.inject({ url: '/v1/connections' })
  for (const url of ['/nowhere', '/v1/connections']) {
    const answer = await limited.inject({ url })
    t.equal(answer.statusCode, 429)
    t.equal(answer.json().code, 'too_many_requests')
    t.ok(Number(answer.headers['retry-after']) > 0)
  }
  t.equal((await limited.inject({ url: '/health/live' })).statusCode, 200, 'probes are not limited')
})

t.test(
  'given a person whose network sent too much, then the page says to wait, and that the link is good',
  async (t) => {
    const limited = await buildTestApp({}, { rateLimit: { max: 1, window: 60_000 } })
    t.teardown(() => limited.close())
    const link = { url: `/connect/${'a'.repeat(43)}`, headers: { accept: 'text/html' } }
    await limited.inject(link)
    const page = await limited.inject(link)
    t.equal(page.statusCode, 429)
    t.match(page.body, /<h1>Please wait a moment/)
    t.match(page.body, /Wait (a minute|\d+ seconds?) and reload this page. Your link is still good/)
    t.match(page.body, /You did nothing wrong/)
    t.notMatch(page.body, /start the connection there again|More than/)
  },
)

t.test('given a link that was cut off or changed, then the page says so in words for a person', async (t) => {
  const damaged = ['/connect/abc', '/connect/done?code=a&code=b', '/connect/callback?state=a&state=b']
  for (const url of damaged) {
    const page = await app.inject({ url, headers: { accept: 'text/html' } })
    t.equal(page.statusCode, 400, url)
    t.match(page.body, /<h1>This address is not complete/, url)
    t.match(page.body, /cut off .*Neither you nor your inventory product/, url)
    t.match(page.body, /Open the whole link/, url)
    t.notMatch(page.body, /parameter|\(s\)/, url)
  }
})

const asked = 'GET /v1/api-keys HTTP/1.1\r\nConnection: close\r\n'
for (const [name, request, status, detail] of [
  ['no Host', `${asked}\r\n`, 400, /no Host header/],
  ['an expectation of its own', `${asked}Host: a\r\nExpect: banana\r\n\r\n`, 401, /key/],
  ['bytes that are no HTTP', 'no http at all\r\n\r\n', 400, /not a valid HTTP request/],
  [
    'headers that are too large, even at a probe',
    `GET /health/live HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
    400,
    /headers are larger/,
  ],
] as const) {
  t.test(`given ${name}, when they arrive, then the socket is answered with a problem`, async (t) => {
    const listening = await buildTestApp()
    t.teardown(() => listening.close())
    await listening.listen({ port: 0, host: '127.0.0.1' })
    const { port } = listening.server.address() as AddressInfo
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request))
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    t.equal(answer.split(' ')[1], String(status))
    t.match(answer, /application\/problem\+json/)
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
    t.same([...Value.Errors(Problem, body)], [], 'it is a whole problem')
    t.match(body, { code: status === 401 ? String : 'invalid_request', detail })
    t.match(answer, new RegExp(`X-Request-Id: ${body.requestId}`, 'i'))
  })
}
