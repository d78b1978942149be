// The part of the simulation that belongs to the test suite: 2,000 schedules, each from its seed.
import t from 'tap'
import { openSimulationDatabase } from './database.ts'
import { blocksOf, runBlocks } from './shards.ts'
import { simulate } from './simulate.ts'
import { emptyTally, merge, neverReached, report } from './tally.ts'

const seeds = 2_000

t.test('given 2,000 seeded schedules of faults, when all has come to rest, then every invariant holds', async (t) => {
  const tally = emptyTally()
  await runBlocks(blocksOf(1, seeds), (result) => merge(tally, result.tally))
  t.comment(report(tally))
  t.equal(tally.seeds, seeds)
  t.strictSame(tally.failures, [], 'no invariant was broken')
  t.strictSame(neverReached(tally), [], 'every interesting state was reached')
})

t.test('given one seed, when it is played twice, then everything happens in the same order', async (t) => {
  const database = await openSimulationDatabase()
  t.teardown(() => database.close())
  for (const seed of [7, 11]) {
    const first = await simulate(database, seed)
    await simulate(database, seed + 1)
    const again = await simulate(database, seed)
    t.equal(again.hash, first.hash, `seed ${seed}`)
    t.strictSame(again.figures, first.figures)
  }
})
