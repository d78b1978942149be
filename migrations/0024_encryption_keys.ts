// A start with the wrong encryption keys is noticed at the start, and not by the first job.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // A known text, sealed with each key that sealed anything: a configured key of that id opens it, or is another key.
  await sql`
    CREATE TABLE encryption_key_checks (
      key_id text PRIMARY KEY,
      sealed text NOT NULL
    )`.execute(db)
}
