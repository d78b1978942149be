// The time of the database, which all processes share, whatever the clocks of their machines show: leases, call windows
// and schedules mean the same to each of them. It is asked at the start and once a minute; in between uptime counts on.
import type { Db } from '../db/tables.ts'
import { type Clock, followingClock, type TimeSample } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { readTime } from '../stores/time.ts'

const everyMs = 60_000
/** The answer that came back soonest counts; one this soon needs no other. */
const samplesAtMost = 4
const goodEnoughMs = 25

export interface DatabaseClock extends Clock {
  /** Asks the database now. */
  measure(): Promise<void>
  /** Asks it once a minute from now on. */
  keepRight(): void
  stop(): Promise<void>
}

/** A clock that is right by itself. */
export const unmeasured = (clock: Clock): DatabaseClock => ({
  ...clock,
  measure: async () => undefined,
  keepRight: () => undefined,
  stop: async () => undefined,
})

/** `machine` measures durations only. */
export async function databaseClock(deps: { db: Db; machine: Clock; log: Logger }): Promise<DatabaseClock> {
  const { db, machine, log } = deps

  async function sample(): Promise<TimeSample> {
    const askedAt = machine.uptime()
    const time = await readTime(db)
    const roundTrip = machine.uptime() - askedAt
    return { time, uptime: askedAt + roundTrip / 2, uncertainty: roundTrip / 2 }
  }

  async function bestSample(): Promise<TimeSample> {
    let best = await sample()
    for (let taken = 1; taken < samplesAtMost && best.uncertainty > goodEnoughMs; taken++) {
      const next = await sample()
      if (next.uncertainty < best.uncertainty) best = next
    }
    return best
  }

  const clock = followingClock(machine, await bestSample())
  const measure = async () => clock.follow(await bestSample())
  const stopping = new AbortController()

  async function keepMeasuring(): Promise<void> {
    let faulty = false
    for (;;) {
      await machine.sleep(everyMs, stopping.signal)
      if (stopping.signal.aborted) return
      try {
        await measure()
        faulty = false
      } catch (error) {
        // Uptime alone drifts by milliseconds in a minute: the clock goes on until the database is back.
        if (!faulty) log.warn({ error }, 'the time of the database could not be read')
        faulty = true
      }
    }
  }

  let measuring: Promise<void> | null = null
  return {
    ...clock,
    measure,
    keepRight() {
      measuring ??= keepMeasuring()
    },
    async stop() {
      stopping.abort()
      await measuring
    },
  }
}
