// Fields of contacts and items that the product took away and that Xero keeps: they are the record's again, and are told.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE links ADD COLUMN left_over jsonb`.execute(db)
}
