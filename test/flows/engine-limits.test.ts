// Limits: no call more than Xero allows, waits that people can see, and nobody held up by another's limit.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant } from '../support/tenant.ts'

const minute = 60_000
const hour = 60 * minute
const many = (count: number) => Array.from({ length: count }, (_, n) => customer(`c${n}`))
const services = (count: number) => Array.from({ length: count }, (_, n) => item(`i${n}`, { kind: 'service' }))

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
  const { clock, house } = world
  /** A new connection is swept an hour after it was first seen. */
  const sweep = async () => {
    await house.sweep()
    clock.advance(hour)
    await house.sweep()
  }

  t.test(
    'given more calls than a day allows, when a job runs, then people and sweeps keep their parts of the day',
    async (t) => {
      const tenant = await openTenant(world, 'day')
      await tenant.put('customers', ...many(1_000))
      const started = clock.now().getTime()
      const id = await tenant.startJob()
      await world.work({ forMs: 12 * hour })
      const waiting = await tenant.job(id)
      t.match(waiting, { status: 'waiting', waitingReason: 'throttled' })
      t.ok(Date.parse(waiting.waitingUntil) >= started + 24 * hour, 'until the next day')
      t.equal(tenant.calls().length, 24, 'two tenths of the day are left')
      for (let n = 0; n < 3; n++) {
        const read = await tenant.api('POST', 'accounts/refresh')
        t.equal(read.status, 200, 'somebody who waits for an answer gets it')
      }
      const health = (await tenant.api('GET', 'health')).body
      t.equal(health.limits.dayRemaining, 3)
      await sweep()
      t.equal(tenant.calls('GET /Invoices').length, 1, 'people took nothing of what is kept for finding out')
      await world.work({ forMs: 48 * hour })
      t.equal((await tenant.job(id)).status, 'completed')
      t.equal(tenant.xero('Contacts').length, 1_000)
      tenant.checkXero(t)
    },
  )

  t.test('given people who ask all the time, when their part is used up, then sweeps keep theirs', async (t) => {
    const tenant = await openTenant(world, 'people')
    const read = async () => (await tenant.api('POST', 'accounts/refresh')).status
    for (let n = 0; n < 27; n++) {
      if (n % 9 === 0) clock.advance(minute + 1_000)
      t.equal(await read(), 200)
    }
    clock.advance(minute)
    const refused = await tenant.api('POST', 'accounts/refresh')
    t.match(refused, { status: 503, body: { code: 'xero_throttled' } })
    t.ok(Number(refused.headers['retry-after']) > 23 * 3_600, 'by the clock of the service')
    await sweep()
    t.equal(tenant.calls('GET /Invoices').length, 1)
    tenant.checkXero(t)
  })
})

t.test('the part of the day that is kept for finding out', async (t) => {
  const world = await openWorld(t, { environment: { XERO_DAY_LIMIT: '40' }, simulator: { dayLimit: 40 } })
  const { control } = world.simulator

  for (const times of [1, 3]) {
    t.test(
      `given an answer that was lost ${times} times, when the jobs' part of the day is used up, then it is found out the same day`,
      async (t) => {
        const tenant = await openTenant(world, `resolution-${times}`)
        await tenant.put('customers', ...many(700))
        await tenant.put('vendors', ...Array.from({ length: 700 }, (_, n) => customer(`v${n}`)))
        await tenant.put('items', ...services(700))
        const target = { method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId }
        control.faults({ kind: 'lost_response', times: 1, ...target })
        const id = await tenant.startJob()
        while (tenant.calls().length < 32) await world.house.turn()
        t.equal((await tenant.queue('uncertain')).length, 50)
        // The replays of that batch are lost as well.
        if (times > 1) control.faults({ kind: 'lost_response', times: times - 1, ...target })
        await world.work({ forMs: 12 * hour })
        t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'throttled' })
        const calls = tenant.calls().length - 32
        t.ok(calls >= times && calls <= 4, `${calls} calls of the 4 that are kept`)
        t.strictSame(await tenant.queue('uncertain'), [], 'nothing is uncertain until the next day')
        await world.work({ forMs: 48 * hour })
        t.equal((await tenant.job(id)).status, 'completed')
        t.equal(tenant.xero('Contacts').length, 1_400)
        tenant.checkXero(t)
      },
    )
  }
})

