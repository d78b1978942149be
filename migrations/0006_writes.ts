// The intent log of writes: what was about to be sent is on record before the call is made, so that after a crash or a
// lost answer it is known what to look up.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // One row a write call. The body is frozen: a replay sends the same content under the same key.
  await sql`
    CREATE TABLE write_batches (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      job_id uuid,
      list text NOT NULL,
      operation text NOT NULL,            -- create · update · remove
      body text NOT NULL,
      elements jsonb NOT NULL,            -- [{ queueItemId, recordType, recordId, posted, remoteId, lineIds, postedHash }]
      body_hash text NOT NULL,
      idempotency_key text NOT NULL UNIQUE,
      state text NOT NULL,                -- sending · uncertain · settled
      sends int4 NOT NULL DEFAULT 0,
      negative_lookups int4 NOT NULL DEFAULT 0,
      first_sent_at timestamptz NOT NULL,
      last_sent_at timestamptz NOT NULL,
      due_at timestamptz,                 -- next step of an uncertain one
      created_at timestamptz NOT NULL,
      settled_at timestamptz,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX write_batches_open ON write_batches (connection_id, due_at) WHERE settled_at IS NULL`.execute(
    db,
  )

  // One row a document and write call, kept as history.
  await sql`
    CREATE TABLE attempts (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      batch_id uuid NOT NULL REFERENCES write_batches (id),
      job_id uuid,
      queue_item_id uuid NOT NULL,
      record_type text NOT NULL,
      record_id text NOT NULL,
      action text NOT NULL,
      idempotency_key text NOT NULL,
      request_hash text NOT NULL,
      outcome text NOT NULL,              -- sending · written · rejected · refused · unknown · adopted
      error jsonb,
      started_at timestamptz NOT NULL,
      settled_at timestamptz,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX attempts_of_record ON attempts (connection_id, record_type, record_id, id)`.execute(db)
  await sql`CREATE INDEX attempts_of_batch ON attempts (batch_id)`.execute(db)
}
