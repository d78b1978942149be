// Incidents: what the sweep found to be wrong at the accounting system, and where each connection's sweep stands.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE incidents (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      kind text NOT NULL,                 -- duplicate · orphan
      list text NOT NULL,
      marker text NOT NULL,
      remote_ids text[] NOT NULL,
      record_type text,
      record_id text,
      detected_at timestamptz NOT NULL,
      resolved_at timestamptz,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE UNIQUE INDEX incidents_one_open ON incidents (connection_id, kind, list, marker)
    WHERE resolved_at IS NULL`.execute(db)

  // Every document that this application created, as last seen: what is there twice shows here.
  await sql`
    CREATE TABLE written_documents (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      list text NOT NULL,
      remote_id text NOT NULL,
      marker text NOT NULL,
      live boolean NOT NULL,
      PRIMARY KEY (connection_id, list, remote_id),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX written_documents_by_marker ON written_documents (connection_id, list, marker) WHERE live`.execute(
    db,
  )

  await sql`
    CREATE TABLE sweeps (
      company_id text NOT NULL,
      connection_id uuid PRIMARY KEY,
      due_at timestamptz NOT NULL,
      watermark timestamptz,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX sweeps_due ON sweeps (due_at)`.execute(db)
}
