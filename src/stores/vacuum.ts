// What PostgreSQL's autovacuum does by itself, and nobody does in the embedded database: rows that are gone make room, and
// the planner learns how many rows there are. Without that a statement takes an index that reads a whole connection.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export async function vacuum(db: Db): Promise<void> {
  await sql`VACUUM (ANALYZE)`.execute(db)
}
