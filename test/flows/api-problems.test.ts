// Whatever goes wrong on the way to a route answers with a problem document; and the check of answers really checks.
import { connect as connectSocket } from 'node:net'
import t from 'tap'
import { syncError } from '../../src/domain/sync-errors.ts'
import { contractFaults } from '../support/contract.ts'
import { bootstrapKey, openWorld } from '../support/house.ts'

const { send, connect, house, logLines } = await openWorld(t)
const id = await connect()
const c = `/v1/connections/${id}`
const headers = { authorization: `Bearer ${bootstrapKey}`, 'x-company-id': 'acme' }
const json = { ...headers, 'content-type': 'application/json' }

t.test('given a path or a method that is not there, when it is asked for, then 404, or 405 with Allow', async (t) => {
  for (const url of ['/v1', '/v1/nothing', `${c}/`, `${c}/things`, `${c}/customers/a/b`, '/v2/connections', '//v1']) {
    const answer = await send('GET', url, { headers })
    t.match([answer.status, answer.body.code], [404, 'route_not_found'], url)
    t.equal(answer.body.instance, url.split('?')[0])
  }
  const cases: [string, string, string][] = [
    ['PATCH', c, 'DELETE, GET, HEAD'],
    ['PUT', '/v1/connections', 'GET, HEAD, POST'],
    ['DELETE', `${c}/sync-jobs`, 'GET, HEAD, POST'],
    ['OPTIONS', `${c}/customers`, 'GET, HEAD, PUT'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['POST', '/connect/callback', 'GET'],
  ]
  for (const [method, url, allow] of cases) {
    const answer = await send(method, url, { headers })
    t.match([answer.status, answer.body.code], [405, 'method_not_allowed'], `${method} ${url}`)
    t.same(String(answer.headers.allow).split(', ').sort().join(', '), allow, `${method} ${url}`)
  }
})

t.test('given bodies that cannot be read, when they are sent, then each is named', async (t) => {
  const post = (payload: string, type: string | null = 'application/json') =>
    send('POST', '/v1/connections', { headers: { ...headers, ...(type && { 'content-type': type }) }, payload })
  const cases: [string, string | null, number, string][] = [
    ['{"a":', 'application/json', 400, 'invalid_json'],
    ['{"__proto__": {"x": 1}}', 'application/json', 422, 'validation_failed'],
    ['{"constructor": {"prototype": {}}}', 'application/json', 422, 'validation_failed'],
    ['returnUrl=x', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['{}', 'text/plain', 415, 'unsupported_media_type'],
    ['{}', 'nonsense', 415, 'unsupported_media_type'],
    ['null', 'application/json', 422, 'validation_failed'],
    ['[]', 'application/json', 422, 'validation_failed'],
    ['"text"', 'application/json', 422, 'validation_failed'],
    ['{"returnUrl": "http:\\u0000"}', 'application/json', 422, 'validation_failed'],
    [`{"x": "${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'payload_too_large'],
    [`{"x": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'application/json', 422, 'validation_failed'],
  ]
  for (const [payload, type, status, code] of cases) {
    const answer = await post(payload, type)
    t.match([answer.status, answer.body.code], [status, code], payload.slice(0, 40))
  }
  t.equal((await post('{}', 'application/json; charset=utf-8')).status, 201)
  t.equal((await post('', 'application/json')).status, 201, 'an empty body is none')
  t.equal((await post('\u{feff}{}', 'application/json')).status, 201, 'a byte order mark says nothing')
})

t.test(
  'given a body in another encoding than UTF-8, when it is sent, then it is refused and nothing is stored',
  async (t) => {
    const put = (name: Buffer, more: Record<string, string> = {}) =>
      send('PUT', `${c}/customers/bytes`, {
        headers: { ...json, ...more },
        payload: Buffer.concat([Buffer.from('{"name": "'), name, Buffer.from('"}')]),
      })
    const broken: [string, number[]][] = [
      ['bytes that nothing begins with', [0xff, 0xed, 0xa0, 0x80]],
      ['half of a pair of surrogates', [0xed, 0xa0, 0x80]],
      ['Latin-1', [0x43, 0x61, 0x66, 0xe9]],
      ['an overlong form', [0xc0, 0xaf]],
      ['a sequence that ends too early', [0xe2, 0x82]],
    ]
    for (const [what, bytes] of broken) {
      t.match(await put(Buffer.from(bytes)), { status: 400, body: { code: 'not_utf8', action: /UTF-8/ } }, what)
    }
    const plain = Buffer.from('Café')
    for (const type of ['application/json; charset=utf-16', 'application/json;charset="ISO-8859-1"']) {
      const answer = await put(plain, { 'content-type': type })
      t.match(answer, { status: 415, body: { code: 'unsupported_media_type', action: /UTF-8/ } }, type)
    }
    for (const encoding of ['gzip', 'br', 'identity, deflate']) {
      const answer = await put(plain, { 'content-encoding': encoding })
      t.match(answer, { status: 415, body: { code: 'unsupported_media_type', action: /Content-Encoding/ } }, encoding)
    }
    t.equal((await send('GET', `${c}/customers/bytes`, { headers })).status, 404, 'nothing was stored')
    t.equal((await put(plain, { 'content-type': 'application/json; charset="UTF-8"' })).status, 201)
    t.equal((await put(plain, { 'content-encoding': 'identity' })).status, 200)
    t.equal((await send('GET', `${c}/customers/bytes`, { headers })).body.record.name, 'Café')
    for (const url of ['customers?search=%ff', 'customers/%ed%a0%80', 'changes?after=%ff']) {
      t.match(await send('GET', `${c}/${url}`, { headers }), { status: 400, body: { code: 'invalid_request' } }, url)
    }
  },
)

t.test('given bodies that are nothing but brackets, when they are sent, then they are refused', async (t) => {
  const nested = (open: string, close: string) => `${open.repeat(50_000)}1${close.repeat(50_000)}`
  const deep: [string, string, string][] = [
    ['PUT', `${c}/customers`, `{"records": [{"id": "d", "name": "n", "x": ${nested('[', ']')}}]}`],
    ['PUT', `${c}/customers/d`, `{"name": "n", "x": ${nested('{"a":', '}')}}`],
    ['PATCH', `${c}/settings`, `{"items": ${nested('{"accounts":', '}')}}`],
    ['PUT', `${c}/settings/items`, nested('{"accounts":', '}')],
    ['POST', `${c}/sync-queue-items`, nested('{"recordType":', '}')],
  ]
  for (const [method, url, payload] of deep) {
    const sent = { ...json, 'if-match': '*', 'idempotency-key': url }
    const answer = await send(method, url, { headers: sent, payload })
    t.match([answer.status, answer.body.code], [422, 'validation_failed'], `${method} ${url}`)
  }
})

t.test('given ids that are none, when they are asked for, then as unknown ones', async (t) => {
  for (const url of [
    `/v1/connections/7`,
    `/v1/connections/7/settings`,
    `/v1/connections/${id}x`,
    `${c}/sync-jobs/%00`,
  ]) {
    const answer = await send('GET', url, { headers })
    t.match([answer.status, answer.body.code], [404, 'not_found'], url)
  }
  t.equal((await send('GET', `/v1/connections/${id.toUpperCase()}`, { headers })).status, 200, 'letter case is none')
  for (const url of ['/v1/connections/%', '/v1/%E0%A4%A']) {
    const answer = await send('GET', url, { headers })
    t.match([answer.status, answer.body.code], [400, 'invalid_request'], url)
  }
})

t.test('given HEAD, when it is sent, then the headers of GET and no body', async (t) => {
  const [head, got] = [
    await send('HEAD', `${c}/settings`, { headers }),
    await send('GET', `${c}/settings`, { headers }),
  ]
  t.equal(head.status, 200)
  t.same([head.headers.etag, head.headers['content-length']], [got.headers.etag, got.headers['content-length']])
  t.equal((await send('HEAD', '/v1/nothing', { headers })).status, 404)
  t.equal((await send('HEAD', c)).status, 401)
  t.equal((await send('HEAD', '/health/live')).status, 200)
})

t.test('given answers of every kind, when their headers are read, then they guard and can be traced', async (t) => {
  const own = await send('GET', c, { headers: { ...headers, 'x-request-id': 'trace-me.0001' } })
  t.equal(own.headers['x-request-id'], 'trace-me.0001')
  const line = logLines.map((text) => JSON.parse(text)).find(({ requestId }) => requestId === 'trace-me.0001')
  t.match(line, { method: 'GET', status: 200, operation: 'getConnection', companyId: 'acme', keyId: 'bootstrap' })
  for (const forged of ['short', 'with space in it', 'x'.repeat(65), 'a"b\\c-0000']) {
    const answer = await send('GET', c, { headers: { ...headers, 'x-request-id': forged } })
    t.not(answer.headers['x-request-id'], forged)
  }
  for (const url of [c, '/v1/nothing', `${c}/settings`]) {
    const answer = await send('GET', url, { headers })
    t.match(
      answer.headers,
      { 'x-content-type-options': 'nosniff', 'content-security-policy': /default-src 'none'/ },
      url,
    )
    t.equal(answer.headers['x-powered-by'], undefined)
    t.equal(answer.headers['access-control-allow-origin'], undefined)
  }
  const gone = await send('GET', '/v1/connections/7', { headers: json })
  t.equal(gone.headers['cache-control'], 'no-store')
})

t.test(
  'given bytes that are not HTTP, when they come over a socket, then a problem, and the service lives',
  async (t) => {
    const address = new URL(await house.app.listen({ port: 0, host: '127.0.0.1' }))
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connectSocket(Number(address.port), '127.0.0.1', () => socket.write('THIS IS NOT HTTP\r\n\r\n'))
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    t.match(answer, /^HTTP\/1\.1 400 /)
    t.match(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''), { status: 400, code: 'invalid_request' })
    t.equal((await fetch(new URL('/health/ready', address))).status, 200)
  },
)

t.test('given answers that openapi.yaml does not know, when they are checked, then each is found out', async (t) => {
  const good = await send('GET', c, { headers })
  const said = (more: object, status = 200, method = 'GET', url = c, type = 'application/json') =>
    contractFaults(method, url, {
      status,
      headers: { ...good.headers, 'content-type': type },
      text: JSON.stringify({ ...good.body, ...more }),
    })
  t.same(said({}), [])
  t.match(said({ secret: 'x' }), [/secret/])
  t.match(said({ status: 'lost' }), [/status/])
  t.match(said({}, 201), [/does not document the status 201/])
  t.match(said({}, 200, 'GET', c, 'text/csv'), [/text\/csv/])
  t.match(said({}, 400), [/sent as/])
  t.match(said({}, 200, 'PATCH'), [/not documented/])
  const withHeaders = (more: object) =>
    contractFaults('GET', c, { status: 200, headers: { ...good.headers, ...more }, text: good.text })
  t.match(withHeaders({ 'cache-control': undefined }), [/cache-control is documented and not sent/])
  t.match(withHeaders({ 'x-powered-by': 'us' }), [/x-powered-by is not documented/])
  const answered = await send('GET', '/v1/connections/7', { headers })
  const problem = answered.body
  const asProblem = (more: object, status = 404) =>
    contractFaults('GET', c, {
      status,
      headers: answered.headers,
      text: JSON.stringify({ ...problem, ...more }),
    })
  t.same(asProblem({}), [])
  t.match(asProblem({ code: 'queue_item_locked' }), [/queue_item_locked is not documented/])
  t.match(asProblem({ status: 400 }), [/status 400/])
  t.match(asProblem({ requestId: 'other' }), [/differ/])
  t.match(asProblem({ stack: 'at …' }), [/stack/])
  const failed = (actions?: object[]) => {
    const error = { ...syncError('internal'), ...(actions && { actions }) }
    const job = { id: c.split('/').at(-1), connectionId: c.split('/').at(-1), error }
    return contractFaults('GET', `${c}/sync-jobs`, {
      status: 200,
      headers: good.headers,
      text: JSON.stringify({ items: [job], nextCursor: null }),
    }).filter((fault) => /actions|go on/.test(fault))
  }
  t.match(failed(), [/actions/, /has no actions/])
  t.match(failed([{ method: 'PATCH', path: `${c}/sync-jobs` }]), [/there is no PATCH/])
  t.strictSame(failed([{ method: 'POST', path: `${c}/sync-jobs` }]), [])
})
