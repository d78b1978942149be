// What whole reads of a list did not show any more: since when, how much of what is linked, and what of it is to be believed.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import { neverListed } from './remote-entities.ts'

export interface WholeRead {
  readonly companyId: string
  readonly connectionId: string
  readonly list: 'items'
  /** Its generation: what was seen in an earlier one only is missing in this one. */
  readonly sweep: number
  /** Our writes of before then stand in it, however far the list lags behind. */
  readonly showsWrittenBefore: string
}

/** Rows of `remote_entities e` that the read did not show. A row that only our own write left is missing like any other once a list must show it. */
const isUnseen = ({ sweep, showsWrittenBefore }: WholeRead) => sql<boolean>`(e.seen_in_sweep < ${sweep}
  AND (e.seen_in_sweep > ${neverListed} OR e.created_at < ${showsWrittenBefore}::timestamptz))`

/** Rows that could not be understood and bear an id are there all the same. */
export async function touchRemoteEntities(
  db: Db,
  read: Omit<WholeRead, 'showsWrittenBefore'>,
  remoteIds: readonly string[],
): Promise<void> {
  if (remoteIds.length === 0) return
  await db
    .updateTable('remote_entities')
    .set({ seen_in_sweep: read.sweep, missing_since: null })
    .where('company_id', '=', read.companyId)
    .where('connection_id', '=', read.connectionId)
    .where('list', '=', read.list)
    .where(sql<boolean>`remote_id = ANY (${remoteIds}::text[])`)
    .execute()
}

export interface Counts {
  readonly linked: number
  readonly missing: number
  /** Not shown, linked or not, and written so lately that the list may lag behind. */
  readonly tooYoung: number
}

/** How many entities are linked to a record, how many of these the read did not show, and how many it could not show yet. */
export async function countMissing(db: Db, read: WholeRead): Promise<Counts> {
  const { rows } = await sql<Counts>`
    SELECT (count(*) FILTER (WHERE e.linked))::int4 AS linked,
      (count(*) FILTER (WHERE e.linked AND ${isUnseen(read)}))::int4 AS missing,
      (count(*) FILTER (WHERE e.seen_in_sweep < ${read.sweep} AND NOT ${isUnseen(read)}))::int4 AS "tooYoung"
    FROM (
      SELECT seen_in_sweep, created_at, EXISTS (SELECT 1 FROM links l
        WHERE l.connection_id = r.connection_id AND l.type = 'item' AND l.remote_id = r.remote_id) AS linked
      FROM remote_entities r
      WHERE r.company_id = ${read.companyId} AND r.connection_id = ${read.connectionId}::uuid AND r.list = ${read.list}
    ) e`.execute(db)
  return rows[0] ?? { linked: 0, missing: 0, tooYoung: 0 }
}

/** The missing ones that are believed to be gone. */
export interface Belief {
  /** No read has shown it since then. */
  readonly since: string
  /**
   * The list as a whole is doubted. What stands there with the same code under another id is believed to be gone only after a
   * person has looked at it: such a list is of another organisation, or of a restored one.
   */
  readonly isDoubtful: boolean
}

/** Ids that the read did not show: all, or what is believed to be gone. */
export async function findMissing(db: Db, read: WholeRead, limit: number, belief: Belief | null): Promise<string[]> {
  const { since, isDoubtful } = belief ?? { since: null, isDoubtful: false }
  const { rows } = await sql<{ remote_id: string }>`
    SELECT e.remote_id FROM remote_entities e
    WHERE e.company_id = ${read.companyId} AND e.connection_id = ${read.connectionId}::uuid AND e.list = ${read.list}
      AND ${isUnseen(read)}
      AND (${since}::timestamptz IS NULL OR (e.missing_since <= ${since}::timestamptz
        AND (NOT ${isDoubtful}::boolean OR NOT EXISTS (SELECT 1 FROM remote_entities n WHERE n.connection_id = e.connection_id AND n.list = e.list
            AND lower(n.code) = lower(e.code) AND n.remote_id <> e.remote_id AND n.seen_in_sweep = ${read.sweep})
          OR EXISTS (SELECT 1 FROM incidents i WHERE i.connection_id = e.connection_id AND i.kind = 'vanished_items'
            AND i.resolved_at >= e.missing_since))))
    ORDER BY e.remote_id LIMIT ${limit}`.execute(db)
  return rows.map((row) => row.remote_id)
}

/** Remembers since when what the read did not show is missing. */
export async function markMissing(db: Db, read: WholeRead, now: string): Promise<void> {
  await sql`
    UPDATE remote_entities e SET missing_since = ${now}::timestamptz
    WHERE e.company_id = ${read.companyId} AND e.connection_id = ${read.connectionId}::uuid AND e.list = ${read.list}
      AND ${isUnseen(read)} AND e.missing_since IS NULL`.execute(db)
}
