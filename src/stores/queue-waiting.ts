// Queue items that wait: opened, found, ended, for any number of records in one statement. The partial unique indexes keep at
// most one waiting and one held item a record, whoever races.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { type QueueAction, type QueueItem, waitingStatuses } from '../domain/queue-item.ts'
import { json } from './json.ts'
import { findOpenItems, toQueueItem } from './queue-items.ts'

export interface QueueRequest {
  /** Of the item, when a new one is opened. */
  readonly itemId: string
  readonly recordId: string
  readonly recordName: string | null
  readonly action: QueueAction
  /** Id of a person's request to send it once more. */
  readonly request?: string
}

/** Opens items of one record type; a record that waits already keeps its item, which is pending afresh. */
export async function openQueueItems(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  requests: readonly QueueRequest[],
  now: string,
): Promise<{ opened: number }> {
  if (requests.length === 0) return { opened: 0 }
  const { rows } = await sql<{ inserted: boolean }>`
    INSERT INTO sync_queue_items (id, company_id, connection_id, record_type, record_id, record_name, action, status, request, created_at, updated_at)
    SELECT r."itemId", ${companyId}, ${connectionId}::uuid, ${type}, r."recordId", r."recordName", r.action, 'pending',
           r.request, ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(requests)}::jsonb) AS r("itemId" uuid, "recordId" text, "recordName" text, action text, request uuid)
    ON CONFLICT (connection_id, record_type, record_id) WHERE status IN ('pending', 'failed', 'blocked', 'conflict')
    DO UPDATE SET status = 'pending', action = excluded.action, record_name = excluded.record_name, blocked_by = NULL, refused = NULL,
      request = coalesce(excluded.request, sync_queue_items.request), updated_at = excluded.updated_at
    RETURNING (xmax = 0) AS inserted`.execute(db)
  return { opened: rows.filter((row) => row.inserted).length }
}

/** Refusals of records that were handed over once more, just as they were, are tried again. */
export async function forgetRefusals(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return
  await db
    .updateTable('sync_queue_items')
    .set({ refused: null })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('record_type', '=', type)
    .where('status', '=', 'failed')
    .where(sql<boolean>`record_id = ANY (${recordIds}::text[])`)
    .execute()
}

/** The waiting items of these records, by record id. */
export async function findWaiting(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
): Promise<Map<string, QueueItem>> {
  const items = await findOpenItems(db, companyId, connectionId, type, recordIds, waitingStatuses)
  return new Map(items.map((item) => [item.recordId, item]))
}

/** Records that have an open item, waiting or held. */
export async function recordsWithOpenItem(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
): Promise<Set<string>> {
  const items = await findOpenItems(db, companyId, connectionId, type, recordIds)
  return new Set(items.map(({ recordId }) => recordId))
}

/** Ends waiting items of these records. */
export async function endWaiting(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
  status: 'cancelled' | 'superseded',
  now: string,
): Promise<number> {
  if (recordIds.length === 0) return 0
  const result = await db
    .updateTable('sync_queue_items')
    .set({ status, updated_at: now })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('record_type', '=', type)
    .where('status', 'in', [...waitingStatuses])
    .where(sql<boolean>`record_id = ANY (${recordIds}::text[])`)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/**
 * Ends the waiting item of a record that is in conflict for one of these reasons, and returns it as it was; null when there is
 * none any more: a job took it, or the record was handed over anew.
 */
export async function cancelConflict(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordId: string,
  codes: readonly string[],
  now: string,
): Promise<QueueItem | null> {
  const row = await db
    .updateTable('sync_queue_items')
    .set({ status: 'cancelled', updated_at: now })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('record_type', '=', type)
    .where('record_id', '=', recordId)
    .where('status', '=', 'conflict')
    .where(sql<boolean>`last_error->>'code' = ANY (${codes}::text[])`)
    .returningAll()
    .executeTakeFirst()
  return row ? toQueueItem(row) : null
}

/** Removes one waiting item by hand; false when it is not waiting any more. */
export async function cancelWaiting(db: Db, companyId: string, itemId: string, now: string): Promise<boolean> {
  const result = await db
    .updateTable('sync_queue_items')
    .set({ status: 'cancelled', updated_at: now })
    .where('company_id', '=', companyId)
    .where('id', '=', itemId)
    .where('status', 'in', [...waitingStatuses])
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
