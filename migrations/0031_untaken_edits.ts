// Edits of contacts and items that settings keep from the records: a write of the record leaves them as they stand in Xero.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE links ADD COLUMN untaken jsonb`.execute(db)
}
