// Values that this process remembers for a while, such as how often something came in a row. Another process has a memory of
// its own.
import type { Clock } from './clock.ts'

const hour = 60 * 60_000

export interface ShortMemory<T> {
  get(key: string): T | undefined
  set(key: string, value: T): void
  forget(key: string): void
}

export function shortMemory<T>(clock: Clock, keptMs = hour): ShortMemory<T> {
  /** Set longest ago, first. */
  const entries = new Map<string, { readonly value: T; readonly at: number }>()
  const isOver = (at: number) => clock.uptime() - at >= keptMs
  return {
    get(key) {
      const entry = entries.get(key)
      return entry && !isOver(entry.at) ? entry.value : undefined
    },
    set(key, value) {
      for (const [known, { at }] of entries) {
        if (!isOver(at)) break
        entries.delete(known)
      }
      entries.delete(key)
      entries.set(key, { value, at: clock.uptime() })
    },
    forget: (key) => void entries.delete(key),
  }
}
