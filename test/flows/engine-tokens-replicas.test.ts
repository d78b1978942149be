// Tokens and many processes: one token call an expiry, none lost when a process ends at any point of a refresh, and nobody
// asked for a consent that Xero never ended.
import t from 'tap'
import type { House } from '../../src/house.ts'
import { openWorld, type World } from '../support/house.ts'
import { type FatalStatement, openMortalHouse } from '../support/mortal-house.ts'
import { customer } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const refreshes = (world: World) =>
  world.simulator.control
    .journal({ area: 'identity', path: '/connect/token' })
    .filter((entry) => (entry.body as { grant_type?: string } | undefined)?.grant_type === 'refresh_token')

const status = async (tenant: Tenant): Promise<string> => (await tenant.api('GET', '')).body.status

t.test('eight processes', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator
  const houses: House[] = [world.house]
  for (let n = 1; n < 8; n++) houses.push(await openSecondHouse(t, world))

  t.test(
    'given connections whose tokens end together, when all of them work, then each is refreshed once',
    async (t) => {
      const tenants: Tenant[] = []
      for (let n = 0; n < 6; n++) tenants.push(await openTenant(world, `together-${n}`))
      // Two more share the consent of one person.
      const shared = { user: 'two@example.com', company: 'company-two' }
      for (const name of ['two-a', 'two-b']) tenants.push(await openTenant(world, name, shared))
      for (let expiry = 1; expiry <= 3; expiry++) {
        clock.advance(hour)
        control.clearJournal()
        control.faults({ kind: 'slow', path: '/connect/token', delayMs: 100, times: 100 })
        for (const tenant of tenants) {
          await tenant.put('customers', customer(`c${expiry}`))
          await tenant.startJob()
        }
        const asked = tenants.flatMap((tenant) =>
          [1, 4, 7].map((n) => houses[n]?.services.reference.refresh(tenant.company, tenant.connectionId, 'accounts')),
        )
        const worked = houses.map(async (house) => {
          while (await house.turn());
        })
        await Promise.all([...asked, ...worked])
        await world.work()
        t.equal(refreshes(world).length, tenants.length - 1, `expiry ${expiry}: one token call a consent`)
        control.clearFaults()
      }
      for (const tenant of tenants) {
        t.equal(await status(tenant), 'active')
        t.equal(tenant.xero('Contacts').length, 3)
        tenant.checkXero(t)
      }
    },
  )
})

t.test(
  'given consents unused for 20 days, when four processes keep them alive, then each is refreshed once',
  async (t) => {
    const world = await openWorld(t)
    const { clock } = world
    const { control } = world.simulator
    const houses: House[] = [world.house]
    for (let n = 1; n < 4; n++) houses.push(await openSecondHouse(t, world))
    const tenants = [await openTenant(world, 'idle-1'), await openTenant(world, 'idle-2')]
    const keepAlive = async () => {
      control.clearJournal()
      for (let n = 0; n < 3; n++) await Promise.all(houses.map((house) => house.keepConsentsAlive()))
      return refreshes(world).length
    }
    clock.advance(20 * day - minute)
    t.equal(await keepAlive(), 0, 'not a minute early')
    clock.advance(minute + second)
    t.equal(await keepAlive(), tenants.length)
    // Xero ends a consent that nobody used for 60 days.
    for (let days = 0; days < 80; days += 10) {
      clock.advance(10 * day)
      await keepAlive()
    }
    for (const tenant of tenants) {
      await tenant.put('customers', customer('c1'))
      t.equal((await tenant.sync()).status, 'completed')
      t.equal(await status(tenant), 'active')
      tenant.checkXero(t)
    }
  },
)

