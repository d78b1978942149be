// Links of contacts that a person merged: they go to the contact that is left, and which record holds that one.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { json } from './json.ts'
import type { Link, TypedLink } from './links.ts'

/**
 * Records that a merge brought to a contact only follow, once it is found which record it was created for: who created a contact
 * holds it. Before the links of those records are recorded.
 */
export async function followCreators(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  created: readonly Pick<Link, 'recordId' | 'remoteId'>[],
): Promise<void> {
  if (created.length === 0) return
  await sql`
    UPDATE links l SET follows_merge = true
    FROM jsonb_to_recordset(${json(created)}::jsonb) AS c("recordId" text, "remoteId" text)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.remote_id = c."remoteId" AND l.record_id <> c."recordId" AND l.moved_by_merge AND NOT l.follows_merge
      AND NOT EXISTS (SELECT 1 FROM links own WHERE own.connection_id = l.connection_id AND own.type = l.type
        AND own.record_id = c."recordId")`.execute(db)
}

/**
 * Links of contacts that were merged go to the contact that is left. Where another record of the type is that contact
 * already, the link only follows.
 */
export async function moveLinks(
  db: Db,
  companyId: string,
  connectionId: string,
  moves: readonly { readonly link: TypedLink; readonly to: string }[],
  now: string,
): Promise<void> {
  for (const { link, to } of moves) {
    await sql`
      UPDATE links l SET remote_id = ${to}, posted_hash = NULL, left_over = NULL, number = NULL, marker = NULL, status = NULL, remote_updated_at = NULL,
        updated_at = ${now}::timestamptz,
        moved_by_merge = true, follows_merge = l.follows_merge OR EXISTS (SELECT 1 FROM links o WHERE o.connection_id = l.connection_id AND o.type = l.type
          AND o.remote_id = ${to})
      WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${link.type}
        AND l.record_id = ${link.recordId} AND l.remote_id = ${link.remoteId}`.execute(db)
  }
}
