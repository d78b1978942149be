// A circuit breaker: after many failures in a short time nobody calls for a while, then one call tries. Without it an
// outage would be answered by every connection asking again and again.

export interface CircuitBreaker {
  /** Milliseconds since the epoch until which nobody may call; null when a call may be made now. */
  openUntil(now: number): number | null
  record(succeeded: boolean, now: number): void
}

export interface BreakerLimits {
  readonly failures: number
  readonly withinMs: number
  readonly openMs: number
}

export function circuitBreaker(limits: BreakerLimits): CircuitBreaker {
  let failures: number[] = []
  let closedAt: number | null = null
  return {
    openUntil(now) {
      if (closedAt === null) return null
      if (now < closedAt) return closedAt
      // Half open: this caller tries, and the others wait for what it finds.
      closedAt = now + limits.openMs
      return null
    },
    record(succeeded, now) {
      if (succeeded) {
        failures = []
        closedAt = null
        return
      }
      failures = [...failures.filter((at) => at > now - limits.withinMs), now]
      if (failures.length >= limits.failures) closedAt = now + limits.openMs
    },
  }
}
