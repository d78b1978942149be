// The schedule: one job a slot whatever the number of processes, missed runs heal once, and settings take effect at once.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const hour = 60 * minute

const nextRun = async (tenant: Tenant): Promise<string> => (await tenant.api('GET', 'health')).body.nextRunAt
const jobs = async (tenant: Tenant) => (await tenant.api('GET', 'sync-jobs')).body.items

t.test('the schedule', async (t) => {
  const world = await openWorld(t)
  const { clock, house } = world
  const second = await openSecondHouse(t, world)
  const at = (instant: string) => clock.advance(Date.parse(instant) - clock.now().getTime())
  const daily = (times: string[], more: object = {}) => ({ schedule: { enabled: true, mode: 'daily', times, ...more } })
  t.afterEach(() => world.work())

  t.test('given no schedule, when time passes, then no job is created', async (t) => {
    const tenant = await openTenant(world, 'none')
    t.equal(await nextRun(tenant), null)
    clock.advance(48 * hour)
    t.equal(await house.scheduleTick(), 0)
    t.strictSame(await jobs(tenant), [])
  })

  t.test('given a slot and two processes, when both tick, then one job is created', async (t) => {
    const tenant = await openTenant(world, 'slot')
    await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 60 } })
    const slot = await nextRun(tenant)
    at(slot)
    const created = await Promise.all([house.scheduleTick(), second.scheduleTick(), house.scheduleTick()])
    t.equal(
      created.reduce((sum, count) => sum + count, 0),
      1,
    )
    const [job, ...others] = await jobs(tenant)
    t.equal(others.length, 0)
    t.match(job, { trigger: 'schedule', kind: 'incremental' })
    t.equal(Date.parse(await nextRun(tenant)), Date.parse(slot) + hour)
    await world.work()
    t.equal((await tenant.job(job.id)).status, 'completed')
    await tenant.settings({ schedule: { enabled: false } })
    t.equal(await nextRun(tenant), null)
  })

  t.test('given a slot that had its job, when it comes up again, then there is no second one', async (t) => {
    const tenant = await openTenant(world, 'again')
    await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 60 } })
    const slot = await nextRun(tenant)
    at(slot)
    await house.scheduleTick()
    await world.work()
    // As a database says that was restored, or a process that saw the slot before another one took it.
    await world.database.db
      .updateTable('connections')
      .set({ next_run_at: slot })
      .where('id', '=', tenant.connectionId)
      .execute()
    await house.scheduleTick()
    t.equal((await jobs(tenant)).length, 1)
    t.ok(Date.parse(await nextRun(tenant)) > Date.parse(slot), 'and the next one is waited for')
    await tenant.settings({ schedule: { enabled: false } })
  })

  t.test('given a service that was down over many slots, when it is up again, then one job heals them', async (t) => {
    const tenant = await openTenant(world, 'missed')
    await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 15 } })
    clock.advance(10 * hour)
    t.equal(await house.scheduleTick(), 1)
    t.equal(await house.scheduleTick(), 0)
    t.equal((await jobs(tenant)).length, 1)
    t.ok(Date.parse(await nextRun(tenant)) > clock.now().getTime())
    await tenant.settings({ schedule: { enabled: false } })
  })

  t.test('given missedRun "skip", when a slot was missed, then the next one is waited for', async (t) => {
    const tenant = await openTenant(world, 'skip')
    await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 60, missedRun: 'skip' } })
    clock.advance(10 * hour + 30 * minute)
    t.equal(await house.scheduleTick(), 0)
    t.strictSame(await jobs(tenant), [])
    at(await nextRun(tenant))
    t.equal(await house.scheduleTick(), 1)
    await tenant.settings({ schedule: { enabled: false } })
  })

  t.test('given an unfinished job, when a slot comes, then it passes and the next one runs', async (t) => {
    const tenant = await openTenant(world, 'busy')
    await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 60 } })
    await tenant.startJob()
    at(await nextRun(tenant))
    t.equal(await house.scheduleTick(), 0)
    t.equal((await jobs(tenant)).length, 1)
    await world.work()
    at(await nextRun(tenant))
    t.equal(await house.scheduleTick(), 1)
    await tenant.settings({ schedule: { enabled: false } })
  })

  t.test(
    'given the zone of the organisation, when it becomes known or is overruled, then the next run follows',
    async (t) => {
      const tenant = await openTenant(world, 'zone', { seed: { countryCode: 'NZ' } })
      at('2027-01-10T00:00:00.000Z')
      await tenant.settings(daily(['09:00']))
      t.equal(await nextRun(tenant), null, 'it waits for the time zone')
      t.equal((await tenant.api('POST', 'organisation/refresh')).status, 200)
      t.equal(await nextRun(tenant), '2027-01-10T20:00:00.000Z', '9 in the morning in Auckland, in summer')
      await tenant.settings({ company: { timezone: 'Europe/Berlin' } })
      t.match(await nextRun(tenant), /T08:00:00.000Z$/)
      await tenant.settings({ schedule: { timezone: 'America/New_York' } })
      t.match(await nextRun(tenant), /T14:00:00.000Z$/)
      await tenant.settings({ schedule: { times: ['10:30'] } })
      t.match(await nextRun(tenant), /T15:30:00.000Z$/)
      await tenant.settings({ schedule: { enabled: false } })
    },
  )

  t.test(
    'given a role without a date of change, when a week has passed, then the schedule reads everything',
    async (t) => {
      const tenant = await openTenant(world, 'weekly')
      await tenant.settings({ schedule: { enabled: true, mode: 'daily', times: ['09:00'], timezone: 'Etc/UTC' } })
      const kinds = async (days: number): Promise<string[]> => {
        const found: string[] = []
        for (let count = 0; count < days; count++) {
          at(await nextRun(tenant))
          await house.scheduleTick()
          await world.work()
          found.push((await jobs(tenant))[0].kind)
        }
        return found
      }
      const incremental = Array.from({ length: 6 }, () => 'incremental')
      t.strictSame(await kinds(7), ['incremental', ...incremental], 'the first one reads everything anyway')
      t.strictSame(await kinds(8), ['full', ...incremental, 'full'], 'then every seventh day')
      await tenant.settings({ schedule: { fullEvery: 1 } })
      t.strictSame(await kinds(2), ['full', 'full'], 'each day')
      await tenant.startJob('full')
      await world.work()
      await tenant.settings({ schedule: { fullEvery: 2 } })
      t.strictSame(await kinds(3), ['incremental', 'full', 'incremental'], 'a full job by hand counts')
      await tenant.settings({ schedule: { fullEvery: 0 } })
      t.strictSame(await kinds(7), ['incremental', ...incremental], 'never')
      const tooLong = { schedule: { fullEvery: 366 } }
      t.equal((await tenant.api('PATCH', 'settings', tooLong, { 'if-match': '*' })).status, 422)
      await tenant.settings({ schedule: { enabled: false } })
    },
  )

  t.test('given a lost connection, when a slot comes, then no job is created until it is back', async (t) => {
    const tenant = await openTenant(world, 'lost')
    await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 60 } })
    world.simulator.control.disconnect(tenant.organisation)
    await tenant.sync()
    clock.advance(5 * hour)
    t.equal(await house.scheduleTick(), 0)
    await tenant.reconnect()
    at(await nextRun(tenant))
    t.equal(await house.scheduleTick(), 1)
    await tenant.settings({ schedule: { enabled: false } })
  })
})
