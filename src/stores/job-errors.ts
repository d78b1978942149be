// The items that a job could not bring over, as they were at that time: the queue item itself goes on to later jobs and changes.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { QueueItem, QueueStatus } from '../domain/queue-item.ts'
import type { RecordReference, SyncError } from '../domain/sync-state.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { json } from './json.ts'
import { pageOfRows } from './pages.ts'
import { toQueueItem } from './queue-items.ts'

export interface JobErrorEntry {
  readonly itemId: string
  readonly status: QueueStatus
  readonly error: SyncError
  readonly blockedBy: RecordReference | null
}

export async function saveJobErrors(
  db: Db,
  companyId: string,
  connectionId: string,
  jobId: string,
  entries: readonly JobErrorEntry[],
  now: string,
): Promise<void> {
  if (entries.length === 0) return
  await sql`
    INSERT INTO sync_job_errors (company_id, connection_id, job_id, queue_item_id, status, attempts, error, blocked_by, created_at)
    SELECT ${companyId}, ${connectionId}::uuid, ${jobId}::uuid, e."itemId", e.status, q.attempts, e.error, e."blockedBy", ${now}::timestamptz
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS e("itemId" uuid, status text, error jsonb, "blockedBy" jsonb)
    JOIN sync_queue_items q ON q.id = e."itemId"
    ON CONFLICT (job_id, queue_item_id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts,
      error = excluded.error, blocked_by = excluded.blocked_by`.execute(db)
}

/** An uncertain document that turned out well is no error of its job any more. */
export async function clearJobErrors(
  db: Db,
  companyId: string,
  jobId: string,
  itemIds: readonly string[],
): Promise<void> {
  if (itemIds.length === 0) return
  await db
    .deleteFrom('sync_job_errors')
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where(sql<boolean>`queue_item_id = ANY (${itemIds}::uuid[])`)
    .execute()
}

export async function countJobErrors(db: Db, companyId: string, jobId: string): Promise<number> {
  const row = await db
    .selectFrom('sync_job_errors')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function listJobErrors(
  db: Db,
  companyId: string,
  connectionId: string,
  jobId: string,
  page: PageRequest,
): Promise<Page<QueueItem>> {
  const rows = db
    .selectFrom('sync_job_errors as e')
    .innerJoin('sync_queue_items as q', 'q.id', 'e.queue_item_id')
    .selectAll('q')
    .select(['e.status as error_status', 'e.attempts as error_attempts', 'e.error', 'e.blocked_by as error_blocked_by'])
    .where('e.company_id', '=', companyId)
    .where('e.connection_id', '=', connectionId)
    .where('e.job_id', '=', jobId)
    .$if(page.after !== null, (query) => query.where('q.id', '>', String(page.after?.[0])))
    .orderBy('q.id')
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: sql`id`,
    long: ['record_name', 'last_error', 'error'],
    toItem: (row) => ({
      ...toQueueItem(row),
      jobId,
      status: row.error_status,
      attempts: row.error_attempts,
      lastError: row.error,
      blockedBy: row.error_blocked_by,
    }),
    positionOf: (row) => [row.id],
  })
}
