// What PostgreSQL's autovacuum does by itself, and nobody does in the embedded database: rows that are gone make room, and
// the planner learns how many rows there are. Without that a statement takes an index that reads a whole connection.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export async function vacuum(db: Db): Promise<void> {
  await sql`VACUUM (ANALYZE)`.execute(db)
}

/** Counts anew the tables of which a tenth has changed since they were counted, as autovacuum does. Answers which. */
export async function analyzeChanged(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_stat_user_tables WHERE n_mod_since_analyze > 50 + n_live_tup / 10 ORDER BY relname`.execute(
    db,
  )
  for (const { name } of rows) await sql`ANALYZE ${sql.table(name)}`.execute(db)
  return rows.map(({ name }) => name)
}
