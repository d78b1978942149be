// Where the product speaks over what a record had learned from Xero: what it takes back before it arrived is not taken away.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN spoken_over jsonb`.execute(db)
}
