// Records of the product and their counterparts in Xero: records, links, the mirror, the change feed.
import type { ColumnType, Generated } from 'kysely'
import type { RecordType } from '../../domain/entity-types.ts'
import type { Fields } from '../../domain/merging.ts'
import type { LeftAgreement } from '../../domain/met-again.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { DecimalsAsSent } from '../../domain/records/decimals-as-sent.ts'
import type { SentMarks, StandingContent, StandingDocument } from '../../domain/standing-document.ts'
import type { SyncError, SyncStateName } from '../../domain/sync-state.ts'
import type { Untaken } from '../../domain/untaken-edits.ts'
import type { Instant, Json, Owned } from './columns.ts'

export interface RecordTables {
  records: Owned & {
    type: RecordType
    id: string
    origin: 'product' | 'import' | 'service'
    body: Json<Record<string, unknown>>
    content_hash: string
    version: number | null
    name: string | null
    status: string | null
    sync_state: SyncStateName
    last_error: Json<SyncError | null>
    last_synced_at: Instant | null
    next_step_at: Instant | null
    former_document: Json<Posted | null>
    /** Ids of documents of ours that the record was unlinked from. */
    left_documents: Json<string[] | null>
    /** Of contacts or items that the record was unlinked from: what both had in common. */
    left_agreements: Json<LeftAgreement[] | null>
    /** Fields of a contact or item as last handed over. */
    handed: Json<Fields | null>
    /** Fields and parts of it in which it speaks over what the record had learned. */
    spoken_over: Json<string[] | null>
    /** JSON pointers of decimals that the product wrote otherwise than in canonical form, with their texts. */
    decimals_as_sent: Json<DecimalsAsSent | null>
    /** Length of body and decimals_as_sent as texts; the database reckons it. */
    shown_bytes: ColumnType<number, never, never>
    created_at: Instant
    updated_at: Instant
    deleted_at: Instant | null
  }
  links: Owned & {
    type: RecordType
    record_id: string
    remote_id: string
    number: string | null
    status: string | null
    remote_updated_at: Instant | null
    line_ids: Json<Record<string, string>>
    marker: string | null
    /** Fields that both sides last agreed on. */
    agreed: Json<Fields | null>
    /** Its contact was merged into one that another record of the type is. */
    follows_merge: Generated<boolean>
    /** A merge brought it to its contact. */
    moved_by_merge: Generated<boolean>
    /** Names of fields that the product took away and that Xero keeps. */
    left_over: Json<string[] | null>
    /** Edits in Xero that settings keep from the record: what it says, and what a write of it leaves there. */
    untaken: Json<Untaken | null>
    posted_hash: string | null
    matched_by: string | null
    content: Json<StandingContent | null>
    sent: Json<SentMarks | null>
    seen: Json<StandingDocument | null>
    looked_in: string | null
    looked_at: Instant | null
    amount_due: string | null
    fully_paid_on: string | null
    record_hash: string | null
    created_at: Instant
    updated_at: Instant
  }
  remote_entities: Owned & {
    list: 'contacts' | 'items'
    remote_id: string
    name: string
    contact_number: string | null
    account_number: string | null
    tax_number: string | null
    email: string | null
    code: string | null
    /** Quantity on hand of an item whose stock Xero keeps. */
    stock: string | null
    archived: boolean
    merged_into: string | null
    is_customer: boolean
    is_vendor: boolean
    fields: Json<Record<string, unknown>>
    /** What the fields cannot express, in the accounting system's own form. */
    kept: Json<Record<string, unknown>>
    fields_hash: string
    remote_updated_at: Instant | null
    seen_in_sweep: number
    missing_since: Instant | null
    created_at: Instant
  }
  import_states: Owned & {
    list: 'contacts' | 'items'
    watermark: Instant | null
    run_started_at: Instant | null
    run_since: Instant | null
    next_page: number | null
    sweep: Generated<number>
    rows_without_id: Generated<number>
    compared_at: Instant | null
  }
  odd_rows: Owned & {
    list: 'contacts' | 'items' | 'invoices'
    remote_id: string
    reason: string
    rows: number
    first_seen_at: Instant
    last_seen_at: Instant
  }
  change_counters: Owned & { latest: number }
  changes: Owned & {
    sequence: number
    record_type: 'item' | 'customer' | 'vendor'
    record_id: string
    operation: 'created' | 'updated' | 'deleted'
    record: Json<Record<string, unknown> | null>
    remote_id: string | null
    job_id: string | null
    changed_at: Instant
  }
}