t.test('a process that ends in the middle of a refresh', async (t) => {
  /** Token calls as they arrive, those too that are never answered. */
  let tokenCalls = 0
  const watch = async ({ moment, path }: { moment: string; path: string }) => {
    if (moment === 'arrived' && path === '/connect/token') tokenCalls += 1
  }
  const world = await openWorld(t, { simulator: { watch } })
  const { clock, house } = world
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  /** What it died at, what befell its calls before, and how many token calls there are in the end. */
  const deaths: [string, FatalStatement, 'lost_request' | 'lost_response' | null, number][] = [
    ['after it took the right to refresh', { sets: 'epoch', when: 'after' }, null, 1],
    ['after its requests were lost', { sets: 'lease_owner', when: 'before' }, 'lost_request', 4],
    ['after its answers were lost', { sets: 'lease_owner', when: 'before' }, 'lost_response', 4],
    ['before it saved what came back', { sets: 'sealed', when: 'before' }, null, 2],
    ['before it heard that this was saved', { sets: 'sealed', when: 'after' }, null, 1],
  ]
  for (const [index, [what, fatal, fault, calls]] of deaths.entries()) {
    for (const later of [31 * second, 28 * minute]) {
      t.test(
        `given one that ended ${what}, when another goes on ${later / second} s later, then no token is lost`,
        async (t) => {
          const tenant = await openTenant(world, `dead-${index}-${later}`)
          await tenant.put('customers', customer('c1'))
          clock.advance(hour)
          const mortal = await openMortalHouse(t, world, fatal)
          const job = await tenant.startJob()
          tokenCalls = 0
          if (fault) control.faults({ kind: fault, path: '/connect/token', times: 3 })
          void mortal.house.turn().catch(() => undefined)
          await mortal.death
          clock.advance(later)
          await house.finishRefreshes()
          t.equal(tokenCalls, calls)
          await world.work()
          t.equal((await tenant.job(job)).status, 'completed')
          // What was saved before the grace was nearly over has ended by itself meanwhile.
          const hasEnded = fatal.when === 'after' && fatal.sets === 'sealed' && later > 25 * minute
          t.equal(tokenCalls, hasEnded ? calls + 1 : calls, 'what came of it is used')
          clock.advance(hour)
          t.equal((await tenant.sync()).status, 'completed', 'and the next refresh works')
          t.equal(await status(tenant), 'active')
          t.equal(tenant.xero('Contacts').length, 1)
          tenant.checkXero(t)
        },
      )
    }
  }

  t.test(
    'given a consent that Xero ended, when the process ends before that is on record, then another says so',
    async (t) => {
      const tenant = await openTenant(world, 'refused')
      control.revokeUser('refused@example.com')
      clock.advance(hour)
      const mortal = await openMortalHouse(t, world, { sets: 'invalid_since', when: 'before' })
      const job = await tenant.startJob()
      void mortal.house.turn().catch(() => undefined)
      await mortal.death
      t.equal(await status(tenant), 'active')
      // Somebody may have rotated it without our knowing: until the grace is over, a refusal is not believed.
      clock.advance(31 * minute)
      await world.work()
      t.match(await tenant.job(job), { status: 'failed', error: { code: 'consent_expired' } })
      t.equal(await status(tenant), 'needs_reconnect')
    },
  )

  t.test(
    'given a database that is away when it saves, when it comes back, then what was refreshed is kept',
    async (t) => {
      const tenant = await openTenant(world, 'away')
      await tenant.put('customers', customer('c1'))
      clock.advance(hour)
      const living = await openMortalHouse(t, world, { sets: 'sealed', when: 'before', awayTimes: 7 })
      const job = await tenant.startJob()
      tokenCalls = 0
      while (await living.house.turn());
      t.equal(living.failures(), 7)
      t.equal((await tenant.job(job)).status, 'completed')
      t.equal(tokenCalls, 1, 'the token was kept in memory meanwhile')
      clock.advance(hour)
      t.equal((await tenant.sync()).status, 'completed')
      tenant.checkXero(t)
    },
  )

  t.test('given a consent that comes during a refresh, when both are saved, then the consent stands', async (t) => {
    const tenant = await openTenant(world, 'consent')
    await tenant.put('customers', customer('c1'))
    clock.advance(hour)
    const other = await openSecondHouse(t, world)
    const job = await tenant.startJob()
    control.faults({ kind: 'slow', path: '/connect/token', delayMs: 1_500 })
    const turn = other.turn()
    while (refreshes(world).length === 0) await new Promise((later) => setTimeout(later, 5))
    await tenant.reconnect()
    const stored = () => world.database.db.selectFrom('token_sets').selectAll().where('company_id', '=', tenant.company)
    const consent = await stored().executeTakeFirstOrThrow()
    await turn
    const now = await stored().executeTakeFirstOrThrow()
    t.equal(now.sealed, consent.sealed, 'the refresh that ended later changed nothing')
    await world.work()
    t.equal((await tenant.job(job)).status, 'completed')
    t.notOk(tenant.calls().some((entry) => entry.status === 401))
    clock.advance(hour)
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(await status(tenant), 'active')
    tenant.checkXero(t)
  })
})
