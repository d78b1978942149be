// Accounts that active items name, each once: one look in an index a code, and no look at the items behind it.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export interface NamedAccount {
  readonly field: 'incomeAccount' | 'expenseAccount'
  readonly code: string
  /** The first item that names it. */
  readonly recordId: string
}

const mostCodes = 500

export async function findItemAccounts(db: Db, companyId: string, connectionId: string): Promise<NamedAccount[]> {
  const named: NamedAccount[] = []
  for (const field of ['incomeAccount', 'expenseAccount'] as const) {
    const code = sql.raw(`body->>'${field}'`)
    const items = sql`FROM records WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = 'item'
      AND deleted_at IS NULL AND ${code} IS NOT NULL AND body->>'active' IS DISTINCT FROM 'false'`
    const first = sql`ORDER BY connection_id, ${code}, id LIMIT 1`
    const { rows } = await sql<NamedAccount>`
      WITH RECURSIVE named AS (
        (SELECT ${code} AS code, id ${items} ${first})
        UNION ALL
        SELECT next.code, next.id FROM named
        CROSS JOIN LATERAL (SELECT ${code} AS code, id ${items} AND ${code} > named.code ${first}) next
      )
      SELECT ${field}::text AS field, code, id AS "recordId" FROM named LIMIT ${mostCodes}`.execute(db)
    named.push(...rows)
  }
  return named
}
