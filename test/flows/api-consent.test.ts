// What may go wrong between the link and the confirmation: nobody else's consent lands in a company, and no consent is
// used twice.
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { somerset } from '../../src/simulator/index.ts'
import { locationOf, openBrowser } from '../support/browser.ts'
import { bootstrapKey, openWorld, testConfig } from '../support/house.ts'

const world = await openWorld(t)
const { api, send, simulator, clock, database, browse } = world
simulator.control.consent({ mode: 'automatic', organisations: [somerset] })

const invite = async () => (await api('POST', '/v1/connections', {})).body as { id: string; authorizationUrl: string }
const exchanges = () => simulator.control.journal({ area: 'identity', path: '/connect/token' }).length
const tokenSets = async () => (await database.db.selectFrom('token_sets').selectAll().execute()).length
const statusOf = async (id: string) => (await api('GET', `/v1/connections/${id}`)).body.status
const confirm = (id: string, completionCode: string | null, headers = {}) =>
  api('POST', `/v1/connections/${id}/confirm`, { completionCode }, headers)
const isRefused = (answer: { status: number; body: unknown }) =>
  answer.status === 422 && (answer.body as { code?: string }).code === 'connect_session_invalid'

t.test(
  'given a person who cancels, when the browser returns, then with an error and without a connection',
  async (t) => {
    const { id, authorizationUrl } = await invite()
    const browser = openBrowser(world)
    simulator.control.consent({ mode: 'automatic', cancel: true })
    const callback = await browser.toCallback(authorizationUrl)
    simulator.control.consent({ mode: 'automatic', organisations: [somerset] })
    const end = locationOf(await browser.follow(callback))
    t.same(Object.fromEntries(end.searchParams), { connectionId: id, error: 'access_denied' })
    t.equal(exchanges(), 0)
    t.equal(await tokenSets(), 0, 'no token was stored')
    t.equal(await statusOf(id), 'pending_consent')
    t.ok(isRefused(await browser.follow(authorizationUrl)), 'the link is used up')
  },
)

t.test(
  'given a link that was opened, when it is opened again, then it is refused and the first one goes on',
  async (t) => {
    const { id, authorizationUrl } = await invite()
    const [first, second] = [openBrowser(world), openBrowser(world)]
    const callback = await first.toCallback(authorizationUrl)
    const before = exchanges()
    t.ok(isRefused(await second.follow(authorizationUrl)), 'by another browser')
    t.ok(isRefused(await first.follow(authorizationUrl)), 'and by the same')
    t.ok(isRefused(await second.follow(callback)), 'the state is of the first one')
    t.equal(exchanges(), before)
    const returned = await first.follow(callback)
    t.ok(locationOf(returned).searchParams.get('code'))
    t.ok(isRefused(await first.follow(callback)), 'the state was used')
    t.equal(exchanges(), before + 1)
    t.equal(await statusOf(id), 'pending_consent')
  },
)

t.test('given two browsers, when both open the link at once, then one of them goes to Xero', async (t) => {
  const { authorizationUrl } = await invite()
  const opened = await Promise.all([1, 2, 3].map(() => openBrowser(world).follow(authorizationUrl)))
  t.same(opened.map(({ status }) => status).sort(), [302, 422, 422])
})

t.test('given a link that was fetched by no person, when a person opens it, then it is still good', async (t) => {
  const { authorizationUrl } = await invite()
  const path = new URL(authorizationUrl).pathname
  for (const headers of [{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }] as Record<
    string,
    string
  >[]) {
    t.ok(isRefused(await send('GET', path, { headers })), JSON.stringify(headers))
  }
  t.not((await send('HEAD', path)).status, 302)
  t.equal((await send('GET', path)).status, 302)
})

