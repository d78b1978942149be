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
