// What came back over the wire, before anybody believes it: no request, no headers that were sent, no error object, so
// that nothing which holds a token can travel further than client.ts.
import type { ObservedLimits } from '../provider.ts'

export interface Answer {
  /** 0 when no complete answer arrived; `fault` then holds the short code of what happened, such as ECONNRESET. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON with every number as text, or the text itself where it is not JSON. */
  readonly body: unknown
  readonly fault: string | null
}

const count = (text: string | undefined): number | null => (text && /^\d+$/.test(text) ? Number(text) : null)

/** Headers are missing on some answers, also on some 429s (xero.md, Limits): null says nothing was said. */
export const limitsOf = ({ headers }: Answer): ObservedLimits => ({
  minuteRemaining: count(headers['x-minlimit-remaining']),
  dayRemaining: count(headers['x-daylimit-remaining']),
  appMinuteRemaining: count(headers['x-appminlimit-remaining']),
})

/** Seconds to wait, from the header alone: Xero's windows are not documented well enough to compute (xero.md, Limits). */
export const retryAfterOf = ({ headers }: Answer): number | null => count(headers['retry-after'])
