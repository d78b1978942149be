// An attempt: one try to write one document to the accounting system, stored before the call is made.
import type { QueueAction } from './queue-item.ts'
import type { SyncError } from './sync-state.ts'

export type AttemptOutcome = 'sending' | 'written' | 'rejected' | 'refused' | 'unknown' | 'adopted'

export interface Attempt {
  readonly id: string
  readonly jobId: string | null
  readonly queueItemId: string | null
  readonly action: QueueAction
  readonly idempotencyKey: string
  readonly requestHash: string
  readonly outcome: AttemptOutcome
  readonly error: SyncError | null
  /** The remarks of the accounting system on a document that it took all the same. */
  readonly warnings: readonly string[]
  readonly startedAt: string
  readonly settledAt: string | null
}
