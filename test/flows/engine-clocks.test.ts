// Replicas whose machines disagree about the time by twenty minutes: they go by the database's, so schedules, leases and
// limits mean the same to all of them.
import t from 'tap'
import { sleep } from '../../src/lib/sleep.ts'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openSkewedHouses } from '../support/skewed-houses.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const minute = 60_000
const skews = [-10 * minute, 0, 3 * minute, 10 * minute]
const limits = { XERO_MINUTE_LIMIT: '20' }

t.test('machines whose clocks disagree', async (t) => {
  const world = await openWorld(t, { environment: limits, simulator: { minuteLimit: 20 } })
  const { clock } = world
  const { control } = world.simulator
  const { houses, advance, setSkew, work } = await openSkewedHouses(t, world, skews, limits)

  t.test('given slots of two connections, when four processes tick, then each runs once and in time', async (t) => {
    const tenants = [await openTenant(world, 'slots-a'), await openTenant(world, 'slots-b')]
    for (const tenant of tenants) {
      await tenant.settings({ schedule: { enabled: true, mode: 'interval', everyMinutes: 15 } })
    }
    const nextRun = async (tenant: Tenant | undefined) =>
      Date.parse((await tenant?.api('GET', 'health'))?.body.nextRunAt ?? '')
    const tick = async () => {
      const created = await Promise.all(houses.map((house) => house.scheduleTick()))
      return created.reduce((sum, count) => sum + count, 0)
    }
    const slots: number[] = []
    for (let n = 0; n < 12; n++) {
      const slot = await nextRun(tenants[0])
      slots.push(slot)
      await advance(slot - 1_000 - clock.now().getTime())
      t.equal(await tick(), 0, 'not a second early')
      await advance(1_000)
      t.equal(await tick(), tenants.length, 'once a connection')
      t.equal(await tick(), 0)
      await work()
      // Somebody sets the clock of a machine: nothing may follow from it.
      setSkew(n % houses.length, ((n * 7) % 20) * minute - 10 * minute)
    }
    for (const tenant of tenants) {
      const jobs = (await tenant.api('GET', 'sync-jobs?limit=200')).body.items
      t.strictSame(
        jobs.map((job: { createdAt: string }) => Math.round(Date.parse(job.createdAt) / 1_000)).reverse(),
        slots.map((slot) => slot / 1_000),
      )
      t.ok(jobs.every((job: { status: string }) => job.status === 'completed'))
      await tenant.settings({ schedule: { enabled: false } })
      tenant.checkXero(t)
    }
  })

  t.test(
    'given a call under way, when machines with other clocks look for work, then none takes the job',
    async (t) => {
      const tenant = await openTenant(world, 'lease')
      for (const [index, house] of houses.entries()) {
        await tenant.put('customers', customer(`c${index}`))
        control.faults({
          kind: 'slow',
          delayMs: 700,
          method: 'PUT',
          path: '/Contacts',
          tenantId: tenant.organisationId,
        })
        tenant.mark()
        const job = await tenant.startJob()
        let turn = house.turn()
        while (tenant.calls('PUT /Contacts').length === 0) {
          if (await Promise.race([turn.then(() => true), sleep(5).then(() => false)])) turn = house.turn()
        }
        for (const other of houses) t.equal(await other.turn(), false)
        t.equal((await tenant.job(job)).status, 'exporting')
        await turn
        await work()
        t.equal((await tenant.job(job)).status, 'completed')
        t.equal(tenant.calls('PUT /Contacts').length, 1)
        await advance(minute + 1_000)
      }
      t.notOk(world.logLines.some((line) => line.includes('went to another worker')))
      tenant.checkXero(t)
    },
  )

  t.test('given more calls than minutes allow, when four processes share them, then none is refused', async (t) => {
    const tenant = await openTenant(world, 'minute-log')
    await tenant.put('customers', ...Array.from({ length: 1_000 }, (_, n) => customer(`c${n}`)))
    await tenant.put('customers', ...Array.from({ length: 1_000 }, (_, n) => customer(`d${n}`)))
    const startedAt = clock.now().getTime()
    await tenant.startJob()
    await work()
    const at = tenant.calls().map((entry) => Date.parse(entry.at) - startedAt)
    t.ok(at.length > 40, `${at.length} calls`)
    t.equal(at.filter((ms) => ms < minute).length, 20, 'all of the first minute')
    t.equal(at.filter((ms) => ms < 2 * minute).length, 40, 'and of the second one')
    t.equal(tenant.xero('Contacts').length, 2_000)
    tenant.checkXero(t)
  })
})
