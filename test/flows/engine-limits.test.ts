// Limits: no call more than Xero allows, waits that people can see, and nobody held up by another's limit.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant } from '../support/tenant.ts'

const minute = 60_000
const hour = 60 * minute
const many = (count: number) => Array.from({ length: count }, (_, n) => customer(`c${n}`))

t.test('the limit of the minute', async (t) => {
  const world = await openWorld(t, { environment: { XERO_MINUTE_LIMIT: '20' }, simulator: { minuteLimit: 20 } })
  const { clock } = world
  const { control } = world.simulator

  t.test(
    'given more calls than a minute allows, when a job runs, then it waits, shows until when, and goes on',
    async (t) => {
      const tenant = await openTenant(world, 'minute')
      await tenant.put('customers', ...many(900))
      const id = await tenant.startJob()
      while (await world.house.turn());
      const waiting = await tenant.job(id)
      t.match(waiting, { status: 'waiting', waitingReason: 'throttled' })
      const until = Date.parse(waiting.waitingUntil)
      t.ok(until > clock.now().getTime() && until <= clock.now().getTime() + 61_000, 'until the minute is over')
      t.equal(tenant.calls().length, 20, 'every call of the minute was used')
      const health = (await tenant.api('GET', 'health')).body
      t.equal(health.limits.minuteRemaining, 0)
      await world.work()
      t.equal((await tenant.job(id)).status, 'completed')
      t.equal(tenant.xero('Contacts').length, 900)
      const counters = control.counters()[tenant.organisationId]
      t.ok((counters?.maxInMinute ?? 0) <= 20)
      tenant.checkXero(t)
    },
  )

  t.test('given a throttled connection, when another has work, then it is not held up', async (t) => {
    const slow = await openTenant(world, 'slow')
    const quick = await openTenant(world, 'quick')
    await slow.put('customers', ...many(900))
    await quick.put('customers', ...many(2))
    const slowJob = await slow.startJob()
    while (await world.house.turn());
    t.equal((await slow.job(slowJob)).status, 'waiting')
    const before = clock.now().getTime()
    const quickJob = await quick.startJob()
    while (await world.house.turn());
    t.equal((await quick.job(quickJob)).status, 'completed')
    t.equal(clock.now().getTime(), before, 'without any time passing')
    t.equal((await slow.job(slowJob)).status, 'waiting')
    await world.work()
    slow.checkXero(t)
    quick.checkXero(t)
  })

  t.test('given 429 with Retry-After, when a job writes, then it waits that long and counts no attempt', async (t) => {
    const tenant = await openTenant(world, 'retry-after')
    await tenant.put('customers', ...many(2))
    const target = { method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId }
    control.faults({ kind: 'http_429', problem: 'minute', retryAfter: 300, ...target })
    const id = await tenant.startJob()
    while (await world.house.turn());
    t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'throttled' })
    for (const one of await tenant.queue()) t.match(one, { status: 'locked', attempts: 0 })
    const refusedAt = Date.parse(tenant.calls('PUT /Contacts')[0]?.at ?? '')
    await world.work()
    t.equal((await tenant.job(id)).status, 'completed')
    const next = tenant.calls().find((entry) => Date.parse(entry.at) > refusedAt)
    t.ok(Date.parse(next?.at ?? '') - refusedAt >= 300_000, 'nothing at all was called before')
    const attempts = (await tenant.api('GET', 'customers/c0/attempts')).body.items
    t.strictSame(
      attempts.map((one: { outcome: string }) => one.outcome),
      ['written', 'refused'],
    )
    t.strictSame(await tenant.queue(), [])
    tenant.checkXero(t)
  })

  for (const problem of ['concurrent', 'appminute'] as const) {
    t.test(
      `given 429 of the kind ${problem} without a time, when a job reads, then it goes on by itself`,
      async (t) => {
        const tenant = await openTenant(world, problem)
        control.faults({ kind: 'http_429', problem, method: 'GET', tenantId: tenant.organisationId })
        t.equal((await tenant.sync()).status, 'completed')
        tenant.checkXero(t)
      },
    )
  }
})

t.test('the limit of the day', async (t) => {
  const world = await openWorld(t, { environment: { XERO_DAY_LIMIT: '30' }, simulator: { dayLimit: 30 } })
  const { clock } = world

  t.test(
    'given more calls than a day allows, when a job runs, then it leaves some for people and goes on next day',
    async (t) => {
      const tenant = await openTenant(world, 'day')
      await tenant.put('customers', ...many(1_000))
      const started = clock.now().getTime()
      const id = await tenant.startJob()
      await world.work({ forMs: 12 * hour })
      const waiting = await tenant.job(id)
      t.match(waiting, { status: 'waiting', waitingReason: 'throttled' })
      t.ok(Date.parse(waiting.waitingUntil) >= started + 24 * hour, 'until the next day')
      t.equal(tenant.calls().length, 27, 'a tenth of the day is left for people')
      const read = await tenant.api('POST', 'accounts/refresh')
      t.equal(read.status, 200, 'somebody who waits for an answer gets it')
      await world.work({ forMs: 48 * hour })
      t.equal((await tenant.job(id)).status, 'completed')
      t.equal(tenant.xero('Contacts').length, 1_000)
      tenant.checkXero(t)
    },
  )
})

t.test('calls at once', async (t) => {
  const world = await openWorld(t, { simulator: { latencyMs: 30 } })
  const second = await openSecondHouse(t, world)
  const tenant = await openTenant(world, 'at-once')
  await tenant.put('customers', ...many(300))
  await tenant.startJob()
  // People ask while a job runs, and another process asks too.
  const asked = Array.from({ length: 12 }, (_, n) =>
    n % 2 === 0
      ? tenant.api('POST', 'accounts/refresh')
      : second.services.reference.refresh(tenant.company, tenant.connectionId, 'accounts'),
  )
  const turns = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? world.house : second).turn())
  await Promise.all([...asked, ...turns])
  await world.work()
  t.ok((world.simulator.control.counters()[tenant.organisationId]?.maxConcurrent ?? 0) <= 5)
  t.ok((world.simulator.control.counters()[tenant.organisationId]?.maxConcurrent ?? 0) > 1, 'some ran at once')
  t.equal(tenant.xero('Contacts').length, 300)
  tenant.checkXero(t)
})
