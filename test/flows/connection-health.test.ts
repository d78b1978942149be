// Health of a connection: whatever stops its work is told there, each with a remedy; and what hinders a call is told apart
// in every answer: the limits of Xero, the service's own credentials, and Xero being away.
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { bootstrapKey, openWorld, type World } from '../support/house.ts'
import { customer, item } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const hour = 3_600_000
const many = (count: number) => Array.from({ length: count }, (_, n) => customer(`c${n}`))
type Reason = { code: string; detail: string; action: string }

const reasons = async (tenant: Tenant): Promise<Reason[]> => (await tenant.api('GET', 'health')).body.reasons
const codes = async (tenant: Tenant): Promise<string[]> => (await reasons(tenant)).map(({ code }) => code)
const workNow = async (world: World): Promise<void> => {
  while (await world.house.turn());
}

t.test('health of a connection', async (t) => {
  const world = await openWorld(t, { environment: { XERO_MINUTE_LIMIT: '20' }, simulator: { minuteLimit: 20 } })
  const { clock } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** The service with other credentials than Xero knows. */
  const withWrongSecret = (t: Test) => openSecondHouse(t, world, { XERO_CLIENT_SECRET: 'not-the-secret' })

  t.test('given a connection that works, then it is healthy', async (t) => {
    const tenant = await openTenant(world, 'fine')
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    t.match((await tenant.api('GET', 'health')).body, { healthy: true, reasons: [] })
  })

  t.test('given wrong credentials of the service, then answers, health and the waiting job say so', async (t) => {
    const tenant = await openTenant(world, 'secret')
    const wrong = await withWrongSecret(t)
    clock.advance(hour)
    const ask = (path: string) =>
      world.send('POST', `/v1/connections/${tenant.connectionId}/${path}`, {
        house: wrong,
        headers: { authorization: `Bearer ${bootstrapKey}`, 'x-company-id': tenant.company },
      })
    const refused = await ask('accounts/refresh')
    t.match(refused, { status: 503, body: { code: 'application_credentials', action: /XERO_CLIENT_SECRET/ } })
    t.ok(Number(refused.headers['retry-after']) > 0)
    const seen = await reasons(tenant)
    t.match(seen, [{ code: 'application_credentials', action: /XERO_CLIENT_ID/ }])
    const gone = await world.send('DELETE', `/v1/connections/${tenant.connectionId}`, {
      house: wrong,
      headers: { authorization: `Bearer ${bootstrapKey}`, 'x-company-id': tenant.company },
    })
    t.match(gone, { status: 503, body: { code: 'application_credentials' } })

    await tenant.put('customers', customer('c1'))
    const id = await tenant.startJob()
    await wrong.turn()
    t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'application_credentials' })
    t.strictSame(await codes(tenant), ['application_credentials', 'job_waiting'])
    t.match(
      (await reasons(tenant)).find(({ code }) => code === 'job_waiting'),
      { detail: /credentials/, action: /XERO_CLIENT_SECRET/ },
    )

    await world.work()
    t.equal((await tenant.job(id)).status, 'completed', 'once they are right the job goes on by itself')
    t.strictSame(await codes(tenant), [])
    tenant.checkXero(t)
  })

  t.test('given wrong credentials of the service, when a person consents, then the return says so', async (t) => {
    const wrong = await withWrongSecret(t)
    const tenant = await openTenant(world, 'consent')
    const { body } = await tenant.api('POST', 'reconnect', {})
    control.consent({ mode: 'automatic', organisations: [tenant.organisation] })
    const link = new URL(body.authorizationUrl).pathname
    const started = await wrong.app.inject({ method: 'GET', url: link })
    const consent = await fetch(String(started.headers.location), { redirect: 'manual' })
    const back = new URL(String(consent.headers.get('location')))
    const cookie = [started.headers['set-cookie'] ?? []].flat().map((one) => one.split(';')[0])
    const ended = await wrong.app.inject({
      method: 'GET',
      url: `${back.pathname}${back.search}`,
      headers: { cookie: cookie.join('; ') },
    })
    t.equal(new URL(String(ended.headers.location)).searchParams.get('error'), 'application_credentials')
    t.strictSame(await codes(tenant), ['application_credentials'])
    await tenant.reconnect()
    t.strictSame(await codes(tenant), [], 'a consent that is exchanged shows that they are right')
  })

  t.test('given the limit of the minute, then health says which and until when, and answers say so', async (t) => {
    const tenant = await openTenant(world, 'minute')
    await tenant.put('customers', ...many(900))
    const id = await tenant.startJob()
    await workNow(world)
    const { waitingUntil } = await tenant.job(id)
    t.match(await reasons(tenant), [
      { code: 'job_waiting', detail: new RegExp(`${waitingUntil}.*throttled`), action: /by itself/ },
      { code: 'throttled', detail: /minute limit.*no calls before/ },
    ])
    const asked = await tenant.api('POST', 'accounts/refresh')
    t.match(asked, { status: 503, body: { code: 'xero_throttled', retryAt: /Z$/ } })
    await world.work()
    t.strictSame(await codes(tenant), [])
  })

  t.test("given Xero's word that the day is used up, then health says day, and until when", async (t) => {
    const tenant = await openTenant(world, 'day')
    const target = { method: 'GET', path: '/Accounts', tenantId: tenant.organisationId }
    control.faults({ kind: 'http_429', problem: 'day', retryAfter: 7200, ...target })
    t.match(await tenant.api('POST', 'accounts/refresh'), { status: 503, body: { code: 'xero_throttled' } })
    t.match(await reasons(tenant), [{ code: 'throttled', detail: /day limit/ }])
  })

  t.test('given Xero that is away, then answers say so, and neither limits nor credentials are blamed', async (t) => {
    const tenant = await openTenant(world, 'away')
    clock.advance(hour)
    control.faults({ kind: 'lost_request', path: '/connect/token', times: 3 })
    const asked = await tenant.api('POST', 'accounts/refresh')
    t.match(asked, { status: 502, body: { code: 'xero_unreachable' } })
    t.strictSame(await codes(tenant), [])
  })

  t.test('given a write whose answer was lost, then health counts it and says when it is found out', async (t) => {
    const tenant = await openTenant(world, 'uncertain')
    await tenant.put('customers', customer('c1'), customer('c2'))
    control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId })
    await tenant.startJob()
    await workNow(world)
    const [item] = await tenant.queue('uncertain')
    t.match((await tenant.api('GET', 'customers/c1/attempts')).body.items, [{ outcome: 'unknown', settledAt: null }])
    const uncertain = (await reasons(tenant)).find(({ code }) => code === 'uncertain_items')
    t.match(uncertain?.detail, /2 queue item/)
    t.match(uncertain?.detail, item.updatedAt)
    t.match(uncertain?.detail, item.nextStepAt)
    await world.work()
    t.strictSame(await codes(tenant), [])
    tenant.checkXero(t)
  })

  t.test('given an account of the settings that is archived in Xero, then health names it and its place', async (t) => {
    const tenant = await openTenant(world, 'account')
    await tenant.sync()
    t.strictSame(await codes(tenant), [])
    control.archiveAccount(tenant.organisation, '260')
    await tenant.api('POST', 'accounts/refresh')
    t.match(await reasons(tenant), [
      { code: 'accounts_unusable', detail: /\/invoices\/accounts\/shipping: .*260/, action: /PATCH …\/settings/ },
    ])
  })

  t.test('given accounts of items that are archived or not in Xero, then health names each with an item', async (t) => {
    const tenant = await openTenant(world, 'item-accounts')
    await tenant.put(
      'items',
      { ...item('a1'), incomeAccount: '270', expenseAccount: '300' },
      { ...item('a2'), incomeAccount: '270' },
      { ...item('a3'), incomeAccount: '200', expenseAccount: '98765' },
      { ...item('a4'), incomeAccount: '98766', active: false },
    )
    await tenant.api('POST', 'accounts/refresh')
    const told = async () => (await reasons(tenant)).find(({ code }) => code === 'item_accounts_unusable')
    t.match(await told(), { detail: /^Items name 1 .* no account 98765\. The first is expenseAccount of item a3\.$/ })
    control.archiveAccount(tenant.organisation, '270')
    await tenant.api('POST', 'accounts/refresh')
    t.match(await told(), {
      detail: /^Items name 2 .*270.*archived\. The first is incomeAccount of item a1\./,
      action: /PUT/,
    })
    await tenant.put('items', { ...item('a3'), incomeAccount: '200' }, item('a1'))
    await tenant.api('DELETE', 'items/a2')
    t.equal(await told(), undefined)
  })

  t.test('given a tracking category of the settings that is gone from Xero, then health says so', async (t) => {
    const tenant = await openTenant(world, 'tracking')
    await tenant.settings({ invoices: { trackingMap: { class: { categoryId: 'gone', options: {} } } } })
    t.strictSame(await codes(tenant), [], 'nobody knows yet')
    await tenant.api('POST', 'tracking-categories/refresh')
    t.match(await reasons(tenant), [{ code: 'settings_invalid', detail: /trackingMap/, action: /settings\/check/ }])
  })

  t.test('given a row that could not be understood, then health counts it until it reads well again', async (t) => {
    const tenant = await openTenant(world, 'odd-row')
    const answer = { rows: { add: [{ ItemID: '22222222-0000-4000-8000-000000000000', Code: '', Name: 'Odd' }] } }
    control.faults({
      kind: 'answer',
      method: 'GET',
      path: '/Items',
      tenantId: tenant.organisationId,
      times: 99,
      answer,
    })
    await tenant.sync('full')
    clock.advance(60_000)
    t.match(await reasons(tenant), [{ code: 'odd_rows', detail: /^1 row/, action: /GET …\/odd-rows/ }])
    control.clearFaults()
    clock.advance(60_000)
    await tenant.sync('full')
    clock.advance(60_000)
    t.strictSame(await codes(tenant), [])
  })

  t.test('given a deleted record that nothing removes from Xero, then health names it and what ends it', async (t) => {
    const tenant = await openTenant(world, 'lost-deletion')
    await tenant.put('customers', customer('c1'), customer('c2'), customer('kept'))
    await tenant.sync()
    await tenant.api('DELETE', 'customers/c1')
    t.strictSame(await codes(tenant), [], 'its deletion waits')
    await tenant.sync()
    await tenant.settings({ customers: { onDelete: 'keep' } })
    await tenant.api('DELETE', 'customers/kept')
    await tenant.sync()
    t.strictSame(await codes(tenant), [], 'one was removed, one is kept by the settings')
    await sql`UPDATE records SET deleted_at = now() WHERE connection_id = ${tenant.connectionId}::uuid AND id = 'c2'`.execute(
      world.database.db,
    )
    t.match(await reasons(tenant), [
      { code: 'deletions_not_queued', detail: /^1 deleted.*customer c2/, action: /DELETE …\/customers/ },
    ])
    await tenant.api('DELETE', 'customers/c2')
    t.strictSame(await codes(tenant), [])
    await tenant.sync()
    t.strictSame(await codes(tenant), [])
  })
})
