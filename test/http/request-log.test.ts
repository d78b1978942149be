// One line a request, aborted ones too, and no secret in any line.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { createLogger } from '../../src/observability/logger.ts'
import { apiKey, buildTestApp, connectionId } from './support/build.ts'

const collector = () => {
  const lines: string[] = []
  const logger = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  return { lines, logger, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

t.test('given a request, when it was answered, then one line says what and how long', async (t) => {
  const { logger, parsed } = collector()
  const app = await buildTestApp({ connections: { list: async () => ({ items: [], next: null }) } }, { logger })
  t.teardown(() => app.close())
  await app.inject({
    url: '/v1/connections?limit=5',
    headers: { authorization: `Bearer ${apiKey}`, 'x-request-id': 'request-0001' },
  })
  t.equal(parsed().length, 1)
  t.match(parsed()[0], {
    level: 'info',
    method: 'GET',
    route: '/v1/connections',
    status: 200,
    requestId: 'request-0001',
    companyId: 'acme',
    keyId: 'key-1',
    operation: 'listConnections',
  })
})

t.test('given a flood, when it is refused, then one line tells of it, with its address', async (t) => {
  const { logger, parsed } = collector()
  const app = await buildTestApp({}, { logger, rateLimit: { max: 2, window: 60_000 } })
  t.teardown(() => app.close())
  for (let n = 0; n < 50; n++) await app.inject({ url: '/v1/connections' })
  t.same(
    parsed().map(({ status, clientAddress }) => [status, clientAddress]),
    [401, 401, 429].map((status) => [status, '127.0.0.1']),
  )
})

t.test('given a trusted proxy, when it forwards, then the address is the client’s, and of nobody else', async (t) => {
  const { logger, parsed } = collector()
  const app = await buildTestApp({}, { logger, trustProxy: ['10.0.0.0/8'] })
  t.teardown(() => app.close())
  const headers = { 'x-forwarded-for': '198.51.100.7' }
  await app.inject({ url: '/v1/connections', headers, remoteAddress: '10.1.2.3' })
  await app.inject({ url: '/v1/connections', headers, remoteAddress: '203.0.113.9' })
  t.same(
    parsed().map(({ clientAddress }) => clientAddress),
    ['198.51.100.7', '203.0.113.9'],
  )
})

t.test('given secrets in path, query, header and body, when requests fail, then no line holds one', async (t) => {
  const { lines, logger } = collector()
  const app = await buildTestApp({}, { logger })
  t.teardown(() => app.close())
  await app.inject({
    url: '/connect/callback?code=canary-code&state=canary-state',
    headers: { cookie: 'c=canary-cookie' },
  })
  await app.inject({ url: '/connect/canary-session-token' })
  await app.inject({
    method: 'POST',
    url: `/v1/connections/${connectionId}/confirm`,
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    payload: JSON.stringify({ completionCode: 'canary-completion' }),
  })
  t.ok(lines.length >= 3)
  t.notMatch(lines.join(''), /canary|xsk_/)
})

t.test('given a caller that goes away, when the answer is not there yet, then the line says so', async (t) => {
  const { logger, parsed } = collector()
  const arrived = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<{ items: []; next: null }>()
  const list = () => {
    arrived.resolve()
    return answer.promise
  }
  const app = await buildTestApp({ connections: { list } }, { logger })
  t.teardown(() => app.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`GET /v1/connections HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiKey}\r\n\r\n`)
  await arrived.promise
  socket.destroy()
  const requestLines = () => parsed().filter(({ route }) => route === '/v1/connections')
  while (requestLines().length === 0) await delay(10)
  answer.resolve({ items: [], next: null })
  await delay(50)
  t.equal(requestLines().length, 1)
  t.match(requestLines()[0], { msg: 'request aborted', status: 499 })
})

t.test('given secrets inside texts and errors, when they are logged, then they are blanked', async (t) => {
  const { lines, logger } = collector()
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'
  logger.info({ note: `Authorization: Bearer abc.def-ghi_123 and ${jwt}` }, 'key xsk_live_abc_DEF')
  logger.error({
    err: Object.assign(new Error(`refused ${jwt}`), { config: { headers: { authorization: 'canary' } } }),
  })
  logger.info(
    { token: { accessToken: 'canary', refresh_token: 'canary' }, secret: 'canary' },
    '?code=canary&state=canary',
  )
  logger.info({ req: { headers: { cookie: 'canary' } }, res: 'canary' })
  t.equal(lines.length, 4)
  t.notMatch(lines.join(''), /canary|eyJ|abc\.def|xsk_live/)
  for (const line of lines) t.doesNotThrow(() => JSON.parse(line))
})
