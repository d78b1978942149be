// The key that made a key: a key ends with its maker.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Null: made with the bootstrap key or on the command line, or before this was written down.
  await sql`ALTER TABLE api_keys ADD COLUMN made_by text REFERENCES api_keys (id)`.execute(db)
  await sql`CREATE INDEX api_keys_by_maker ON api_keys (made_by) WHERE made_by IS NOT NULL`.execute(db)
}
