// The intent log: write calls and their documents, on record before the call is made. After a crash or a lost answer it
// says what to look up.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import type { Attempt, AttemptOutcome } from '../domain/attempt.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchState, LookUpProgress, WriteBatch } from '../domain/write-batch.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { json } from './json.ts'
import { pageOfRows } from './pages.ts'

const toBatch = (row: Selectable<Tables['write_batches']>): WriteBatch => ({
  id: row.id,
  jobId: row.job_id,
  list: row.list,
  operation: row.operation,
  body: row.body,
  bodyHash: row.body_hash,
  elements: row.elements,
  idempotencyKey: row.idempotency_key,
  state: row.state,
  sends: row.sends,
  negativeLookups: row.negative_lookups,
  lookUp: row.look_up,
  firstSentAt: row.first_sent_at,
  lastSentAt: row.last_sent_at,
  dueAt: row.due_at,
})

/** Puts a write call on record, with one attempt a document. Until it is settled no other call may take up its items. */
export async function insertBatch(
  db: Db,
  companyId: string,
  connectionId: string,
  batch: WriteBatch,
  attemptIds: readonly string[],
): Promise<void> {
  await db
    .insertInto('write_batches')
    .values({
      id: batch.id,
      company_id: companyId,
      connection_id: connectionId,
      job_id: batch.jobId,
      list: batch.list,
      operation: batch.operation,
      body: batch.body,
      elements: json(batch.elements),
      body_hash: batch.bodyHash,
      idempotency_key: batch.idempotencyKey,
      state: 'sending',
      sends: batch.sends,
      first_sent_at: batch.firstSentAt,
      last_sent_at: batch.lastSentAt,
      due_at: batch.dueAt,
      created_at: batch.firstSentAt,
    })
    .execute()
  await db
    .insertInto('attempts')
    .values(
      batch.elements.map((element, index) => ({
        id: attemptIds[index] ?? batch.id,
        company_id: companyId,
        connection_id: connectionId,
        batch_id: batch.id,
        job_id: batch.jobId,
        queue_item_id: element.queueItemId,
        record_type: element.recordType,
        record_id: element.recordId,
        action: element.action,
        idempotency_key: batch.idempotencyKey,
        request_hash: batch.bodyHash,
        outcome: 'sending' as const,
        started_at: batch.firstSentAt,
      })),
    )
    .execute()
  const itemIds = batch.elements.map((element) => element.queueItemId)
  await db
    .updateTable('sync_queue_items')
    .set({ batch_id: batch.id })
    .where('company_id', '=', companyId)
    .where(sql<boolean>`id = ANY (${itemIds}::uuid[])`)
    .execute()
}

/** Locks a batch for the transaction; null when it is settled already, by whoever knew first. */
export async function lockBatch(tx: Db, id: string): Promise<WriteBatch | null> {
  const row = await tx
    .selectFrom('write_batches')
    .selectAll()
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ? toBatch(row) : null
}

/** Write calls of a connection whose outcome is not known, the earliest due first. */
export async function openBatches(db: Db, companyId: string, connectionId: string): Promise<WriteBatch[]> {
  const rows = await db
    .selectFrom('write_batches')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('settled_at', 'is', null)
    .orderBy(sql`due_at NULLS FIRST`)
    .orderBy('id')
    .execute()
  return rows.map(toBatch)
}

/** Of these ids, those of documents that this service removed. */
export async function removedByUs(db: Db, connectionId: string, remoteIds: readonly string[]): Promise<Set<string>> {
  if (remoteIds.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT e->>'remoteId' AS id FROM write_batches b, jsonb_array_elements(b.elements) e
    WHERE b.connection_id = ${connectionId}::uuid AND b.operation = 'remove'
      AND e->>'remoteId' = ANY (${[...remoteIds]}::text[])`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

export interface BatchChange {
  readonly state?: BatchState
  readonly sends?: number
  readonly negativeLookups?: number
  readonly lookUp?: LookUpProgress | null
  readonly firstSentAt?: string
  readonly lastSentAt?: string
  readonly dueAt?: string | null
  readonly settledAt?: string
}

export async function changeBatch(db: Db, id: string, change: BatchChange): Promise<void> {
  await db
    .updateTable('write_batches')
    .set({
      ...(change.state !== undefined && { state: change.state }),
      ...(change.sends !== undefined && { sends: change.sends }),
      ...(change.negativeLookups !== undefined && { negative_lookups: change.negativeLookups }),
      ...(change.lookUp !== undefined && { look_up: change.lookUp && json(change.lookUp) }),
      ...(change.firstSentAt !== undefined && { first_sent_at: change.firstSentAt }),
      ...(change.lastSentAt !== undefined && { last_sent_at: change.lastSentAt }),
      ...(change.dueAt !== undefined && { due_at: change.dueAt }),
      ...(change.settledAt !== undefined && { settled_at: change.settledAt }),
    })
    .where('id', '=', id)
    .execute()
}

export interface AttemptResult {
  readonly queueItemId: string
  readonly outcome: AttemptOutcome
  readonly error: SyncError | null
  readonly warnings: readonly string[]
}

export async function settleAttempts(
  db: Db,
  batchId: string,
  results: readonly AttemptResult[],
  now: string,
): Promise<void> {
  if (results.length === 0) return
  await sql`
    UPDATE attempts a SET outcome = r.outcome, error = r.error, warnings = r.warnings, settled_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${json(results)}::jsonb) AS r("queueItemId" uuid, outcome text, error jsonb,
      warnings jsonb)
    WHERE a.batch_id = ${batchId}::uuid AND a.queue_item_id = r."queueItemId"`.execute(db)
}

/** The answer was lost: until it is found out, nobody is told that it is on its way. */
export async function loseAttempts(db: Db, batchId: string): Promise<void> {
  await db
    .updateTable('attempts')
    .set({ outcome: 'unknown' })
    .where('batch_id', '=', batchId)
    .where('settled_at', 'is', null)
    .execute()
}

/** Newest first. */
export async function listAttempts(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordId: string,
  page: PageRequest,
): Promise<Page<Attempt>> {
  const rows = db
    .selectFrom('attempts')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('record_type', '=', type)
    .where('record_id', '=', recordId)
    .$if(page.after !== null, (query) => query.where('id', '<', String(page.after?.[0])))
    .orderBy('id', 'desc')
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: sql`id DESC`,
    long: ['error', 'warnings'],
    toItem: (row) => ({
      id: row.id,
      jobId: row.job_id,
      queueItemId: row.queue_item_id,
      action: row.action,
      idempotencyKey: row.idempotency_key,
      requestHash: row.request_hash,
      outcome: row.outcome,
      error: row.error,
      warnings: row.warnings,
      startedAt: row.started_at,
      settledAt: row.settled_at,
    }),
    positionOf: (row) => [row.id],
  })
}
