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

/** Another clock's time, as it was read at an uptime of this machine, and how far from the truth that may be. */
export interface TimeSample {
  readonly time: number
  readonly uptime: number
  readonly uncertainty: number
}

export interface FollowingClock extends Clock {
  /** Puts the clock right by a newer sample. */
  follow(sample: TimeSample): void
}

/** While it is ahead it goes at this part of the true speed, until it is right again. */
const slowSpeed = 0.5

/**
 * A clock that shows another one's time: samples of it, and the machine's uptime in between. What the machine's own clock
 * shows, and when somebody sets that, does not matter. It never goes back, so that nothing is in the future that was written.
 */
export function followingClock(machine: Clock, first: TimeSample): FollowingClock {
  let offset = first.time - first.uptime
  /** How far it was ahead when it was last put right, and when that was. */
  let lead = 0
  let rightSince = first.uptime

  function time(): number {
    const uptime = machine.uptime()
    return uptime + offset + Math.max(0, lead - (uptime - rightSince) * (1 - slowSpeed))
  }

  return {
    now: () => new Date(Math.floor(time())),
    uptime: machine.uptime,
    sleep: machine.sleep,
    follow(sample) {
      const shown = time()
      const measured = sample.time - sample.uptime
      // A slow answer says little: the clock moves only as far as it must have been wrong.
      offset = Math.min(Math.max(offset, measured - sample.uncertainty), measured + sample.uncertainty)
      rightSince = machine.uptime()
      lead = Math.max(0, shown - (rightSince + offset))
    },
  }
}

/** The instant so many milliseconds after, or before, another. */
export const from = (instant: string, milliseconds: number): string =>
  new Date(Date.parse(instant) + milliseconds).toISOString()
