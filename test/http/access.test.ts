// Closed by default, and scoped by company.
import t from 'tap'
import type { Connection } from '../../src/domain/connection.ts'
import { problem } from '../../src/domain/errors.ts'
import { apiKey, bootstrapKey, buildTestApp, connectionId } from './support/build.ts'

const open = new Set([
  '/health/live',
  '/health/ready',
  '/connect/:sessionToken',
  '/connect/callback',
  '/connect/done',
  '/openapi.json',
  '/',
  '/favicon.ico',
  '/openapi.yaml',
])

t.test('given no key, when any route is asked that does not say it is public, then the answer is 401', async (t) => {
  const app = await buildTestApp()
  t.teardown(() => app.close())
  const routes = [...app.knownRoutes].flatMap(([url, { methods }]) => [...methods].map((method) => ({ method, url })))
  const closed = routes.filter(({ url }) => !open.has(url) && !url.startsWith('/docs'))
  t.ok(closed.length > 80, `${closed.length} routes`)
  t.ok(closed.every(({ url }) => url.startsWith('/v1/')))
  for (const { method, url } of closed) {
    const path = url.replaceAll(/:[A-Za-z]+Id/g, connectionId)
    const answer = await app.inject({ method: method as 'GET', url: path })
    t.equal(answer.statusCode, 401, `${method} ${url}`)
    t.equal(answer.headers['www-authenticate'], 'Bearer realm="accounting-sync"')
    if (method !== 'HEAD') t.equal(answer.json().code, 'unauthorized')
  }
})

interface Asked {
  readonly companyId: string | null
}
const asked: Asked[] = []
const app = await buildTestApp({
  connections: {
    list: async (companyId) => {
      asked.push({ companyId })
      return { items: [], next: null }
    },
    get: async (companyId, id): Promise<Connection> => {
      asked.push({ companyId })
      throw problem('not_found', `There is no connection ${id}.`)
    },
    create: async (companyId) => {
      asked.push({ companyId })
      throw problem('invalid_state_transition', 'Enough for this test.')
    },
  },
})
t.teardown(() => app.close())

const cases = [
  { who: apiKey, company: undefined, method: 'GET', url: '/v1/connections', acts: 'acme' },
  { who: apiKey, company: 'other', method: 'GET', url: '/v1/connections', acts: 'acme' },
  { who: apiKey, company: 'other', method: 'GET', url: `/v1/connections/${connectionId}`, acts: 'acme' },
  { who: bootstrapKey, company: undefined, method: 'GET', url: '/v1/connections', acts: null },
  { who: bootstrapKey, company: 'acme', method: 'GET', url: '/v1/connections', acts: 'acme' },
  { who: bootstrapKey, company: 'acme', method: 'POST', url: '/v1/connections', acts: 'acme' },
  { who: bootstrapKey, company: 'acme', method: 'GET', url: `/v1/connections/${connectionId}`, acts: 'acme' },
] as const

for (const { who, company, method, url, acts } of cases) {
  const key = who === apiKey ? "a company's key" : 'the bootstrap key'
  t.test(`given ${key} and X-Company-Id ${company}, when ${method} ${url}, then it acts for ${acts}`, async (t) => {
    asked.length = 0
    const headers = { authorization: `Bearer ${who}`, ...(company && { 'x-company-id': company }) }
    await app.inject({ method, url, headers })
    t.same(asked, [{ companyId: acts }])
  })
}

t.test('given an X-Company-Id that is none, when the bootstrap key sends it, then it is refused', async (t) => {
  const headers = { authorization: `Bearer ${bootstrapKey}`, 'x-company-id': "a' or 1=1" }
  const answer = await app.inject({ url: '/v1/connections', headers })
  t.equal(answer.statusCode, 400)
  t.equal(answer.json().errors[0].pointer, 'X-Company-Id')
})

for (const { method, url } of [
  { method: 'POST', url: '/v1/connections' },
  { method: 'GET', url: `/v1/connections/${connectionId}` },
  { method: 'POST', url: `/v1/connections/${connectionId}/confirm` },
] as const) {
  t.test(`given the bootstrap key without a company, when ${method} ${url}, then it is refused`, async (t) => {
    asked.length = 0
    const headers = { authorization: `Bearer ${bootstrapKey}` }
    const answer = await app.inject({ method, url, headers })
    t.equal(answer.statusCode, 400)
    t.match(answer.json(), { code: 'invalid_request', errors: [{ pointer: 'X-Company-Id' }] })
    t.same(asked, [], 'nobody is asked')
  })
}