t.test('given the cookies of the browser kept, when its state comes again, then nothing is exchanged', async (t) => {
  const { authorizationUrl } = await invite()
  const path = new URL(authorizationUrl).pathname
  const started = await send('GET', path)
  const cookie = [started.headers['set-cookie'] ?? []].flat().map((line) => String(line).split(';')[0])
  const callback = await openBrowser(world).consent(new URL(String(started.headers.location)))
  const before = exchanges()
  const headers = { cookie: cookie.join('; ') }
  const url = callback.pathname + callback.search
  t.equal((await send('GET', url, { headers })).status, 302)
  t.ok(isRefused(await send('GET', url, { headers })))
  t.equal(exchanges(), before + 1)
})

t.test('given two processes, when the callback reaches both at once, then the code is exchanged once', async (t) => {
  const log = createLogger({ level: 'silent' })
  const shared = { ...database, close: async () => {} }
  const house = await openHouse({ config: testConfig(simulator), log, clock, database: shared })
  t.teardown(() => house.close())
  const { id, authorizationUrl } = await invite()
  const started = await send('GET', new URL(authorizationUrl).pathname)
  const cookie = [started.headers['set-cookie'] ?? []].flat().map((line) => String(line).split(';')[0])
  const callback = await openBrowser(world).consent(new URL(String(started.headers.location)))
  const before = exchanges()
  const sending = { headers: { cookie: cookie.join('; ') } }
  const url = callback.pathname + callback.search
  const answers = await Promise.all([send('GET', url, sending), send('GET', url, { ...sending, house })])
  t.same(answers.map(({ status }) => status).sort(), [302, 422])
  t.equal(exchanges(), before + 1)
  const sent = answers.find(({ status }) => status === 302)
  const code = sent && locationOf(sent).searchParams.get('code')
  const confirmations = await Promise.all(
    [undefined, house].map((asked) =>
      send('POST', `/v1/connections/${id}/confirm`, {
        headers: {
          authorization: `Bearer ${bootstrapKey}`,
          'x-company-id': 'acme',
          'content-type': 'application/json',
        },
        payload: JSON.stringify({ completionCode: code }),
        house: asked,
      }),
    ),
  )
  t.same(confirmations.map(({ status }) => status).sort(), [200, 422], 'and confirmed once')
  t.equal((await api('DELETE', `/v1/connections/${id}`)).status, 200)
})

t.test(
  'given another browser or none, when it brings the state, then it is refused and the consent stays',
  async (t) => {
    const [mine, foreign] = [await invite(), await invite()]
    const browser = openBrowser(world)
    const stranger = openBrowser(world)
    await stranger.open(foreign.authorizationUrl)
    const callback = await browser.toCallback(mine.authorizationUrl)
    const before = exchanges()
    t.ok(isRefused(await stranger.follow(callback)), 'with the cookies of another consent')
    t.ok(isRefused(await openBrowser(world).follow(callback)), 'without cookies')
    const forged = new URL(callback)
    forged.searchParams.set('state', 'forged')
    t.ok(isRefused(await browser.follow(forged)), 'with a state that was never given out')
    forged.searchParams.delete('state')
    t.ok(isRefused(await browser.follow(forged)), 'without a state')
    const page = await openBrowser(world).follow(callback, { accept: 'text/html' })
    t.match(page.headers['content-type'], 'text/html')
    t.equal(exchanges(), before)
    const returned = await browser.follow(callback)
    t.ok(locationOf(returned).searchParams.get('code'), 'the rightful browser goes on')
  },
)

t.test('given a link eleven minutes old, when it is opened or returned from, then it has expired', async (t) => {
  const { id, authorizationUrl } = await invite()
  const browser = openBrowser(world)
  const callback = await browser.toCallback(authorizationUrl)
  const before = exchanges()
  clock.advance(11 * 60_000)
  t.ok(isRefused(await browser.follow(callback)))
  t.ok(isRefused(await openBrowser(world).follow(authorizationUrl)))
  t.ok(isRefused(await openBrowser(world).follow(`${authorizationUrl}x`)), 'an unknown link answers alike')
  t.equal(exchanges(), before)
  t.equal(await statusOf(id), 'pending_consent')
})

