// Invoices and bills of ours that a person unlinked from their records: before a record gets another document, they are looked at.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN left_documents jsonb`.execute(db)
}
