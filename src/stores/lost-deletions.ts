// Deleted records whose documents still stand in the accounting system, with nothing queued that removes them. None comes to
// be; health says so if one did.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import { openStatuses } from '../domain/queue-item.ts'
import type { SyncErrorCode } from '../domain/sync-errors.ts'

export interface LostDeletions {
  readonly count: number
  /** The first of them by type and id; null when there is none. */
  readonly first: { readonly type: string; readonly id: string } | null
}

/** Why a deletion is over although the document stands there. */
const ended: SyncErrorCode[] = ['xero_version_kept', 'item_deactivated']

/** A record that the settings keep in Xero shows never_synced. */
export async function findLostDeletions(db: Db, companyId: string, connectionId: string): Promise<LostDeletions> {
  const { rows } = await sql<{ count: number; type: string; id: string }>`
    SELECT count(*) OVER ()::int4 AS count, r.type AS type, r.id AS id
    FROM records r
    JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.deleted_at IS NOT NULL
      AND r.origin <> 'service' AND r.sync_state <> 'never_synced'
      AND coalesce(r.last_error->>'code', '') <> ALL (${ended}::text[])
      AND NOT EXISTS (SELECT 1 FROM sync_queue_items q WHERE q.connection_id = r.connection_id AND q.record_type = r.type
        AND q.record_id = r.id AND q.status = ANY (${openStatuses}::text[]))
    ORDER BY r.type, r.id
    LIMIT 1`.execute(db)
  const [first] = rows
  return { count: first?.count ?? 0, first: first ? { type: first.type, id: first.id } : null }
}
