// Reads of several calls go on where the limits stopped them: looking a write call up, and the sweep.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // What the look-up under way has seen; null: none is.
  await sql`ALTER TABLE write_batches ADD COLUMN look_up jsonb`.execute(db)
  // The sweep under way: since when it reads, and its next page; null: none is.
  await sql`
    ALTER TABLE sweeps
      ADD COLUMN run_started_at timestamptz,
      ADD COLUMN run_since timestamptz,
      ADD COLUMN next_page int4`.execute(db)
}
