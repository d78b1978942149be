// Hours must not pass: all processes of a schedule live in one time that goes faster than the wall clock's. The database
// shows it as its own, and the processes go by the database; of their machines' clocks they may know nothing.
import type { Clock } from '../../src/lib/clock.ts'
import { sleep } from '../../src/lib/sleep.ts'

export interface FastTime {
  /** Of the wall clock, when both showed the same. */
  readonly startedAt: number
  readonly speed: number
}

export const shown = ({ startedAt, speed }: FastTime): number => startedAt + (Date.now() - startedAt) * speed

export interface Stall {
  readonly from: number
  readonly until: number
}

/** A machine that lets a process wait longer than that stands still, in real time. */
const longestStallMs = 200

/** Watches whether this process gets its turn in time: a machine that is too busy makes a fast time jump. */
export function watchStalls(time: FastTime, found: (stall: Stall) => void): { stop(): void } {
  const everyMs = 50
  let last = shown(time)
  const timer = setInterval(() => {
    const now = shown(time)
    if (now - last > (everyMs + longestStallMs) * time.speed) found({ from: last, until: now })
    last = now
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}

/** A machine whose clock is wrong by so much. */
export const machineOf = (time: FastTime, skewMs = 0): Clock => ({
  now: () => new Date(shown(time) + skewMs),
  uptime: () => performance.now() * time.speed,
  sleep: (milliseconds, signal) => sleep(milliseconds / time.speed, signal),
})

/** Found before PostgreSQL's own function by whoever looks in the schema first. */
export const sqlOfTime = ({ startedAt, speed }: FastTime): string => `
  CREATE FUNCTION chaos.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT to_timestamp(${startedAt} / 1000.0)
      + (pg_catalog.clock_timestamp() - to_timestamp(${startedAt} / 1000.0)) * ${speed} $$`
