// Lists that cannot be taken at their word: what one read did not show is judged by a second one, and rows that cannot be
// understood are kept where people see them.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // When a whole read first did not show the entity; null: the last one showed it.
  await sql`ALTER TABLE remote_entities ADD COLUMN missing_since timestamptz`.execute(db)
  // Rows without an id in the last whole read that could be believed: as many of them stand for no entity.
  await sql`ALTER TABLE import_states ADD COLUMN rows_without_id int4 NOT NULL DEFAULT 0`.execute(db)
  await sql`
    CREATE TABLE odd_rows (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      list text NOT NULL,
      remote_id text NOT NULL,            -- '' for all rows without an id together
      reason text NOT NULL,
      rows int4 NOT NULL,
      first_seen_at timestamptz NOT NULL,
      last_seen_at timestamptz NOT NULL,
      PRIMARY KEY (connection_id, list, remote_id),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
}
