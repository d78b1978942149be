// API keys that were used within a day, by any process and before this one started, as the database has them. Asked for at most
// once a minute, and only while a flood of wrong keys makes it worth knowing.
import type { Clock } from '../lib/clock.ts'

const day = 24 * 60 * 60_000
const everyMs = 60_000
const afterFailureMs = 1_000

export function keysInUse(clock: Clock, read: (usedSince: string) => Promise<readonly string[]>) {
  let known = new Set<string>()
  let askedUntil = Number.NEGATIVE_INFINITY
  let asked = Promise.resolve()

  function ask(): void {
    askedUntil = clock.uptime() + everyMs
    const usedSince = new Date(clock.now().getTime() - day).toISOString()
    const told = (keys: readonly string[]) => {
      known = new Set(keys)
    }
    const failed = () => {
      askedUntil = clock.uptime() + afterFailureMs
    }
    asked = read(usedSince).then(told, failed)
  }

  return {
    async has(key: string): Promise<boolean> {
      if (!known.has(key) && clock.uptime() >= askedUntil) ask()
      await asked
      return known.has(key)
    },
    forget: (key: string) => void known.delete(key),
  }
}
