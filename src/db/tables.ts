// One interface a table, in the value types that both databases are made to return (see value-types.ts): int8 and int4
// number, numeric string, date YYYY-MM-DD, timestamptz ISO-8601 UTC, arrays of the same, jsonb parsed.
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { AttemptOutcome } from '../domain/attempt.ts'
import type { ConnectionStatus, GrantedOrganisation, OrganisationSummary } from '../domain/connection.ts'
import type { RecordType, RemoteList } from '../domain/entity-types.ts'
import type { IncidentKind } from '../domain/incident.ts'
import type { Fields } from '../domain/merging.ts'
import type { Posted } from '../domain/posting/posted.ts'
import type { QueueAction, QueueStatus, Refused } from '../domain/queue-item.ts'
import type { ReferenceListName } from '../domain/reference-lists.ts'
import type { SentMarks, StandingContent, StandingDocument } from '../domain/standing-document.ts'
import type { JobProgress, JobStatus, SyncJob } from '../domain/sync-job.ts'
import type { RecordReference, SyncError, SyncStateName } from '../domain/sync-state.ts'
import type { BatchElement, BatchOperation, BatchState, LookUpProgress } from '../domain/write-batch.ts'

/** jsonb: read as a value, written as JSON text (a driver would turn an array into a PostgreSQL array). */
type Text<T> = null extends T ? string | null : string
export type Json<T> = ColumnType<T, null extends T ? Text<T> | undefined : Text<T>, Text<T>>
/** UTC, ISO-8601. */
type Instant = string

interface Owned {
  company_id: string
  connection_id: string
}

export interface Tables {
  api_keys: {
    id: string
    company_id: string | null
    name: string
    secret_hash: string
    created_at: Instant
    last_used_at: Instant | null
    expires_at: Instant | null
    revoked_at: Instant | null
  }
  idempotency_keys: {
    company_id: string
    route: string
    key: string
    fingerprint: string
    response: Json<{ status: number; headers: Record<string, string>; body: string } | null>
    created_at: Instant
  }
  token_sets: {
    id: string
    company_id: string
    remote_user_id: string | null
    sealed: string
    scopes: string[]
    access_expires_at: Instant
    rotated_at: Instant
    version: Generated<number>
    epoch: Generated<number>
    lease_owner: string | null
    lease_until: Instant | null
    refresh_started_at: Instant | null
    invalid_since: Instant | null
    created_at: Instant
  }
  connections: {
    id: string
    company_id: string
    status: ConnectionStatus
    organisation: Json<OrganisationSummary | null>
    organisation_id: string | null
    remote_connection_id: string | null
    token_set_id: string | null
    reason: string | null
    next_run_at: Instant | null
    look_up_first_since: Instant | null
    first_read_at: Instant | null
    shares_organisation: Generated<boolean>
    created_at: Instant
    updated_at: Instant
  }
  /** A known text, sealed with each key that sealed anything. */
  encryption_key_checks: { key_id: string; sealed: string }
  database_identity: { one: Generated<boolean>; identity: string }
  connect_sessions: Owned & {
    id: string
    link_hash: string
    state_hash: string | null
    return_url: string | null
    expires_at: Instant
    claimed_at: Instant | null
    completion_hash: string | null
    token_set_id: string | null
    granted: Json<(GrantedOrganisation & { remoteConnectionId: string })[] | null>
    confirmed_at: Instant | null
    created_at: Instant
  }
  budgets: {
    organisation_id: string
    recent_calls: number[]
    running_until: number[]
    day_calls: number
    day_interactive: Generated<number>
    day_resolution: Generated<number>
    day_limit: number | null
    day_started_at: Instant
    blocked_until: Instant | null
    blocked_reason: string | null
  }
  app_budget: {
    one: Generated<boolean>
    second: Generated<number>
    calls: Generated<number>
    blocked_until: Instant | null
    credentials_refused_since: Instant | null
  }
  settings: Owned & { document: Json<Record<string, unknown>>; version: number; updated_at: Instant }
  reference_lists: Owned & { name: ReferenceListName; entries: Json<unknown[]>; fetched_at: Instant }
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
    /** Fields of a contact or item as last handed over. */
    handed: Json<Fields | null>
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
  sync_jobs: Owned & {
    id: string
    status: JobStatus
    kind: SyncJob['kind']
    trigger: SyncJob['trigger']
    slot: Instant | null
    steps: Json<string[]>
    progress: Json<JobProgress>
    sent_requests: Generated<number>
    received_responses: Generated<number>
    troubles: Generated<number>
    error: Json<SyncError | null>
    waiting_until: Instant | null
    waiting_reason: string | null
    cancel_requested: Generated<boolean>
    lease_owner: string | null
    lease_until: Instant | null
    epoch: Generated<number>
    last_served_at: Instant
    created_at: Instant
    started_at: Instant | null
    completed_at: Instant | null
  }
  sync_queue_items: Owned & {
    id: string
    record_type: RecordType
    record_id: string
    record_name: string | null
    action: QueueAction
    status: QueueStatus
    attempts: Generated<number>
    last_error: Json<SyncError | null>
    blocked_by: Json<RecordReference | null>
    job_id: string | null
    batch_id: string | null
    refused: Json<Refused | null>
    next_step_at: Instant | null
    created_at: Instant
    updated_at: Instant
  }
  sync_job_errors: Owned & {
    job_id: string
    queue_item_id: string
    status: QueueStatus
    attempts: number
    error: Json<SyncError>
    blocked_by: Json<RecordReference | null>
    created_at: Instant
  }
  write_batches: Owned & {
    id: string
    job_id: string | null
    list: RemoteList
    operation: BatchOperation
    body: string
    elements: Json<BatchElement[]>
    body_hash: string
    idempotency_key: string
    state: BatchState
    sends: Generated<number>
    negative_lookups: Generated<number>
    look_up: Json<LookUpProgress | null>
    first_sent_at: Instant
    last_sent_at: Instant
    due_at: Instant | null
    created_at: Instant
    settled_at: Instant | null
  }
  attempts: Owned & {
    id: string
    batch_id: string
    job_id: string | null
    queue_item_id: string
    record_type: RecordType
    record_id: string
    action: QueueAction
    idempotency_key: string
    request_hash: string
    outcome: AttemptOutcome
    error: Json<SyncError | null>
    warnings: ColumnType<string[], string | undefined, string>
    started_at: Instant
    settled_at: Instant | null
  }
  import_states: Owned & {
    list: 'contacts' | 'items'
    watermark: Instant | null
    run_started_at: Instant | null
    run_since: Instant | null
    next_page: number | null
    sweep: Generated<number>
    rows_without_id: Generated<number>
  }
  odd_rows: Owned & {
    list: 'contacts' | 'items'
    remote_id: string
    reason: string
    rows: number
    first_seen_at: Instant
    last_seen_at: Instant
  }
  incidents: Owned & {
    id: string
    kind: IncidentKind
    list: 'invoices' | 'items'
    marker: string
    remote_ids: string[]
    record_type: RecordType | null
    record_id: string | null
    detected_at: Instant
    resolved_at: Instant | null
  }
  written_documents: Owned & { list: 'invoices'; remote_id: string; marker: string; live: boolean }
  sweeps: Owned & {
    due_at: Instant
    watermark: Instant | null
    run_started_at: Instant | null
    run_since: Instant | null
    next_page: number | null
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

/** The database, or a transaction on it: store functions take either. */
export type Db = Kysely<Tables>
