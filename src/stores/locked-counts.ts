// The items that a job has left to do, counted: by type, and by step.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'

export async function countLocked(db: Db, companyId: string, jobId: string): Promise<number> {
  return Object.values(await countLockedByType(db, companyId, jobId)).reduce((sum, count) => sum + count, 0)
}

/** Types without a locked item are left out. */
export async function countLockedByType(
  db: Db,
  companyId: string,
  jobId: string,
): Promise<{ readonly [type in RecordType]?: number }> {
  const rows = await db
    .selectFrom('sync_queue_items')
    .select((select) => ['record_type', select.fn.countAll<number>().as('count')])
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where('status', '=', 'locked')
    .groupBy('record_type')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.record_type, row.count]))
}

/** "export:item", "remove:invoice": of which types and kinds of action lockedItems has something. */
export async function openKinds(db: Db, companyId: string, jobId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('sync_queue_items')
    .select(['record_type', sql<boolean>`action = 'delete'`.as('removal')])
    .distinct()
    .where('company_id', '=', companyId)
    .where('job_id', '=', jobId)
    .where('status', '=', 'locked')
    .where('next_step_at', 'is', null)
    .where('batch_id', 'is', null)
    .execute()
  return new Set(rows.map((row) => `${row.removal ? 'remove' : 'export'}:${row.record_type}`))
}
