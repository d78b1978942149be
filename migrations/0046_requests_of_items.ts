// Each request to send a record once more is told from the others: a second one may come while its queue item waits beside a held one.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sync_queue_items ADD COLUMN request uuid`.execute(db)
  // Links say requests from before by the item.
  await sql`UPDATE sync_queue_items SET request = id WHERE is_asked`.execute(db)
  await sql`ALTER TABLE sync_queue_items DROP COLUMN is_asked`.execute(db)
}
