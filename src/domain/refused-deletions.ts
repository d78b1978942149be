// A deletion that Xero refuses is ended in other ways than a change: nothing can be corrected on the record, and the deletion cannot be
// taken out of the queue.
import { type SyncErrorCode, syncErrors } from './sync-errors.ts'
import type { SyncError } from './sync-state.ts'

export const leftByUnlinking =
  'To leave it in Xero, unlink the record with DELETE …/link: the next sync job then ends the deletion without a call.'

const ways: Partial<Record<SyncErrorCode, string>> = {
  not_modifiable: 'Remove the payment or credit in Xero, then run a sync job.',
  period_locked: 'Move the lock date in Xero, then run a sync job.',
}

/** Errors that say themselves how a deletion is ended. */
const ownWays: readonly string[] = ['item_in_use']

/** The same error, with the calls that end the deletion; more exact words of its own stay. */
export function wordedForDeletion(error: SyncError): SyncError {
  const general = syncErrors[error.code as SyncErrorCode]
  if (!general || error.retryable || error.action !== general.action || ownWays.includes(error.code)) return error
  return { ...error, action: `${ways[error.code as SyncErrorCode] ?? general.action} ${leftByUnlinking}` }
}