t.test('a limit that was raised', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const refusals = (tenant: { organisationId: string }, times: number) =>
    control.faults({
      kind: 'http_429',
      problem: 'day',
      retryAfter: 60_000,
      method: 'PUT',
      path: '/Contacts',
      tenantId: tenant.organisationId,
      times,
    })

  t.test('given a day that is used up, when the limits are lifted, then waiting jobs go on at once', async (t) => {
    const tenant = await openTenant(world, 'raised')
    await tenant.put('customers', ...many(2))
    refusals(tenant, 1)
    const id = await tenant.startJob()
    while (await world.house.turn());
    t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'throttled' })
    const before = (await tenant.api('GET', 'health')).body
    const reason = before.reasons.find(({ code }: { code: string }) => code === 'throttled')
    t.match(reason, { detail: /day limit/, action: /POST …\/lift-limits/ })
    const lifted = await tenant.api('POST', 'lift-limits')
    t.match(lifted, { status: 200, body: { healthy: true, limits: { blockedUntil: null } } })
    await world.work({ forMs: minute })
    t.equal((await tenant.job(id)).status, 'completed')
    t.equal(tenant.xero('Contacts').length, 2)
  })

  t.test(
    'given a limit that still holds, when it is lifted, then one call is refused and nothing is lost',
    async (t) => {
      const tenant = await openTenant(world, 'holds')
      await tenant.put('customers', ...many(2))
      refusals(tenant, 2)
      const id = await tenant.startJob()
      while (await world.house.turn());
      const calls = tenant.calls().length
      await tenant.api('POST', 'lift-limits')
      while (await world.house.turn());
      t.equal(tenant.calls('PUT /Contacts').length, 2)
      t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'throttled' })
      t.ok((await tenant.api('GET', 'health')).body.limits.blockedUntil !== null, 'on record again')
      t.ok(tenant.calls().length - calls <= 2, 'and nothing more is called')
      await world.work({ forMs: 24 * hour })
      t.equal((await tenant.job(id)).status, 'completed')
      t.equal(tenant.xero('Contacts').length, 2)
      tenant.checkXero(t)
    },
  )

  t.test('given calls of the minute, when the limits are lifted, then these stay counted', async (t) => {
    const tenant = await openTenant(world, 'counted')
    await tenant.put('customers', ...many(2))
    await tenant.sync()
    const before = (await tenant.api('GET', 'health')).body.limits
    const after = (await tenant.api('POST', 'lift-limits')).body.limits
    t.equal(after.minuteRemaining, before.minuteRemaining)
    t.ok(after.dayRemaining > before.dayRemaining)
  })
})

t.test("Xero's own count", async (t) => {
  const limits = { XERO_MINUTE_LIMIT: '20', XERO_DAY_LIMIT: '60' }
  const world = await openWorld(t, { environment: limits, simulator: { minuteLimit: 20, dayLimit: 60 } })
  const { clock, database, house } = world
  const forget = () => database.db.deleteFrom('budgets').execute()

  t.test(
    'given a log that was lost in the middle of a minute, when a job goes on, then no call is refused',
    async (t) => {
      const tenant = await openTenant(world, 'restored')
      await tenant.put('customers', ...many(900))
      const startedAt = clock.now().getTime()
      const id = await tenant.startJob()
      while (tenant.calls().length < 13) await house.turn()
      await forget()
      while (await house.turn());
      t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'throttled' })
      t.equal(tenant.calls().length, 20, 'to the last call')
      t.equal(clock.now().getTime(), startedAt)
      await world.work()
      t.equal((await tenant.job(id)).status, 'completed')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a log of the day that was lost, when jobs go on, then the parts are those of what is left',
    async (t) => {
      const tenant = await openTenant(world, 'restored-day')
      await tenant.put('customers', ...many(1_000))
      await tenant.put('vendors', ...Array.from({ length: 600 }, (_, n) => customer(`v${n}`)))
      await tenant.put('items', ...services(1_000))
      const id = await tenant.startJob()
      while (tenant.calls().length < 20) await house.turn()
      await forget()
      clock.advance(minute + 1_000)
      await world.work({ forMs: 12 * hour })
      t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'throttled' })
      t.equal(tenant.calls().length, 52, '20, and eight tenths of the other 40')
      await world.work({ forMs: 48 * hour })
      t.equal((await tenant.job(id)).status, 'completed')
      tenant.checkXero(t)
    },
  )
})

t.test("the application's own limit", async (t) => {
  const world = await openWorld(t, { simulator: { appMinuteLimit: 30 } })
  t.test('given others who use it up, when a job runs, then it slows down and no call is refused', async (t) => {
    const tenant = await openTenant(world, 'app')
    await tenant.put('customers', ...many(900))
    t.equal((await tenant.sync()).status, 'completed')
    t.equal(tenant.xero('Contacts').length, 900)
    tenant.checkXero(t)
  })
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
