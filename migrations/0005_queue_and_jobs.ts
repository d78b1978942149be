// The sync queue and the sync jobs. Both are public resources and the engine's own state at once.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // lease_* and epoch fence: only the worker that still holds the lease may settle what the job does.
  await sql`
    CREATE TABLE sync_jobs (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      status text NOT NULL,
      kind text NOT NULL,
      trigger text NOT NULL,
      slot timestamptz,                   -- of a scheduled job: one job a slot
      steps jsonb NOT NULL,               -- the steps still to do, in order
      progress jsonb NOT NULL,
      sent_requests int4 NOT NULL DEFAULT 0,
      received_responses int4 NOT NULL DEFAULT 0,
      troubles int4 NOT NULL DEFAULT 0,   -- calls in a row that Xero did not answer properly
      error jsonb,
      waiting_until timestamptz,
      waiting_reason text,
      cancel_requested boolean NOT NULL DEFAULT false,
      lease_owner text,
      lease_until timestamptz,
      epoch int8 NOT NULL DEFAULT 0,
      last_served_at timestamptz NOT NULL,
      created_at timestamptz NOT NULL,
      started_at timestamptz,
      completed_at timestamptz,
      UNIQUE (connection_id, slot),
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE UNIQUE INDEX sync_jobs_one_unfinished ON sync_jobs (connection_id)
    WHERE completed_at IS NULL`.execute(db)
  await sql`CREATE INDEX sync_jobs_to_serve ON sync_jobs (last_served_at) WHERE completed_at IS NULL`.execute(db)
  await sql`CREATE INDEX sync_jobs_by_connection ON sync_jobs (connection_id, id)`.execute(db)

  await sql`
    CREATE TABLE sync_queue_items (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      record_type text NOT NULL,
      record_id text NOT NULL,
      record_name text,
      action text NOT NULL,
      status text NOT NULL,
      attempts int4 NOT NULL DEFAULT 0,
      last_error jsonb,
      blocked_by jsonb,
      job_id uuid,
      batch_id uuid,                      -- the write call whose outcome is not known yet
      next_step_at timestamptz,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE UNIQUE INDEX sync_queue_items_one_waiting ON sync_queue_items (connection_id, record_type, record_id)
    WHERE status IN ('pending', 'failed', 'blocked', 'conflict')`.execute(db)
  await sql`CREATE UNIQUE INDEX sync_queue_items_one_held ON sync_queue_items (connection_id, record_type, record_id)
    WHERE status IN ('locked', 'uncertain')`.execute(db)
  await sql`CREATE INDEX sync_queue_items_of_job ON sync_queue_items (job_id, status, record_type, id)`.execute(db)
  await sql`CREATE INDEX sync_queue_items_by_creation ON sync_queue_items (connection_id, created_at, id)`.execute(db)
  await sql`CREATE INDEX sync_queue_items_by_update ON sync_queue_items (connection_id, updated_at, id)`.execute(db)

  // What a job could not bring over, as it was then: the item itself goes on to later jobs.
  await sql`
    CREATE TABLE sync_job_errors (
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      job_id uuid NOT NULL REFERENCES sync_jobs (id),
      queue_item_id uuid NOT NULL REFERENCES sync_queue_items (id),
      status text NOT NULL,
      attempts int4 NOT NULL,
      error jsonb NOT NULL,
      blocked_by jsonb,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (job_id, queue_item_id)
    )`.execute(db)
}
