// What a queue item of the export is laid on the desk with, and what the desk decides.
import type { Posted } from '../domain/posting/posted.ts'
import type { QueueItem } from '../domain/queue-item.ts'
import type { RecordReference, SyncError } from '../domain/sync-state.ts'
import type { Link } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'

export interface Candidate {
  readonly item: QueueItem
  readonly record: StoredRecord
  readonly link: Link | null
}

export type Plan =
  | { readonly kind: 'send'; readonly document: Posted; readonly link: Link | null }
  /** It stands in Xero already: link it, then come again. */
  | {
      readonly kind: 'adopt'
      readonly type: 'item' | 'customer' | 'vendor'
      readonly entity: RemoteEntity
      readonly by: string
    }
  /** The settings keep it out; the error says what becomes of a document that was sent before. */
  | { readonly kind: 'excluded'; readonly error: SyncError | null }
  /** The record is not there any more. */
  | { readonly kind: 'gone' }
  /** The outcome of a record that it refers to is not known yet. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'blocked'; readonly by: RecordReference; readonly error: SyncError }
  | { readonly kind: 'failed' | 'conflict'; readonly error: SyncError }
