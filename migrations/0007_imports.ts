// Where each import stands, and the change feed that the inventory product reads.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE import_states (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      list text NOT NULL,
      watermark timestamptz,              -- lower bound of the next incremental import
      run_started_at timestamptz,         -- of the run under way; becomes the watermark after the last page
      run_since timestamptz,              -- lower bound of the run under way
      next_page int4,                     -- checkpoint: the page to read next
      sweep int8 NOT NULL DEFAULT 0,      -- generation of the last whole comparison
      PRIMARY KEY (connection_id, list),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)

  // The counter row is locked by the transaction that writes changes, so numbers follow commit order without gaps.
  await sql`
    CREATE TABLE change_counters (
      company_id text NOT NULL,
      connection_id uuid PRIMARY KEY,
      latest int8 NOT NULL,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`
    CREATE TABLE changes (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      sequence int8 NOT NULL,
      record_type text NOT NULL,
      record_id text NOT NULL,
      operation text NOT NULL,
      record jsonb,
      remote_id text,
      job_id uuid,
      changed_at timestamptz NOT NULL,
      PRIMARY KEY (connection_id, sequence),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
}
