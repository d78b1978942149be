// Decimals come back as the product wrote them ("12.50"), while everything else reckons with their one canonical form.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN decimals_as_sent jsonb`.execute(db)
}
