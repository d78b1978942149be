// The sync queue as its readers see it: list, count, get. What the engine does with items is in queue-locking.ts.
import { type ExpressionBuilder, type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import {
  openStatuses,
  type QueueFilter,
  type QueueItem,
  type QueueSort,
  type QueueStatus,
  waitingStatuses,
} from '../domain/queue-item.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { pageOfRows } from './pages.ts'

export const toQueueItem = (row: Selectable<Tables['sync_queue_items']>): QueueItem => ({
  id: row.id,
  connectionId: row.connection_id,
  recordType: row.record_type,
  recordId: row.record_id,
  recordName: row.record_name,
  action: row.action,
  status: row.status,
  attempts: row.attempts,
  lastError: row.last_error,
  blockedBy: row.blocked_by,
  jobId: row.job_id,
  nextStepAt: row.next_step_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const matches =
  (companyId: string, connectionId: string, filter: QueueFilter) =>
  (where: ExpressionBuilder<Tables, 'sync_queue_items'>) =>
    where.and([
      where('company_id', '=', companyId),
      where('connection_id', '=', connectionId),
      where('status', 'in', [...(filter.status ?? openStatuses)]),
      ...(filter.recordType ? [where('record_type', 'in', [...filter.recordType])] : []),
      ...(filter.action ? [where('action', 'in', [...filter.action])] : []),
      ...(filter.jobId ? [where('job_id', '=', filter.jobId)] : []),
      ...(filter.recordId ? [where('record_id', '=', filter.recordId)] : []),
      ...(filter.search ? [sql<boolean>`strpos(lower(record_name), lower(${filter.search})) > 0`] : []),
    ])

export async function listQueueItems(
  db: Db,
  companyId: string,
  connectionId: string,
  filter: QueueFilter,
  sort: QueueSort,
  page: PageRequest,
): Promise<Page<QueueItem>> {
  const column = sort.endsWith('createdAt') ? 'created_at' : 'updated_at'
  const direction = sort.startsWith('-') ? 'desc' : 'asc'
  const after = page.after
  const beyond = direction === 'asc' ? sql`>` : sql`<`
  const rows = db
    .selectFrom('sync_queue_items')
    .selectAll()
    .where(matches(companyId, connectionId, filter))
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(${sql.ref(column)}, id) ${beyond} (${after?.[0]}::timestamptz, ${after?.[1]}::uuid)`),
    )
    .orderBy(column, direction)
    .orderBy('id', direction)
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: direction === 'asc' ? sql`${sql.ref(column)}, id` : sql`${sql.ref(column)} DESC, id DESC`,
    long: ['record_name', 'last_error'],
    toItem: toQueueItem,
    positionOf: (row) => [row[column], row.id],
  })
}

export async function countQueueItems(
  db: Db,
  companyId: string,
  connectionId: string,
  filter: QueueFilter,
): Promise<number> {
  const row = await db
    .selectFrom('sync_queue_items')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where(matches(companyId, connectionId, filter))
    .executeTakeFirstOrThrow()
  return row.count
}

export async function findQueueItem(
  db: Db,
  companyId: string,
  connectionId: string,
  id: string,
): Promise<QueueItem | null> {
  const row = await db
    .selectFrom('sync_queue_items')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toQueueItem(row) : null
}

/** Items whose outcome is being found out: how many, since when, and when the next of them is looked up or sent again. */
export async function summarizeUncertain(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<{ count: number; oldestSince: string | null; nextStepAt: string | null }> {
  const row = await db
    .selectFrom('sync_queue_items')
    .select((select) => [
      select.fn.countAll<number>().as('count'),
      select.fn.min('updated_at').as('oldest'),
      select.fn.min('next_step_at').as('next'),
    ])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('status', '=', 'uncertain')
    .executeTakeFirstOrThrow()
  return { count: row.count, oldestSince: row.oldest, nextStepAt: row.next }
}

/** Open items of these records: of each at most one that waits and one that is held. */
export async function findOpenItems(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
  statuses: readonly QueueStatus[] = openStatuses,
): Promise<QueueItem[]> {
  if (recordIds.length === 0) return []
  const rows = await db
    .selectFrom('sync_queue_items')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('record_type', '=', type)
    .where('status', 'in', [...statuses])
    .where(sql<boolean>`record_id = ANY (${recordIds}::text[])`)
    .execute()
  return rows.map(toQueueItem)
}

/** Figures for the connection's health. */
export async function summarizeQueue(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<{ waiting: number; failed: number; oldestWaitingSince: string | null }> {
  const row = await db
    .selectFrom('sync_queue_items')
    .select((select) => [
      select.fn.countAll<number>().as('waiting'),
      select.fn.countAll<number>().filterWhere('status', 'in', ['failed', 'conflict']).as('failed'),
      select.fn.min('created_at').as('oldest'),
    ])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('status', 'in', [...waitingStatuses])
    .executeTakeFirstOrThrow()
  return { waiting: row.waiting, failed: row.failed, oldestWaitingSince: row.oldest }
}
