// How a process learns the time of the database: the real statement, and what it makes of answers and of none.
import t from 'tap'
import { openDatabase } from '../../src/db/open.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { databaseClock } from '../../src/services/database-clock.ts'
import { readTime } from '../../src/stores/time.ts'
import { openTestDatabase } from '../support/database.ts'

const log = createLogger({ level: 'silent' })

t.test('given a machine whose clock shows nonsense, when the database is asked, then its time counts', async (t) => {
  const { db, close } = await openTestDatabase()
  t.teardown(close)
  const machine: Clock = { ...systemClock, now: () => new Date(0) }
  const begun = performance.now()
  const before = await readTime(db)
  const clock = await databaseClock({ db, machine, log })
  const shown = clock.now().getTime()
  const after = await readTime(db)
  // Nobody knows when within its round trip an answer was given: a busy machine makes that as long as it likes.
  const slack = performance.now() - begun
  t.ok(shown >= before - slack && shown <= after + slack, `${before} ≤ ${shown} ≤ ${after}, by ${slack} ms`)
  t.equal(typeof before, 'number')
})

t.test('given answers of which one came at once, when they differ, then that one counts', async (t) => {
  const { db, close } = await openTestDatabase()
  t.teardown(close)
  // Uptime as it is read before and after each answer: round trips of 4 s, 2 s, none, and 3 s.
  const readings = [0, 4_000, 4_000, 6_000, 6_000, 6_000, 6_000, 9_000]
  let last = 0
  const uptime = () => {
    last = readings.shift() ?? last
    return last
  }
  const clock = await databaseClock({ db, machine: { ...systemClock, uptime }, log })
  t.equal(readings.length, 2, 'no other was asked for after it')
  const shown = clock.now().getTime() - (last - 6_000)
  t.ok(Math.abs(shown - (await readTime(db))) < 1_000, 'the one without a round trip')
})

t.test('given a database that is away, when the minute is over, then the clock goes on and asks again', async (t) => {
  const { db, close } = await openDatabase({ kind: 'memory' })
  const lines: string[] = []
  const heard = createLogger({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } })
  let uptime = 0
  let minutes = 0
  let enough: () => void = () => undefined
  const fourMinutes = new Promise<void>((done) => {
    enough = done
  })
  const machine: Clock = {
    ...systemClock,
    uptime: () => uptime,
    async sleep(milliseconds, signal) {
      t.equal(milliseconds, 60_000)
      uptime += milliseconds
      minutes += 1
      if (minutes <= 4) return
      enough()
      await new Promise<void>((ended) => signal?.addEventListener('abort', () => ended(), { once: true }))
    },
  }
  const clock = await databaseClock({ db, machine, log: heard })
  const started = clock.now().getTime()
  await close()
  clock.keepRight()
  await fourMinutes
  t.equal(clock.now().getTime() - started, 5 * 60_000)
  t.equal(lines.length, 1, 'said once')
  await clock.stop()
})
