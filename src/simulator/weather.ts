// Misfortune by chance: every request draws, from a seed, whether a fault strikes it. The same requests in the same order
// meet the same faults. Planned faults (faults.ts) come first.
import { type Fault, type FaultKind, faultKinds, planFault } from './faults.ts'

type Chances = Partial<Record<FaultKind, number>>

export interface Weather {
  seed: number
  /** Of a request to the API: each kind's probability; together at most 1. */
  api?: Chances
  /** The same of a write to the API, where writes have a weather of their own. */
  writes?: Chances
  /** The same of a request to the token endpoint. */
  identity?: Chances
  /** `slow` waits up to so many real milliseconds. */
  longestDelayMs?: number
  /** `late_arrival` comes up to so many milliseconds of the clock later. */
  latestArrivalMs?: number
  /** Seconds that `http_429` names at most; the kinds of limit take turns by chance. */
  longestRetryAfter?: number
}

export interface RunningWeather extends Weather {
  state: number
}

const problems = ['minute', 'day', 'concurrent', 'appminute'] as const

export const startWeather = (weather: Weather): RunningWeather => ({ ...weather, state: weather.seed >>> 0 })

/** A draw, 0 ≤ x < 1 (mulberry32). */
function draw(weather: RunningWeather): number {
  weather.state = (weather.state + 0x6d2b79f5) | 0
  let mixed = Math.imul(weather.state ^ (weather.state >>> 15), weather.state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

/** Three draws whatever comes of them, so that one request's fault does not shift the next one's. */
export function drawFault(weather: RunningWeather | null, area: 'api' | 'writes' | 'identity'): Fault | undefined {
  if (!weather) return undefined
  const chances = weather[area] ?? (area === 'writes' ? weather.api : undefined)
  const [which, howLong, sort] = [draw(weather), draw(weather), draw(weather)]
  let sum = 0
  for (const kind of Object.keys(faultKinds) as FaultKind[]) {
    sum += chances?.[kind] ?? 0
    if (which >= sum) continue
    switch (kind) {
      case 'slow':
        return planFault({ kind, delayMs: Math.round(howLong * (weather.longestDelayMs ?? 0)) })
      case 'late_arrival':
        return planFault({ kind, delayMs: Math.round(howLong * (weather.latestArrivalMs ?? 0)) })
      case 'http_429': {
        const problem = problems[Math.floor(sort * problems.length)]
        // Xero promises a time for the minute and the day only (xero.md, Limits).
        const timed = problem === 'minute' || problem === 'day'
        const retryAfter = timed ? 1 + Math.round(howLong * (weather.longestRetryAfter ?? 0)) : undefined
        return planFault({ kind, problem, retryAfter })
      }
      default:
        return planFault({ kind })
    }
  }
  return undefined
}
