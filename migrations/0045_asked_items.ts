// A queue item by which a person asked for the record to be sent once more. Of a creation that is under way there is no link yet that could say so.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sync_queue_items ADD COLUMN is_asked boolean NOT NULL DEFAULT false`.execute(db)
}