t.test('given a consent, when anything but the right code and key confirm it, then it stays unconfirmed', async (t) => {
  const { id, authorizationUrl } = await invite()
  const other = await invite()
  const code = (await browse(authorizationUrl)).searchParams.get('code')
  const wrong = await confirm(id, 'wrong-code')
  t.match([wrong.status, wrong.body.code], [422, 'completion_code_invalid'])
  t.equal((await confirm(other.id, code)).body.code, 'completion_code_invalid', 'a code is of one connection')
  const foreign = await confirm(id, code, { 'x-company-id': 'globex' })
  t.match([foreign.status, foreign.body.code], [404, 'not_found'])
  t.equal((await send('POST', `/v1/connections/${id}/confirm`)).status, 401)
  const empty = await confirm(id, '')
  t.match([empty.status, empty.body.errors?.[0]?.pointer], [422, '/completionCode'])
  t.equal(await statusOf(id), 'pending_consent')
  t.equal((await confirm(id, code)).body.status, 'active')
  t.equal((await confirm(id, code)).body.code, 'completion_code_invalid', 'a code works once')
  t.equal(await statusOf(id), 'active')

  const reconnected = (await api('POST', `/v1/connections/${id}/reconnect`, {})).body
  const late = (await browse(reconnected.authorizationUrl)).searchParams.get('code')
  clock.advance(11 * 60_000)
  t.equal((await confirm(id, late)).body.code, 'completion_code_invalid', 'and not for long')
})

t.test(
  'given an exchange that Xero refuses, when the browser returns, then with an error, and it is not retried',
  async (t) => {
    const { id, authorizationUrl } = await invite()
    const browser = openBrowser(world)
    const callback = await browser.toCallback(authorizationUrl)
    callback.searchParams.set('code', 'not-a-code-of-xero')
    const before = exchanges()
    const end = locationOf(await browser.follow(callback))
    t.same(Object.fromEntries(end.searchParams), { connectionId: id, error: 'exchange_failed' })
    t.equal(exchanges(), before + 1)
  },
)

t.test('given scopes in the configuration, when a person is sent to Xero, then these are asked for', async (t) => {
  const scopes = 'offline_access accounting.settings accounting.contacts accounting.invoices'
  const narrow = await openWorld(t, { environment: { XERO_SCOPES: scopes } })
  const created = await narrow.api('POST', '/v1/connections', {})
  const page = await openBrowser(narrow).open(created.body.authorizationUrl)
  t.equal(page.searchParams.get('scope'), scopes)
})

t.test('given two tabs of one browser, when both consent, then each ends its own connection', async (t) => {
  const jar = new Map<string, string>()
  const keep = (header: string | string[] | undefined) => {
    for (const line of [header ?? []].flat()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      jar.set(name, value)
    }
  }
  const visit = async (address: string) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const { pathname, search } = new URL(address)
    const answer = await world.house.app.inject({ method: 'GET', url: `${pathname}${search}`, headers: { cookie } })
    keep(answer.headers['set-cookie'])
    return String(answer.headers.location)
  }
  simulator.control.consent({ mode: 'automatic', organisations: ['Kiwi Komponents Ltd'] })
  const tabs = [await api('POST', '/v1/connections', {}), await api('POST', '/v1/connections', {})]
  const pages: string[] = []
  for (const { body } of tabs) pages.push(await visit(body.authorizationUrl))
  const ends: string[] = []
  for (const page of pages) {
    const back = (await fetch(page, { redirect: 'manual' })).headers.get('location') ?? ''
    ends.push(await visit(back))
  }
  for (const [place, end] of ends.entries()) {
    const query = new URL(end, 'http://localhost').searchParams
    t.equal(query.get('connectionId'), tabs[place]?.body.id)
    t.match(query.get('code'), /^[\w-]{43}$/)
  }
  t.strictSame([...jar.values()].filter(Boolean), [], 'no cookie of either is left')
})
