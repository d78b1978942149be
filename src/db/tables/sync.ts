// The work: jobs, the queue, writes and their attempts, incidents and the sweep that finds them.
import type { ColumnType, Generated } from 'kysely'
import type { AttemptOutcome } from '../../domain/attempt.ts'
import type { RecordType, RemoteList } from '../../domain/entity-types.ts'
import type { IncidentKind } from '../../domain/incident.ts'
import type { QueueAction, QueueStatus, Refused } from '../../domain/queue-item.ts'
import type { JobProgress, JobStatus, SyncJob } from '../../domain/sync-job.ts'
import type { RecordReference, SyncError } from '../../domain/sync-state.ts'
import type { BatchElement, BatchOperation, BatchState, LookUpProgress } from '../../domain/write-batch.ts'
import type { Instant, Json, Owned } from './columns.ts'

export interface SyncTables {
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
    request: string | null
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
}
