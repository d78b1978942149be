// What a call to the accounting system that brought nothing is to the one who asked for it. Waiting has several reasons, and
// each has another remedy: the limits, the service's own credentials, or the other side being away.
import { type ProblemError, problem } from '../domain/errors.ts'
import type { SyncError } from '../domain/sync-state.ts'

/** Of a CallResult or of an Access. */
export type Hindered =
  | { readonly kind: 'wait'; readonly until: string; readonly error: SyncError }
  | { readonly kind: 'refused' | 'lost' | 'unknown' | 'reconnect'; readonly error: SyncError }

const ofWaiting = (code: string) => {
  if (code === 'encryption_key_missing') return 'unavailable'
  return code === 'throttled' ? 'xero_throttled' : code === 'application_credentials' ? code : 'xero_unreachable'
}

export function callProblem(hindered: Hindered, now: Date): ProblemError {
  const { error } = hindered
  if (hindered.kind === 'wait') {
    const waitMs = Date.parse(hindered.until) - now.getTime()
    const extra = { retryAt: hindered.until, retryAfter: Math.max(1, Math.ceil(waitMs / 1000)) }
    return problem(ofWaiting(error.code), error.cause, { extra })
  }
  const lost = hindered.kind === 'lost' || hindered.kind === 'reconnect'
  return problem(lost ? 'connection_not_active' : 'xero_unreachable', error.cause, { action: error.action })
}
