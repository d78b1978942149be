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

/**
 * The company is checked once, beside the records: a condition that each of them has to meet would let a plan without statistics
 * expect a single row, and sort all of them.
 */
export async function findItemAccounts(db: Db, companyId: string, connectionId: string): Promise<NamedAccount[]> {
  const named: NamedAccount[] = []
  for (const field of ['incomeAccount', 'expenseAccount'] as const) {
    const code = sql.raw(
      `(CASE WHEN type = 'item' AND deleted_at IS NULL AND body->>'active' IS DISTINCT FROM 'false' THEN body->>'${field}' END)`,
    )
    const firstAfter = (last: ReturnType<typeof sql>) =>
      sql`SELECT connection_id, ${code} AS code, id FROM records
        WHERE connection_id = own.id AND ${code} > ${last} ORDER BY connection_id, ${code}, id LIMIT 1`
    const { rows } = await sql<NamedAccount>`
      WITH RECURSIVE own AS (SELECT id FROM connections WHERE company_id = ${companyId} AND id = ${connectionId}::uuid),
      named AS (
        (SELECT next.code, next.id FROM own CROSS JOIN LATERAL (${firstAfter(sql`''`)}) next)
        UNION ALL
        SELECT next.code, next.id FROM named CROSS JOIN own CROSS JOIN LATERAL (${firstAfter(sql`named.code`)}) next
      )
      SELECT ${field}::text AS field, code, id AS "recordId" FROM named LIMIT ${mostCodes}`.execute(db)
    named.push(...rows)
  }
  return named
}
