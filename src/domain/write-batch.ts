// A write call as it is put on record before it is made: the frozen text, its key, and what each of its documents is.
import type { RecordType, RemoteList } from './entity-types.ts'
import type { FoundDocument } from './found-document.ts'
import type { Standing } from './imported-entity.ts'
import type { Fields } from './merging.ts'
import type { Posted, Removal } from './posting/posted.ts'
import type { QueueAction, Refused } from './queue-item.ts'
import type { Amendment } from './standing-document.ts'
import type { SyncError } from './sync-state.ts'

export type BatchOperation = 'create' | 'update' | 'remove'

/** sending: the call was about to be made, and its answer is not on record. uncertain: the answer was lost. */
export type BatchState = 'sending' | 'uncertain' | 'settled'

/** The outcome of a record whose document is only a stage, and the last one. */
export interface TellAfter {
  readonly status: 'failed' | 'conflict'
  readonly error: SyncError
  readonly refused: Refused | null
}

export interface BatchElement {
  readonly queueItemId: string
  readonly recordType: RecordType
  readonly recordId: string
  readonly action: QueueAction
  readonly posted: Posted | null
  readonly removal: Removal | null
  readonly remoteId: string | null
  readonly lineIds: Readonly<Record<string, string>>
  readonly marker: string
  readonly postedHash: string
  /** The request to send it once more that is carried out with it. */
  readonly request?: string
  /** Content of the record that is sent. */
  readonly recordHash?: string
  readonly amendment?: Amendment
  /** Tells a refusal of the same from one of something else. */
  readonly refusalHash?: string
  /** Stamp of the document as it stood when it was looked at. */
  readonly seenAs?: string | null
  /** Of a contact or item that is changed: as it was last seen. */
  readonly standing?: Standing | null
  /** Of an invoice or bill that stands there: pointers to the fields of it that the record does not hold. */
  readonly unheld?: readonly string[]
  /** Fields that are left as they stand. */
  readonly left?: readonly string[]
  /** Of a contact or item: the fields of the record that the document was made of. */
  readonly fields?: Fields | null
  /** Of a contact or item: the fields as the product had last handed them over. */
  readonly handed?: Fields | null
  /** The document is only a stage on the way: the record's own document is sent after it. */
  readonly isInterim?: boolean
  /** Nothing more is sent after it: this is told of the record. */
  readonly tellAfter?: TellAfter
  /** Something of the record is in dispute and not in the document: once it is sent, the rest is told as a conflict. */
  readonly isPartial?: boolean
}

/** The findings of a look-up so far. */
export interface LookUpProgress {
  readonly begunAt: string
  readonly found: readonly FoundDocument[]
  /** Markers that were not asked for yet; none when all was seen. */
  readonly unseen: readonly string[]
  /** The time when the changes since were looked through as well, and none of them was one of the documents. */
  readonly soughtAt?: string
}

export interface WriteBatch {
  readonly id: string
  readonly jobId: string | null
  readonly list: RemoteList
  readonly operation: BatchOperation
  readonly body: string
  readonly bodyHash: string
  readonly elements: readonly BatchElement[]
  /** One key for ever: a replay of the same text is recognised at the other side (xero.md, Idempotency). */
  readonly idempotencyKey: string
  readonly state: BatchState
  readonly sends: number
  readonly negativeLookups: number
  readonly lookUp: LookUpProgress | null
  readonly firstSentAt: string
  readonly lastSentAt: string
  readonly dueAt: string | null
}
