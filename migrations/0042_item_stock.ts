// The quantity on hand of items whose stock Xero keeps: what Xero refused for want of it goes out again when there is more. Known with
// the next reading of the whole list, which every job makes.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE remote_entities ADD COLUMN stock text`.execute(db)
}
