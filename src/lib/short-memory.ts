// What this process remembers for an hour, such as how often something came in a row. Another process has a memory of its own.
import type { Clock } from './clock.ts'

const keptMs = 60 * 60_000

export function shortMemory<T>(clock: Clock) {
  const entries = new Map<string, { value: T; at: number }>()
  return {
    get: (key: string): T | undefined => entries.get(key)?.value,
    set(key: string, value: T): void {
      const at = clock.uptime()
      for (const [known, entry] of entries) if (at - entry.at >= keptMs) entries.delete(known)
      entries.set(key, { value, at })
    },
    forget(key: string): void {
      entries.delete(key)
    },
  }
}
