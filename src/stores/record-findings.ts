// Records of the product of which there is something to say beside their counterparts in Xero, told from what is stored: the record,
// its link, the mirror.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { FoundRecord } from '../domain/record-finding.ts'
import type { PageRequest } from '../lib/page.ts'

/**
 * Rows of at most `limit`, after the place of the page. A code counts as changed in Xero only while the product has no
 * change of its own waiting; one that was shortened for Xero counts as changed too, which is for the caller to judge.
 */
export async function findFoundRecords(
  db: Db,
  companyId: string,
  connectionId: string,
  { limit, after }: PageRequest,
): Promise<FoundRecord[]> {
  const [afterId = '', afterCode = '', afterType = ''] = after ?? []
  const found = await sql<FoundRecord>`
    SELECT found.* FROM (
      SELECT told.code AS code, 'item' AS "recordType", item."recordId", item."recordName", item."xeroId", item."handedCode",
        item."codeInXero"
      FROM (
        SELECT r.id AS "recordId", r.name AS "recordName", l.remote_id AS "xeroId", e.code AS "codeInXero",
          coalesce(r.handed->>'code', r.body->>'code') AS "handedCode",
          e.fields->>'kind' = 'inventory' AS tracked,
          l.agreed->>'code' = r.body->>'code' AS unchanged
        FROM records r
        JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
        JOIN remote_entities e ON e.connection_id = r.connection_id AND e.list = 'items' AND e.remote_id = l.remote_id
        WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = 'item' AND r.origin = 'product'
          AND r.deleted_at IS NULL AND r.id >= ${afterId}
      ) item
      CROSS JOIN LATERAL (VALUES
        ('item_renamed', item.unchanged AND lower(item."codeInXero") <> lower(item."handedCode")),
        ('item_tracked', item.tracked)) AS told (code, holds)
      WHERE told.holds
      UNION ALL
      SELECT 'contact_kept_active', r.type, r.id, r.name, l.remote_id, r.name, e.name
      FROM records r
      JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
      JOIN remote_entities e ON e.connection_id = r.connection_id AND e.list = 'contacts' AND e.remote_id = l.remote_id
      WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type IN ('customer', 'vendor')
        AND r.origin = 'product' AND r.deleted_at IS NULL AND r.id >= ${afterId} AND r.sync_state = 'synced'
        AND r.body->>'active' = 'false' AND NOT e.archived
    ) found
    WHERE (found."recordId", found.code, found."recordType") > (${afterId}, ${afterCode}, ${afterType})
    ORDER BY found."recordId", found.code, found."recordType"
    LIMIT ${limit}`.execute(db)
  return found.rows
}
