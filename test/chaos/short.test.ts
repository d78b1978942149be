// Ten schedules with real processes as a test, to be run on an idle machine: npx tap run test/chaos/short.test.ts. All of them: npm run test:chaos.
import t from 'tap'
import { openLane } from './lane.ts'
import { playSchedule, speed } from './schedule.ts'
import { add, emptyTally, report } from './tally.ts'

const schedules = 10

// Two minutes where little else runs.
t.setTimeout(15 * 60_000)

const lanes = (await Promise.all([openLane(speed), openLane(speed)])).filter((lane) => lane !== null)
t.teardown(() => {
  for (const lane of lanes) lane.close()
})
const skip = lanes.length === 0 && 'skipped: PostgreSQL is not installed here'

t.test(`given seeds 1 to ${schedules}, when all has come to rest, then all holds`, { skip }, async (t) => {
  const tally = emptyTally()
  let next = 1
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = next++; seed <= schedules; seed = next++) add(tally, await playSchedule(lane, seed))
    }),
  )
  t.comment(report(tally))
  t.equal(tally.schedules, schedules)
  t.strictSame(tally.failures, [], 'no invariant was broken')
  const struck = Object.values(tally.acts).flatMap((byPoint) => Object.values(byPoint))
  t.ok(struck.length >= schedules, 'misfortunes struck')
  t.ok((tally.reached['lease takeover'] ?? 0) > 0, 'a job went from one worker to another')
})
