// A backup of all rows, and its restore in place: the database is the same one afterwards and has forgotten what came between.
import { sql } from 'kysely'
import type { Db } from '../../src/db/tables.ts'

export type Backup = readonly { readonly table: string; readonly rows: string }[]

export async function backUp(db: Db): Promise<Backup> {
  const tables = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
      AND table_name NOT LIKE 'kysely%'`.execute(db)
  const backup: { table: string; rows: string }[] = []
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ rows: string }>`
      SELECT coalesce(jsonb_agg(t), '[]')::text AS rows FROM ${sql.table(name)} t`.execute(db)
    backup.push({ table: name, rows: rows[0]?.rows ?? '[]' })
  }
  return backup
}

export async function restore(db: Db, backup: Backup): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Rows come back in any order: references are checked by nobody meanwhile.
    await sql`SET LOCAL session_replication_role = replica`.execute(tx)
    for (const { table, rows } of backup) {
      await sql`DELETE FROM ${sql.table(table)}`.execute(tx)
      const { rows: columns } = await sql<{ name: string }>`
        SELECT column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = ${table} AND is_generated = 'NEVER'`.execute(tx)
      const names = sql.join(columns.map(({ name }) => sql.ref(name)))
      await sql`
        INSERT INTO ${sql.table(table)} (${names})
        SELECT ${names} FROM jsonb_populate_recordset(NULL::${sql.table(table)}, ${rows}::jsonb)`.execute(tx)
    }
  })
}
