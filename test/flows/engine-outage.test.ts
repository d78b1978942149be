// Xero is down for ten minutes: nothing fails, few calls ask whether it is over, and work goes on soon after it is.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

const second = 1_000
const minute = 60 * second

t.test('given many connections, when Xero answers 503 for ten minutes, then one call in 15 s asks', async (t) => {
  const world = await openWorld(t)
  const { clock, house } = world
  const { control } = world.simulator
  const tenants: Tenant[] = []
  for (let n = 0; n < 12; n++) {
    const tenant = await openTenant(world, `outage-${n}`)
    await tenant.put('customers', customer('c1'), customer('c2'))
    tenants.push(tenant)
  }
  control.faults({ kind: 'http_503', times: 1_000_000 })
  control.clearJournal()
  const jobs = new Map<Tenant, string>()
  for (const tenant of tenants) jobs.set(tenant, await tenant.startJob())
  const startedAt = clock.now().getTime()
  while (clock.now().getTime() < startedAt + 10 * minute) {
    while (await house.turn());
    const due = Date.parse((await house.nextDueAt()) ?? '') - clock.now().getTime()
    clock.advance(Math.max(1, due || 0))
  }
  const calls = () => control.journal({ area: 'api' }).map((entry) => Date.parse(entry.at))
  const down = calls()
  t.equal(down.filter((at) => at === startedAt).length, 10, 'after ten failures nobody calls')
  const probes = down.filter((at) => at > startedAt)
  t.ok(probes.length > 20, `${probes.length} calls asked whether it is over`)
  const tooSoon = probes.filter((at, index) => index > 0 && at - (probes[index - 1] ?? 0) < 15 * second)
  t.strictSame(tooSoon, [], 'and 15 s lie between them, whoever asks')
  for (const tenant of tenants) {
    t.match(await tenant.job(jobs.get(tenant) ?? ''), { status: 'waiting', waitingReason: 'unreachable' })
    for (const one of await tenant.queue()) t.match(one, { status: 'locked', attempts: 0 })
  }

  control.clearFaults()
  const overAt = clock.now().getTime()
  await world.work()
  const [first = 0] = calls().filter((at) => at >= overAt)
  t.ok(first - overAt <= 20 * second, `the first call after ${(first - overAt) / second} s`)
  for (const tenant of tenants) {
    t.equal((await tenant.job(jobs.get(tenant) ?? '')).status, 'completed')
    t.equal(tenant.xero('Contacts').length, 2)
    tenant.checkXero(t)
  }
})
