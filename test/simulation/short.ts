// The part of the simulation that belongs to the test suite: 2,000 schedules in eight files of 250, so that the suite runs
// them beside its other files and none of them takes minutes.
import type { Test } from 'tap'
import { openSimulationDatabase } from './database.ts'
import { simulate } from './simulate.ts'
import { add, emptyTally, neverReached, report } from './tally.ts'

const seedsInPart = 250
const timeoutMs = 15 * 60_000

export async function playPart(t: Test, part: number): Promise<void> {
  // A minute and a half where nothing else runs; the suite has other files beside it.
  t.setTimeout(timeoutMs)
  const database = await openSimulationDatabase()
  t.teardown(() => database.close())
  const first = (part - 1) * seedsInPart + 1
  await t.test(
    `given seeds ${first} to ${first + seedsInPart - 1}, when all has come to rest, then all holds`,
    async (t) => {
      const tally = emptyTally()
      const startedAt = performance.now()
      for (let seed = first; seed < first + seedsInPart; seed++) add(tally, await simulate(database, seed))
      tally.milliseconds = Math.round(performance.now() - startedAt)
      t.comment(report(tally))
      t.equal(tally.seeds, seedsInPart)
      t.strictSame(tally.failures, [], 'no invariant was broken')
      t.strictSame(neverReached(tally), [], 'every interesting state was reached')
    },
  )
  await t.test(
    'given a seed, when it is played again after others, then everything happens in the same order',
    async (t) => {
      const once = await simulate(database, first)
      await simulate(database, first + 1)
      const again = await simulate(database, first)
      t.equal(again.hash, once.hash)
      t.strictSame(again.figures, once.figures)
    },
  )
}
