// The life of a connection, as a product's backend and a browser live it.
import t from 'tap'
import { kiwi, somerset } from '../../src/simulator/index.ts'
import { locationOf, openBrowser } from '../support/browser.ts'
import { openWorld, testConfig } from '../support/house.ts'

const returnUrl = 'http://localhost:4100/connected'

t.test('given a link, when the person consents and the product confirms, then the connection is active', async (t) => {
  const world = await openWorld(t)
  const { api, simulator } = world
  simulator.control.consent({ mode: 'automatic', organisations: [somerset] })
  const created = await api('POST', '/v1/connections', {
    returnUrl: `${returnUrl}?tab=accounting&code=mine&error=planted`,
  })
  t.equal(created.status, 201)
  const { id, authorizationUrl } = created.body
  t.equal(created.headers.location, `/v1/connections/${id}`)
  t.match(created.body, { status: 'pending_consent', companyId: 'acme', organisation: null, scopes: [] })
  t.equal(created.body.authorizationExpiresAt, '2026-11-25T02:10:00.000Z')
  const browser = openBrowser(world)
  const page = await browser.open(authorizationUrl)
  const { scopes } = testConfig(simulator).xero
  t.equal(page.searchParams.get('scope'), scopes.join(' '), 'the configured scopes are asked for')
  t.equal(page.searchParams.get('code_challenge_method'), 'S256')
  t.match(page.searchParams.get('code_challenge'), /^[\w-]{43}$/)
  const answer = await browser.follow(await browser.consent(page))
  t.match(answer.headers, { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  const end = locationOf(answer)
  t.equal(end.origin + end.pathname, returnUrl)
  t.same([...end.searchParams.keys()].sort(), ['code', 'connectionId', 'tab'], "the product's own query stays")
  t.not(end.searchParams.get('code'), 'mine')
  t.equal(end.searchParams.get('connectionId'), id)

  t.equal((await api('GET', `/v1/connections/${id}`)).body.status, 'pending_consent')
  const early = await api('POST', `/v1/connections/${id}/sync-jobs`, {})
  t.match(
    [early.status, early.body.code, early.body.connectionStatus],
    [409, 'connection_not_active', 'pending_consent'],
  )

  const code = end.searchParams.get('code')
  const confirmed = await api('POST', `/v1/connections/${id}/confirm`, { completionCode: code })
  t.equal(confirmed.status, 200)
  t.match(confirmed.body, { id, status: 'active', organisation: { name: somerset }, reason: null, nextRunAt: null })
  t.same(confirmed.body.scopes.toSorted(), scopes.toSorted())
  t.same((await api('GET', `/v1/connections/${id}`)).body, confirmed.body)
  t.same((await api('GET', `/v1/connections/${id}/sync-jobs`)).body.items, [], 'no job starts by itself')
  const [exchange, ...others] = simulator.control.journal({ area: 'identity', path: '/connect/token' })
  t.match(exchange, { body: { grant_type: 'authorization_code' }, status: 200 })
  t.same(others, [])
})

t.test('given two granted organisations, when the product selects one, then that one is connected', async (t) => {
  const { api, simulator, browse } = await openWorld(t)
  simulator.control.consent({ mode: 'automatic', organisations: [somerset, kiwi] })
  const { id, authorizationUrl } = (await api('POST', '/v1/connections', {})).body
  const c = `/v1/connections/${id}`
  t.same((await api('GET', `${c}/organisations`)).body.items, [], 'nothing is granted yet')
  const code = (await browse(authorizationUrl)).searchParams.get('code')
  const confirmed = await api('POST', `${c}/confirm`, { completionCode: code })
  t.match(confirmed.body, { status: 'select_organisation', organisation: null })
  t.equal((await api('POST', `${c}/sync-jobs`, {})).body.code, 'connection_not_active')
  t.match((await api('GET', `${c}/health`)).body, { healthy: false, reasons: [{ code: 'select_organisation' }] })
  const { items } = (await api('GET', `${c}/organisations`)).body
  t.same(items.map(({ name }: { name: string }) => name).sort(), [kiwi, somerset])
  const foreign = await api('POST', `${c}/select-organisation`, { organisationId: 'not-granted' })
  t.match([foreign.status, foreign.body.errors?.[0]?.pointer], [422, '/organisationId'])
  const chosen = items.find(({ name }: { name: string }) => name === kiwi)
  const selected = await api('POST', `${c}/select-organisation`, { organisationId: chosen.id })
  t.match(selected.body, { status: 'active', organisation: { id: chosen.id, name: kiwi } })
  const again = await api('POST', `${c}/select-organisation`, { organisationId: chosen.id })
  t.equal(again.body.code, 'invalid_state_transition')
  const refreshed = await api('POST', `${c}/organisation/refresh`)
  t.match(refreshed.body, { name: kiwi, countryCode: 'NZ' }, 'calls go to the selected organisation')
})

t.test('given no return URLs, when the consent ends, then a page of the service shows the code', async (t) => {
  const world = await openWorld(t, { environment: { RETURN_URLS: '' } })
  const { api, simulator } = world
  simulator.control.consent({ mode: 'automatic', organisations: [somerset] })
  const { id, authorizationUrl } = (await api('POST', '/v1/connections', {})).body
  const browser = openBrowser(world)
  const end = locationOf(await browser.follow(await browser.toCallback(authorizationUrl)))
  t.equal(end.origin + end.pathname, 'http://localhost:3999/connect/done')
  const page = await browser.follow(end)
  t.equal(page.status, 200)
  const code = end.searchParams.get('code') ?? ''
  t.match(page.text, code)
  t.match(page.text, id)
  t.equal((await api('POST', `/v1/connections/${id}/confirm`, { completionCode: code })).body.status, 'active')
  const refused = await api('POST', '/v1/connections', { returnUrl: 'https://app.example.com/' })
  t.equal(refused.body.code, 'validation_failed', 'an empty list allows none')
})

t.test('given an allow list, when another return URL is asked for, then it is refused', async (t) => {
  const { api, connect } = await openWorld(t)
  const active = await connect()
  const lookalikes = [
    'https://evil.example.com/connected',
    '//evil.example.com/connected',
    '\\\\evil.example.com',
    'http://localhost:4100\\@evil.example.com/connected',
    'http://localhost:4100@evil.example.com/connected',
    'http://user:pass@localhost:4100/connected',
    'http://localhost:4101/connected',
    'https://localhost:4100/connected',
    'http://localhost:4100/connected/../other',
    'http://localhost:4100/connected/',
    'http://localhost:4100/connected#x',
    'http://LOCALHOST:4100/connected.evil',
    'http://lоcalhost:4100/connected',
    'javascript:alert(1)',
    '',
  ]
  for (const wanted of lookalikes) {
    for (const url of ['/v1/connections', `/v1/connections/${active}/reconnect`]) {
      const { status, body } = await api('POST', url, { returnUrl: wanted })
      t.match([status, body.errors?.[0]?.pointer], [422, '/returnUrl'], `${wanted} at ${url}`)
    }
  }
  t.equal((await api('GET', '/v1/connections')).body.items.length, 1, 'no connection was made')
  t.equal((await api('POST', '/v1/connections', { returnUrl })).status, 201)
})

t.test('given connections in several statuses, when they are listed, then by status and newest first', async (t) => {
  const { api, connect } = await openWorld(t)
  const active = await connect()
  const pending: string[] = []
  for (let n = 0; n < 3; n++) pending.unshift((await api('POST', '/v1/connections', {})).body.id)
  const idsOf = async (query: string) =>
    (await api('GET', `/v1/connections?${query}`)).body.items.map(({ id }: { id: string }) => id)
  t.same(await idsOf(''), [...pending, active])
  t.same(await idsOf('status=active'), [active])
  t.same(await idsOf('status=pending_consent'), pending)
  t.same(await idsOf('status=disconnected'), [])
  const first = await api('GET', '/v1/connections?limit=3')
  t.equal(first.headers.link, `</v1/connections?limit=3&cursor=${first.body.nextCursor}>; rel="next"`)
  const second = await api('GET', `/v1/connections?limit=3&cursor=${first.body.nextCursor}`)
  t.same(second.body, { items: [(await api('GET', `/v1/connections/${active}`)).body], nextCursor: null })
  t.equal(second.headers.link, undefined)
})
