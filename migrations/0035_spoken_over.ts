// Fields in which the product speaks over what a record had learned from Xero: a value taken back before it arrived empties nothing.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN spoken_over jsonb`.execute(db)
}
