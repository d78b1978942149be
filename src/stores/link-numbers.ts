// The codes that linked items bear in Xero, as reads show them: people change codes there.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import { json } from './json.ts'

export async function refreshItemCodes(
  db: Db,
  { companyId, connectionId }: { readonly companyId: string; readonly connectionId: string },
  seen: readonly { readonly recordId: string; readonly number: string }[],
): Promise<void> {
  if (seen.length === 0) return
  await sql`
    UPDATE links l SET number = s.number
    FROM jsonb_to_recordset(${json(seen)}::jsonb) AS s("recordId" text, number text)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = 'item'
      AND l.record_id = s."recordId"`.execute(db)
}
