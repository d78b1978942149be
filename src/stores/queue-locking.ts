// Queue items that a job holds: locked for it, settled, put off, released. Each is one statement for any number of items.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import { type RecordType, recordTypes } from '../domain/entity-types.ts'
import type { QueueItem, QueueStatus, Refused } from '../domain/queue-item.ts'
import type { RecordReference, SyncError } from '../domain/sync-state.ts'
import { json } from './json.ts'
import { toQueueItem } from './queue-items.ts'

/**
 * A job takes every waiting item of its connection, or only those of one record. A record whose earlier item is still
 * held (its outcome is uncertain) waits for the next job. Answers the number by type.
 */
export async function lockForJob(
  db: Db,
  companyId: string,
  connectionId: string,
  jobId: string,
  only: RecordReference | null,
  now: string,
): Promise<Map<RecordType, number>> {
  const { rows: taken } = await sql<QueuedRecord>`
    UPDATE sync_queue_items q SET status = 'locked', job_id = ${jobId}::uuid, next_step_at = NULL, updated_at = ${now}::timestamptz
    WHERE q.company_id = ${companyId} AND q.connection_id = ${connectionId}::uuid
      AND q.status IN ('pending', 'failed', 'blocked', 'conflict')
      AND (${only?.type ?? null}::text IS NULL OR (q.record_type = ${only?.type ?? null} AND q.record_id = ${only?.id ?? null}))
      -- One look at the index an item. As NOT EXISTS it became a join, which is quadratic while there are no statistics.
      AND (SELECT h.id FROM sync_queue_items h WHERE h.connection_id = q.connection_id AND h.record_type = q.record_type
        AND h.record_id = q.record_id AND h.status IN ('locked', 'uncertain') LIMIT 1) IS NULL
    RETURNING q.record_type, q.record_id`.execute(db)
  await markRecords(db, connectionId, taken, 'locked')
  return new Map(recordTypes.map((type) => [type, taken.filter((row) => row.record_type === type).length]))
}

interface QueuedRecord {
  readonly record_type: RecordType
  readonly record_id: string
}

/** A list of ids costs as much as it is long; a join of as many rows may be quadratic while there are no statistics. */
async function markRecords(
  db: Db,
  connectionId: string,
  rows: readonly QueuedRecord[],
  state: 'locked' | 'pending' | 'uncertain',
): Promise<void> {
  for (const type of recordTypes) {
    const ids = rows.filter((row) => row.record_type === type).map((row) => row.record_id)
    if (ids.length === 0) continue
    await sql`
      UPDATE records SET sync_state = ${state}
      WHERE connection_id = ${connectionId}::uuid AND type = ${type} AND id = ANY (${ids}::text[])`.execute(db)
  }
}

/**
 * Items that a job still has to handle: locked, of one type and kind of action, not put off, oldest first. One that stands
 * in a write call whose answer is not on record (its process died) is left to the settling of outcomes.
 */
export async function lockedItems(
  db: Db,
  companyId: string,
  jobId: string,
  type: RecordType,
  removal: boolean,
  limit: number,
): Promise<(QueueItem & { readonly refused: Refused | null })[]> {
  const rows = await db
    .selectFrom('sync_queue_items')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where('status', '=', 'locked')
    .where('record_type', '=', type)
    .where('action', removal ? '=' : '!=', 'delete')
    .where('next_step_at', 'is', null)
    .where('batch_id', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...toQueueItem(row), refused: row.refused }))
}

