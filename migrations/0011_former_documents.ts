// A document of a record that may stand at the accounting system without a link: a person changed it before the lost answer
// to its creation was found out. The record remembers it as it was sent.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN former_document jsonb`.execute(db)
}
