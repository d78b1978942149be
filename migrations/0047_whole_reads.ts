// The time at which a list was last read whole and compared: jobs without anything to send do so once a day.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE import_states ADD COLUMN compared_at timestamptz`.execute(db)
}
