// A connection with a very long queue: the others have their turns as if it were short, and while it waits for Xero's limit
// nobody works for it.
import t from 'tap'
import { addBacklog } from '../support/backlog.ts'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'
import { openSecondHouse } from '../support/second-house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'

/** bench/backlog.ts measures that a turn costs the same with 100,000. */
const longQueue = 8_000
const callsOfTurn = 4

t.test(`a queue of ${longQueue} items`, { timeout: 240_000 }, async (t) => {
  const world = await openWorld(t)
  const { clock, house, database } = world
  const second = await openSecondHouse(t, world)
  const big = await openTenant(world, 'big')
  await addBacklog(world, big, longQueue)
  const bigJob = await big.startJob()
  while (big.calls('PUT /Contacts').length === 0) await house.turn()

  /** By job: how often it was taken. */
  const served = async () => {
    const rows = await database.db.selectFrom('sync_jobs').select(['id', 'epoch']).execute()
    return new Map(rows.map((row) => [row.id, row.epoch]))
  }

  t.test('given a short job beside it, when one worker works, then they take turns', async (t) => {
    const small = await openTenant(world, 'small')
    await small.put('customers', customer('c1'), customer('c2'))
    const job = await small.startJob()
    let bigInARow = 0
    let turns = 0
    while ((await small.job(job)).completedAt === null) {
      clock.advance(1)
      const before = await served()
      const callsBefore = big.calls().length
      await house.turn()
      turns += 1
      const after = await served()
      bigInARow = after.get(bigJob) === before.get(bigJob) ? 0 : bigInARow + 1
      t.ok(bigInARow <= 1, 'the long one has one turn, and not another while the short one waits')
      t.ok(big.calls().length - callsBefore <= callsOfTurn, 'which is a few batches')
      // Its minute must not end before the short job does.
      if (turns % 10 === 0) clock.advance(61_000)
    }
    t.equal((await small.job(job)).status, 'completed')
    small.checkXero(t)
  })

  t.test('given seven jobs and two workers, when they work, then nobody waits longer than four rounds', async (t) => {
    clock.advance(61_000)
    const small: Tenant[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const tenant = await openTenant(world, `lane-${name}`)
      await tenant.put('customers', customer('c1'))
      small.push(tenant)
    }
    const jobs = [bigJob]
    for (const tenant of small) jobs.push(await tenant.startJob())
    const longest = Math.ceil(jobs.length / 2)
    const waiting = new Map(jobs.map((job) => [job, 0]))
    let before = await served()
    for (let round = 0; round < 24; round++) {
      clock.advance(1)
      await Promise.all([house.turn(), second.turn()])
      const after = await served()
      for (const job of jobs) {
        const rounds = after.get(job) === before.get(job) ? (waiting.get(job) ?? 0) + 1 : 0
        waiting.set(job, rounds)
        t.ok(rounds < longest, `${job} waits for ${rounds} rounds`)
      }
      before = after
    }
  })

  t.test(
    'given that it waits for the next minute, when workers look for work, then they find the others',
    async (t) => {
      while ((await big.job(bigJob)).status !== 'waiting') await house.turn()
      while (await house.turn());
      const before = (await served()).get(bigJob)
      const late = await openTenant(world, 'late')
      await late.put('customers', customer('c1'))
      const job = await late.startJob()
      while (await house.turn());
      t.equal((await late.job(job)).status, 'completed')
      t.equal((await served()).get(bigJob), before, 'nobody took it')
      t.equal((await big.api('POST', `sync-jobs/${bigJob}/cancel`)).status, 200)
      while (await house.turn());
      const cancelled = await big.job(bigJob)
      t.equal(cancelled.status, 'cancelled')
      const { body } = await big.api('GET', 'sync-queue-items?status=pending&limit=1')
      t.equal(body.items.length, 1, 'and what it held is back in the queue')
      big.checkXero(t)
    },
  )
})
