// Xero's call limits. The minute is counted over a rolling window, which is never more generous than a fixed one; the day is
// a fixed window that begins with an organisation's first call. Refused calls do not count.
import { days, minutes } from '../time.ts'
import type { Limits } from '../world.ts'
import type { Answer } from './answer.ts'

export interface Usage {
  /** Accepted calls of the last 60 seconds. */
  minute: number[]
  dayStart: number
  day: number
  inFlight: number
  /** What a test asks afterwards. */
  calls: number
  maxInMinute: number
  maxConcurrent: number
  refused: Record<string, number>
  /** Calls that came before the Retry-After of an earlier refusal had passed. */
  early: number
  retryAt: number
}

export interface Traffic {
  organisations: Map<string, Usage>
  appMinute: number[]
}

export const createTraffic = (): Traffic => ({ organisations: new Map(), appMinute: [] })

export function usageOf(traffic: Traffic, tenantId: string): Usage {
  let usage = traffic.organisations.get(tenantId)
  if (!usage) {
    usage = {
      minute: [],
      dayStart: Number.NEGATIVE_INFINITY,
      day: 0,
      inFlight: 0,
      calls: 0,
      maxInMinute: 0,
      maxConcurrent: 0,
      refused: {},
      early: 0,
      retryAt: 0,
    }
    traffic.organisations.set(tenantId, usage)
  }
  return usage
}

function forget(window: number[], at: number): void {
  const first = window.findIndex((time) => time > at - minutes(1))
  window.splice(0, first === -1 ? window.length : first)
}

const tooMany = (problem: string, retryAfter?: number): Answer => ({
  status: 429,
  headers: {
    'x-rate-limit-problem': problem,
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  },
})

/** Counts the call, or says why it may not be made. Whoever gets undefined must call `leave` when the call is answered. */
export function enter(traffic: Traffic, limits: Limits, tenantId: string, at: number): Answer | undefined {
  const usage = usageOf(traffic, tenantId)
  forget(usage.minute, at)
  forget(traffic.appMinute, at)
  if (at - usage.dayStart >= days(1)) Object.assign(usage, { dayStart: at, day: 0 })
  if (at < usage.retryAt) usage.early += 1
  const refuse = (problem: string, freeAt?: number) => {
    usage.refused[problem] = (usage.refused[problem] ?? 0) + 1
    if (freeAt === undefined) return tooMany(problem)
    const seconds = Math.max(1, Math.ceil((freeAt - at) / 1000))
    usage.retryAt = at + seconds * 1000
    return tooMany(problem, seconds)
  }
  if (usage.day >= limits.day) return refuse('day', usage.dayStart + days(1))
  if (usage.minute.length >= limits.minute) return refuse('minute', (usage.minute[0] ?? at) + minutes(1))
  if (usage.inFlight >= limits.concurrent) return refuse('concurrent')
  if (traffic.appMinute.length >= limits.appMinute) return refuse('appminute')
  usage.minute.push(at)
  traffic.appMinute.push(at)
  usage.day += 1
  usage.calls += 1
  usage.inFlight += 1
  usage.maxInMinute = Math.max(usage.maxInMinute, usage.minute.length)
  usage.maxConcurrent = Math.max(usage.maxConcurrent, usage.inFlight)
  return undefined
}

export function leave(traffic: Traffic, tenantId: string): void {
  const usage = usageOf(traffic, tenantId)
  usage.inFlight = Math.max(0, usage.inFlight - 1)
}

/** Sent with every answer of the API, refusals too. */
export function limitHeaders(traffic: Traffic, limits: Limits, tenantId: string, at: number): Record<string, string> {
  const usage = usageOf(traffic, tenantId)
  forget(usage.minute, at)
  forget(traffic.appMinute, at)
  const day = at - usage.dayStart >= days(1) ? 0 : usage.day
  return {
    'x-daylimit-remaining': String(Math.max(0, limits.day - day)),
    'x-minlimit-remaining': String(Math.max(0, limits.minute - usage.minute.length)),
    'x-appminlimit-remaining': String(Math.max(0, limits.appMinute - traffic.appMinute.length)),
  }
}
