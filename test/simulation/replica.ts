// A process of the service, as far as a simulation needs one: it waits only at gates, so that it can be paused, and be
// ended without a word. Nothing that a dead process still waits for ever comes, so no handler of its code runs either.
import type { Clock } from '../../src/lib/clock.ts'
import type { Agenda } from './agenda.ts'

export interface Replica {
  readonly name: string
  readonly clock: Clock
  readonly alive: boolean
  /** Paused up to here; earlier than now when it runs. */
  readonly pausedUntil: number
  /** Resolves after the time, later when the process is paused then, and never when it has ended. */
  gate(milliseconds: number): Promise<void>
  pause(milliseconds: number, why: string): void
  kill(why: string): void
  /** What else must happen when it ends: its database connection breaks. */
  onDeath(react: () => void): void
  onPause(react: (milliseconds: number) => void): void
}

/** A promise of what never comes. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

export function replica(agenda: Agenda, name: string, skewMs: number): Replica {
  let alive = true
  let pausedUntil = 0
  const deaths: (() => void)[] = []
  const pauses: ((milliseconds: number) => void)[] = []

  function arm(at: number, open: () => void): void {
    agenda.at(at, () => {
      if (!alive) return
      if (agenda.now() < pausedUntil) arm(pausedUntil, open)
      else open()
    })
  }

  const gate = (milliseconds: number) => new Promise<void>((open) => arm(agenda.now() + milliseconds, open))

  return {
    name,
    get alive() {
      return alive
    },
    get pausedUntil() {
      return pausedUntil
    },
    clock: {
      now: () => new Date(agenda.now() + skewMs),
      uptime: () => agenda.now(),
      sleep: (milliseconds, signal) =>
        new Promise<void>((open) => {
          if (signal?.aborted) return open()
          signal?.addEventListener('abort', () => open(), { once: true })
          arm(agenda.now() + milliseconds, open)
        }),
    },
    gate,
    pause(milliseconds, why) {
      if (!alive) return
      pausedUntil = Math.max(pausedUntil, agenda.now() + milliseconds)
      agenda.trace(() => `${name} pauses for ${Math.round(milliseconds / 1000)} s ${why}`)
      for (const react of pauses) react(milliseconds)
    },
    kill(why) {
      if (!alive) return
      alive = false
      agenda.trace(() => `${name} ends ${why}`)
      for (const react of deaths) react()
    },
    onDeath: (react) => void deaths.push(react),
    onPause: (react) => void pauses.push(react),
  }
}