/** Which of these records a job still has to delete, or to create or change. */
export async function lockedRecords(
  db: Db,
  companyId: string,
  jobId: string,
  { type, removal }: { readonly type: RecordType; readonly removal: boolean },
  recordIds: readonly string[],
): Promise<Set<string>> {
  if (recordIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('sync_queue_items')
    .select('record_id')
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where('status', '=', 'locked')
    .where('record_type', '=', type)
    .where('action', removal ? '=' : '!=', 'delete')
    .where(sql<boolean>`record_id = ANY (${recordIds}::text[])`)
    .execute()
  return new Set(rows.map((row) => row.record_id))
}

/** Whether a job holds what was refused like this the last time. */
export async function holdsRefused(db: Db, companyId: string, jobId: string, code: string): Promise<boolean> {
  const row = await db
    .selectFrom('sync_queue_items')
    .select('id')
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where('status', '=', 'locked')
    .where(sql<boolean>`last_error->>'code' = ${code}`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export interface Settlement {
  readonly itemId: string
  readonly status: QueueStatus
  readonly error: SyncError | null
  readonly blockedBy: RecordReference | null
  /** True when a document was really sent: a throttled or skipped one is no attempt. */
  readonly attempted: boolean
  readonly nextStepAt: string | null
  /** What was refused for good; left out: nothing was. */
  readonly refused?: Refused | null
}

/** Settles held items. One that would wait again beside a newer request is superseded by it. */
export async function settleItems(
  db: Db,
  companyId: string,
  settlements: readonly Settlement[],
  now: string,
): Promise<void> {
  if (settlements.length === 0) return
  // "|| ''" keeps the planner from the index of held items: while it believes them few, it would read all of them.
  await sql`
    UPDATE sync_queue_items q SET
      status = CASE WHEN s.status IN ('pending', 'failed', 'blocked', 'conflict') AND EXISTS (
          SELECT 1 FROM sync_queue_items w WHERE w.connection_id = q.connection_id AND w.record_type = q.record_type
            AND w.record_id = q.record_id AND w.status IN ('pending', 'failed', 'blocked', 'conflict')) THEN 'superseded' ELSE s.status END,
      last_error = s.error, blocked_by = s."blockedBy",
      attempts = q.attempts + CASE WHEN s.attempted THEN 1 ELSE 0 END,
      batch_id = CASE WHEN s.status = 'uncertain' THEN q.batch_id END, next_step_at = s."nextStepAt", refused = s.refused, updated_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${json(settlements)}::jsonb) AS s("itemId" uuid, status text, error jsonb, "blockedBy" jsonb,
      attempted boolean, "nextStepAt" timestamptz, refused jsonb)
    WHERE q.id = s."itemId" AND q.company_id = ${companyId} AND q.status || '' IN ('locked', 'uncertain')`.execute(db)
}

/** Puts locked items off until other outcomes are known; `null` takes them up again. */
export async function postponeLocked(
  db: Db,
  companyId: string,
  jobId: string,
  itemIds: readonly string[] | 'all',
  until: string | null,
): Promise<void> {
  await db
    .updateTable('sync_queue_items')
    .set({ next_step_at: until })
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where('status', '=', 'locked')
    .$if(itemIds !== 'all', (query) => query.where(sql<boolean>`id = ANY (${itemIds}::uuid[])`))
    .execute()
}

/**
 * What a job held and did not send goes back to the queue; beside a newer request it is superseded. What stands in a write
 * call whose answer is not on record is uncertain: the next job finds out what became of it.
 */
export async function releaseLocked(db: Db, companyId: string, jobId: string, now: string): Promise<void> {
  const { rows: released } = await sql<QueuedRecord & { connection_id: string; status: string }>`
    UPDATE sync_queue_items q SET
      status = CASE WHEN q.batch_id IS NOT NULL THEN 'uncertain' WHEN EXISTS (SELECT 1 FROM sync_queue_items w WHERE w.connection_id = q.connection_id
        AND w.record_type = q.record_type AND w.record_id = q.record_id
        AND w.status IN ('pending', 'failed', 'blocked', 'conflict')) THEN 'superseded' ELSE 'pending' END,
      next_step_at = NULL, updated_at = ${now}::timestamptz
    WHERE q.company_id = ${companyId} AND q.job_id = ${jobId}::uuid AND q.status = 'locked'
    RETURNING q.connection_id, q.record_type, q.record_id, q.status`.execute(db)
  const [first] = released
  if (!first) return
  const isUncertain = ({ status }: { status: string }) => status === 'uncertain'
  await markRecords(db, first.connection_id, released.filter(isUncertain), 'uncertain')
  await markRecords(
    db,
    first.connection_id,
    released.filter((row) => !isUncertain(row)),
    'pending',
  )
}
