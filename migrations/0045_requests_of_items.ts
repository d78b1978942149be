// The request to send a record once more that a queue item carries. Of a creation that is under way there is no link yet that could
// keep it; and each request is told from the others, since a second one may come while its item waits beside a held one.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE sync_queue_items ADD COLUMN request uuid`.execute(db)
}
