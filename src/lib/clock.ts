// Time is passed in, so that tests move hours in no time and replicas agree on the time of their database.
import { sleep } from './sleep.ts'

export interface Clock {
  now(): Date
  /** Milliseconds of a clock that nobody sets: measures durations, also while `now` is put right. */
  uptime(): number
  /** A pause, which the signal ends early. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = { now: () => new Date(), uptime: () => performance.now(), sleep }
