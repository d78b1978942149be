// Tokens: one refresh an expiry, whoever asks; a lost answer costs nothing; a person is asked only when Xero really refused.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant } from '../support/tenant.ts'

const minute = 60_000
const hour = 60 * minute

const refreshes = (world: World) =>
  world.simulator.control
    .journal({ area: 'identity', path: '/connect/token' })
    .filter((entry) => (entry.body as { grant_type?: string } | undefined)?.grant_type === 'refresh_token')

t.test('tokens', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  t.beforeEach(() => control.clearJournal())
  t.afterEach(() => control.clearFaults())

  t.test('given an expired access token, when a job runs, then it is refreshed once', async (t) => {
    const tenant = await openTenant(world, 'expired')
    clock.advance(hour)
    await tenant.put('customers', customer('c1'))
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(refreshes(world).length, 1)
    t.notOk(
      tenant.calls().some((entry) => entry.status === 401),
      'it was not tried with the old one',
    )
    tenant.checkXero(t)
  })

  t.test(
    'given a token that Xero ended early, when a job writes, then it is refreshed once and the call made again',
    async (t) => {
      const tenant = await openTenant(world, 'early')
      await tenant.put('customers', customer('c1'))
      control.invalidateAccessTokens()
      t.equal((await tenant.sync()).status, 'completed')
      t.equal(refreshes(world).length, 1)
      t.equal(tenant.calls().filter((entry) => entry.status === 401).length, 1)
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given many calls at once in two processes, when the token has expired, then one token call is made',
    async (t) => {
      const second = await openSecondHouse(t, world)
      const tenant = await openTenant(world, 'crowd')
      clock.advance(hour)
      control.faults({ kind: 'slow', path: '/connect/token', delayMs: 300 })
      const asked = Array.from({ length: 8 }, (_, n) =>
        n % 2 === 0
          ? tenant.api('POST', 'accounts/refresh').then((answer) => answer.status)
          : second.services.reference.refresh(tenant.company, tenant.connectionId, 'accounts').then(() => 200),
      )
      t.strictSame(new Set(await Promise.all(asked)), new Set([200]))
      t.equal(refreshes(world).length, 1)
      tenant.checkXero(t)
    },
  )

  t.test('given a refresh whose answer was lost, when it is repeated, then the old token still works', async (t) => {
    const tenant = await openTenant(world, 'grace')
    clock.advance(hour)
    control.faults({ kind: 'lost_response', path: '/connect/token', times: 5 })
    await tenant.put('customers', customer('c1'))
    const job = await tenant.startJob()
    while (await world.house.turn());
    t.equal((await tenant.job(job)).status, 'waiting')
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    t.equal((await tenant.api('GET', '')).body.status, 'active')
    clock.advance(hour)
    t.equal((await tenant.sync()).status, 'completed', 'and the new one was kept')
    tenant.checkXero(t)
  })

  t.test(
    'given a consent that was revoked, when a job runs, then the connection says so and the queue stays',
    async (t) => {
      const tenant = await openTenant(world, 'revoked')
      await tenant.put('customers', customer('c1'))
      control.revokeUser('revoked@example.com')
      clock.advance(hour)
      const job = await tenant.sync()
      t.match(job, { status: 'failed', error: { code: 'consent_expired' } })
      t.equal((await tenant.api('GET', '')).body.status, 'needs_reconnect')
      t.match(await tenant.queue(), [{ recordId: 'c1', status: 'pending', attempts: 0 }])
      t.equal((await tenant.state('customers', 'c1')).state, 'pending')
      t.equal((await tenant.api('POST', 'sync-jobs', {})).status, 409)
      t.equal((await tenant.api('PUT', 'customers/c2', customer('c2'))).status, 201, 'records are still taken')
      const calls = refreshes(world).length
      await world.work()
      t.equal(refreshes(world).length, calls, 'nobody tries on')
      await tenant.reconnect()
      t.equal((await tenant.sync()).status, 'completed')
      t.equal(tenant.xero('Contacts').length, 2)
      tenant.checkXero(t)
    },
  )

  t.test('given an app that was removed in Xero, when a job runs, then a person has to reconnect', async (t) => {
    const tenant = await openTenant(world, 'removed')
    await tenant.put('customers', customer('c1'))
    control.disconnect(tenant.organisation)
    const job = await tenant.sync()
    t.match(job, { status: 'failed', error: { code: 'disconnected' } })
    t.match((await tenant.api('GET', '')).body, { status: 'needs_reconnect' })
    const health = (await tenant.api('GET', 'health')).body
    t.equal(health.healthy, false)
    t.match(await tenant.queue(), [{ recordId: 'c1', status: 'pending' }])
    await tenant.reconnect()
    t.equal((await tenant.sync()).status, 'completed')
    tenant.checkXero(t)
  })

  t.test('given two connections of one consent, when the token expires, then one refresh serves both', async (t) => {
    const first = await openTenant(world, 'shared-1', { user: 'shared@example.com' })
    const second = await openTenant(world, 'shared-2', { user: 'shared@example.com', company: first.company })
    clock.advance(hour)
    control.clearJournal()
    await first.put('customers', customer('c1'))
    await second.put('customers', customer('c2'))
    await first.startJob()
    await second.startJob()
    await world.work()
    t.equal(refreshes(world).length, 1)
    t.equal(first.xero('Contacts')[0].Name, 'Customer c1')
    t.equal(second.xero('Contacts')[0].Name, 'Customer c2', 'each call names its own organisation')
    first.checkXero(t)
    second.checkXero(t)
  })
})
