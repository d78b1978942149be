// Rows of a list that could not be understood, as long as they come: a row that can be read again disappears.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { OddRow } from '../domain/odd-row.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { json } from './json.ts'
import { pageOfRows } from './pages.ts'

export interface OddRowsOf {
  readonly companyId: string
  readonly connectionId: string
  readonly list: OddRow['list']
}

/** A row as it was read; those without an id are kept together as one. */
export interface FoundOddRow {
  readonly remoteId: string | null
  readonly reason: string
}

export async function saveOddRows(db: Db, of: OddRowsOf, found: readonly FoundOddRow[], now: string): Promise<void> {
  const byId = new Map<string, { remoteId: string; reason: string; rows: number }>()
  for (const { remoteId, reason } of found) {
    const id = remoteId ?? ''
    byId.set(id, { remoteId: id, reason, rows: (byId.get(id)?.rows ?? 0) + 1 })
  }
  if (byId.size === 0) return
  await sql`
    INSERT INTO odd_rows (company_id, connection_id, list, remote_id, reason, rows, first_seen_at, last_seen_at)
    SELECT ${of.companyId}, ${of.connectionId}::uuid, ${of.list}, r."remoteId", r.reason, r.rows, ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${json([...byId.values()])}::jsonb) AS r("remoteId" text, reason text, rows int4)
    ON CONFLICT (connection_id, list, remote_id) DO UPDATE SET reason = excluded.reason, rows = excluded.rows,
      last_seen_at = excluded.last_seen_at`.execute(db)
}

/** These read well again. */
export async function dropOddRows(db: Db, of: OddRowsOf, remoteIds: readonly string[]): Promise<void> {
  if (remoteIds.length === 0) return
  await owned(db, of).where(sql<boolean>`remote_id = ANY (${remoteIds}::text[])`).execute()
}

/** The list was read whole in one call, and brought only these. */
export async function dropOtherOddRows(db: Db, of: OddRowsOf, found: readonly FoundOddRow[]): Promise<void> {
  const ids = found.map(({ remoteId }) => remoteId ?? '')
  await owned(db, of).where(sql<boolean>`NOT remote_id = ANY (${ids}::text[])`).execute()
}

/** The list was read whole page by page since then, and did not bring these any more. */
export async function dropOddRowsBefore(db: Db, of: OddRowsOf, since: string): Promise<void> {
  await owned(db, of).where('last_seen_at', '<', since).execute()
}

const owned = (db: Db, { companyId, connectionId, list }: OddRowsOf) =>
  db
    .deleteFrom('odd_rows')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('list', '=', list)

/** Reasons by id, of these entities. */
export async function findOddRows(db: Db, of: OddRowsOf, remoteIds: readonly string[]): Promise<Map<string, string>> {
  if (remoteIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('odd_rows')
    .select(['remote_id', 'reason'])
    .where('company_id', '=', of.companyId)
    .where('connection_id', '=', of.connectionId)
    .where('list', '=', of.list)
    .where(sql<boolean>`remote_id = ANY (${remoteIds}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.remote_id, row.reason]))
}

/**
 * Contacts or items that the job is to write and whose rows are odd, by id, from `after` on. A row without an id that came in
 * this job may be that of any of them.
 */
export async function findOddToWrite(
  db: Db,
  { companyId, connectionId, list }: OddRowsOf,
  job: { readonly id: string; readonly createdAt: string; readonly types: readonly string[] },
  page: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ remote_id: string }>`
    SELECT DISTINCT l.remote_id
    FROM odd_rows o
      JOIN links l ON l.connection_id = o.connection_id AND l.company_id = o.company_id AND l.type = ANY (${job.types}::text[])
        AND (l.remote_id = o.remote_id OR (o.remote_id = '' AND o.last_seen_at >= ${job.createdAt}::timestamptz))
      JOIN sync_queue_items q ON q.connection_id = l.connection_id AND q.record_type = l.type AND q.record_id = l.record_id
        AND q.job_id = ${job.id}::uuid AND q.status = 'locked'
    WHERE o.company_id = ${companyId} AND o.connection_id = ${connectionId}::uuid AND o.list = ${list} AND l.remote_id > ${page.after}
    ORDER BY l.remote_id LIMIT ${page.limit}`.execute(db)
  return rows.map((row) => row.remote_id)
}

/** `since`: only those that were seen since then. */
export async function countOddRows(
  db: Db,
  companyId: string,
  connectionId: string,
  only: { readonly list: OddRow['list']; readonly since: string } | null = null,
): Promise<number> {
  const row = await db
    .selectFrom('odd_rows')
    .select((select) => select.fn.coalesce(select.fn.sum<number>('rows'), sql<number>`0`).as('count'))
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .$if(only !== null, (query) =>
      query.where('list', '=', only?.list ?? 'items').where('last_seen_at', '>=', only?.since ?? ''),
    )
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function listOddRows(
  db: Db,
  companyId: string,
  connectionId: string,
  page: PageRequest,
): Promise<Page<OddRow>> {
  const rows = db
    .selectFrom('odd_rows')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .$if(page.after !== null, (query) =>
      query.where(sql<boolean>`(list, remote_id) > (${String(page.after?.[0])}, ${String(page.after?.[1])})`),
    )
    .orderBy('list')
    .orderBy('remote_id')
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: sql`list, remote_id`,
    long: ['remote_id', 'reason'],
    toItem: (row) => ({
      list: row.list,
      xeroId: row.remote_id === '' ? null : row.remote_id,
      rows: row.rows,
      reason: row.reason,
      firstSeenAt: row.first_seen_at,
      lastSeenAt: row.last_seen_at,
    }),
    positionOf: (row) => [row.list, row.remote_id],
  })
}
