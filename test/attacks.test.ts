// A really started service under attack: every operation of openapi.yaml with ids, queries, headers, bodies and methods that no
// client should send. Each is answered as the caller's fault, or served; nothing of it is a fault of the service.
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startSimulator } from '../src/simulator/index.ts'
import { operations } from './support/contract.ts'
import { serviceApiKey, startService, stopService } from './support/service-process.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
}
interface Call {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly location: string
  readonly cookies: string
  readonly etag: string
}

const manyKeys = (value: unknown) => Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`k${n}`, value]))
const unknownId = '0192d3c4-5e6f-7a8b-9c0d-1e2f3a4b5c6d'
const oddIds = [
  '%00',
  'a%00b',
  '%FF',
  '%F0%9F',
  '%',
  '%2E%2E%2Fx',
  '..%5c',
  '%F0%9F%98%80',
  "'--",
  '0',
  'x'.repeat(3_000),
]
const oddValues = [
  ...['', '%00', 'a%00b', '%FF', '%F0%9F', '-1', '0', '1e99', 'a'.repeat(3_000), 'eyJ2IjoxfQ', 'AAAA'.repeat(9)],
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '9999-12-31T23:59:59-14:00', '2026-06-30T23:59:60Z'],
]
const oddHeaders: Readonly<Record<string, readonly string[]>> = {
  'X-Company-Id': ['a b', '../x', 'x'.repeat(200), '\u00e9'],
  'Idempotency-Key': [' ', 'x'.repeat(400), '\u00e9', '"'],
  'if-match': ['*', 'x', 'W/"1"', '"999999999999999999999"', '""', '-1'],
  'if-none-match': ['*', 'x', '"'],
}
const oddBodies = [
  ...['', 'null', '[]', '"x"', '1', '{', '{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"a":1e400}', '\ufeff{}', '{"":{}}'],
  ...[
    '{"records":[]}',
    '{"records":[null,1,[],{"id":"a\\u0000b"}]}',
    '{"recordIds":["\\u0000"]}',
    '{"name":"\\u0000"}',
  ],
  ...['['.repeat(5_000), `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, JSON.stringify(manyKeys(1))],
]
const oddMethods = ['QUERY', 'TRACE', 'PROPFIND', 'LOCK', 'OPTIONS', 'HEAD']

const directory = mkdtempSync(join(tmpdir(), 'accounting-sync-attacks-'))
const simulator = await startSimulator()
const service = await startService({
  databaseUrl: null,
  simulator,
  environment: { DATA_DIR: join(directory, 'data'), RATE_LIMIT_PER_MINUTE: '1000000' },
})
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
t.teardown(async () => {
  agent.destroy()
  await stopService(service)
  await simulator.close()
  rmSync(directory, { recursive: true, force: true })
})

function call({ method, path, headers = {}, body }: Call): Promise<Answer> {
  const { hostname, port } = new URL(service.url)
  const all = {
    authorization: `Bearer ${serviceApiKey}`,
    'x-company-id': 'acme',
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
  }
  const names = Object.keys(headers).map((name) => name.toLowerCase())
  const kept = Object.entries(all).filter(([name]) => !names.includes(name))
  return new Promise((done, fail) => {
    const options = { agent, hostname, port, method, path, headers: { ...Object.fromEntries(kept), ...headers } }
    const asked = send(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => {
        const { location = '', etag = '', 'content-type': type = '', 'set-cookie': set = [] } = response.headers
        const cookies = set.map((cookie) => cookie.split(';')[0]).join('; ')
        done({ status: response.statusCode ?? 0, type, text, location, cookies, etag })
      })
    })
    asked.on('error', fail)
    asked.end(body)
  })
}
const json = async (method: string, path: string, body?: unknown, headers = {}) => {
  const { status, text } = await call({
    method,
    path,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status, body: text === '' ? null : JSON.parse(text) }
}

const local = (url: string) => url.replace(/^https?:\/\/[^/]+/, '')

async function connected(): Promise<string> {
  simulator.control.consent({ mode: 'automatic', organisations: ['Somerset Extreme PC'] })
  const { body } = await json('POST', '/v1/connections', {})
  const begun = await call({ method: 'GET', path: local(body.authorizationUrl) })
  const consent = await fetch(begun.location, { redirect: 'manual' })
  const back = local(String(consent.headers.get('location')))
  const ended = await call({ method: 'GET', path: back, headers: { cookie: begun.cookies } })
  const completionCode = new URL(ended.location).searchParams.get('code')
  const { status } = await json('POST', `/v1/connections/${body.id}/confirm`, { completionCode })
  if (status !== 200) throw new Error(`confirm answered ${status}`)
  return body.id
}

const connectionId = await connected()

/** The path with ids of things that are there, but for the connection that would be ended. */
const filled = (path: string, method: string, odd: Readonly<Record<string, string>> = {}) =>
  path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    if (odd[name] !== undefined) return odd[name]
    if (name === 'connectionId') return method === 'DELETE' && path.endsWith(whole) ? unknownId : connectionId
    return name === 'recordId' ? 'ok' : unknownId
  })

function attacksOn({ method, path, operation }: (typeof operations)[number]): Call[] {
  const { parameters = [], requestBody } = operation as unknown as {
    readonly parameters?: readonly Parameter[]
    readonly requestBody?: object
  }
  const body = requestBody ? '{}' : undefined
  const base = { method, ...(body !== undefined && { body }) }
  const usual = filled(path, method)
  return parameters
    .flatMap((one): Call[] => {
      const { name } = one
      if (one.in === 'path') return oddIds.map((id) => ({ ...base, path: filled(path, method, { [name]: id }) }))
      if (one.in === 'header')
        return (oddHeaders[name] ?? []).map((value) => ({ ...base, path: usual, headers: { [name]: value } }))
      const twice = { ...base, path: `${usual}?${name}=1&${name}=2` }
      return [...oddValues.map((value) => ({ ...base, path: `${usual}?${name}=${value}` })), twice]
    })
    .concat(requestBody ? oddBodies.map((odd) => ({ ...base, path: usual, body: odd })) : [])
    .concat(requestBody ? { ...base, path: usual, headers: { 'content-type': 'text/xml' } } : [])
}

/** Fault of an answer to an attack; null: none. */
function faultOf({ method, path, body = '' }: Call, { status, type, text }: Answer): string | null {
  const what = `${status} ${method} ${path.slice(0, 200)} ${body.slice(0, 80)}`
  if (status >= 500) return what
  if (status < 400 || method === 'HEAD') return null
  if (type.startsWith('text/html')) return null
  const isProblem = type.startsWith('application/problem+json') && JSON.parse(text).status === status
  return isProblem && text.length < 100_000 ? null : `${what}: ${type}, ${text.length} letters`
}

async function faultsOf(calls: readonly Call[]): Promise<string[]> {
  const waiting = [...calls]
  const faults: string[] = []
  const lane = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift())
      faults.push(...[faultOf(one, await call(one))].flatMap((fault) => fault ?? []))
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return faults
}

t.test('given every operation, when it gets what no client should send, then it is the caller’s fault', async (t) => {
  const attacks = operations.flatMap(attacksOn)
  t.ok(attacks.length > 3_000, `${attacks.length} attacks`)
  t.strictSame(await faultsOf(attacks), [])
})

t.test('given every path, when it is asked with another method, then it is the caller’s fault', async (t) => {
  const paths = [
    ...new Set(operations.map(({ path }) => filled(path, 'GET'))),
    '/',
    '/docs',
    '/docs/static//etc/passwd',
    '/nowhere',
  ]
  t.strictSame(await faultsOf(paths.flatMap((path) => oddMethods.map((method) => ({ method, path })))), [])
  for (const path of ['/docs/static//etc/passwd', '/docs/static/..%2f..%2fpackage.json', '/docs/static/%00']) {
    const { status } = await call({ method: 'GET', path })
    t.ok(status >= 400 && status < 500, `${path} ${status}`)
  }
})

t.test('given secrets that open nothing, when they are used, then it is the caller’s fault', async (t) => {
  const secret = 'A'.repeat(43)
  const keys = [
    '',
    'Bearer',
    'Bearer x',
    `Bearer xsk_${'0'.repeat(32)}_${secret}`,
    `Bearer xsk_${secret}`,
    'Basic eDp4',
  ]
  const calls: Call[] = keys.map((authorization) => ({
    method: 'GET',
    path: '/v1/connections',
    headers: { authorization },
  }))
  for (const value of [secret, `${secret}${secret}`, '%00', '%FF', 'x', '.', '..;'])
    calls.push(
      { method: 'GET', path: `/connect/${value}` },
      {
        method: 'GET',
        path: `/connect/callback?state=${value}&code=${value}`,
        headers: { cookie: `oauth2-redirect-state=${secret}` },
      },
      { method: 'GET', path: `/connect/done?connectionId=${value}&code=${value}&error=${value}` },
      {
        method: 'POST',
        path: `/v1/connections/${connectionId}/confirm`,
        body: JSON.stringify({ completionCode: decodeURIComponent(value.replace('%FF', '')) }),
      },
    )
  t.strictSame(await faultsOf(calls), [])
})

t.test('given one id with NUL in a bulk request, then it alone is refused', async (t) => {
  const item = { kind: 'service', code: 'A', name: 'A' }
  const records = [
    { ...item, id: 'a\u0000b' },
    { ...item, id: 'ok' },
    { ...item, id: 'c', name: 'x\u0000' },
  ]
  const { status, body } = await json('PUT', `/v1/connections/${connectionId}/items`, { records })
  t.equal(status, 200)
  t.match(body.results, [{ result: 'refused' }, { result: 'created' }, { result: 'refused' }])
})

t.test(
  'given settings of 20,000 keys, when they are saved, then the answer is short, and settings are read',
  async (t) => {
    const at = `/v1/connections/${connectionId}/settings`
    const sections = [
      manyKeys(1),
      { items: manyKeys(1) },
      { invoices: { taxMap: manyKeys('OUTPUT') } },
      { items: { itemGroups: manyKeys({}) } },
    ]
    for (const patch of sections) {
      const { etag } = await call({ method: 'GET', path: at })
      const answer = await call({
        method: 'PATCH',
        path: at,
        headers: { 'if-match': etag },
        body: JSON.stringify(patch),
      })
      t.equal(faultOf({ method: 'PATCH', path: at }, answer), null)
      t.ok([200, 413, 422].includes(answer.status), `${answer.status} ${JSON.stringify(patch).slice(0, 60)}`)
      for (const path of [at, `${at}/check`, `${at}/items`]) t.equal((await call({ method: 'GET', path })).status, 200)
    }
  },
)

t.test('given all these attacks, when the company goes on, then everything is read, and nothing failed', async (t) => {
  for (const { method, path } of operations) {
    if (method !== 'GET' || !path.startsWith('/v1') || /\{(jobId|itemId|incidentId)\}/.test(path)) continue
    const known = path.replace(/\/(customers|vendors|invoices|bills)\/\{recordId\}/, '/items/{recordId}')
    t.equal((await call({ method, path: filled(known, method) })).status, 200, path)
  }
  const loud = service.log.filter((line) => /"level":"?(50|60|error|fatal)/.test(line))
  t.strictSame(loud.slice(0, 5), [])
  t.equal(service.ended, null)
})
