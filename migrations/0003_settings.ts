// Settings of a connection, and the reference lists they are validated against.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE settings (
      company_id text NOT NULL,
      connection_id uuid PRIMARY KEY,
      document jsonb NOT NULL,
      version int8 NOT NULL,
      updated_at timestamptz NOT NULL,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)

  await sql`
    CREATE TABLE reference_lists (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      name text NOT NULL,
      entries jsonb NOT NULL,
      fetched_at timestamptz NOT NULL,
      PRIMARY KEY (connection_id, name),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
}
