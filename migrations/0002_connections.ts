// Connections, the consents behind them, and the call budget of each organisation.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Tokens belong to a user's consent and may serve several connections (xero.md, Tokens), so they have a row of their own.
  // lease_* and epoch let exactly one process refresh them; a refresh that lost its lease cannot overwrite a newer token.
  await sql`
    CREATE TABLE token_sets (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      remote_user_id text,
      sealed text NOT NULL,
      scopes text[] NOT NULL,
      access_expires_at timestamptz NOT NULL,
      rotated_at timestamptz NOT NULL,
      version int8 NOT NULL DEFAULT 1,
      epoch int8 NOT NULL DEFAULT 0,
      lease_owner text,
      lease_until timestamptz,
      refresh_started_at timestamptz,
      invalid_since timestamptz,
      created_at timestamptz NOT NULL
    )`.execute(db)
  await sql`CREATE UNIQUE INDEX token_sets_by_user ON token_sets (company_id, remote_user_id)`.execute(db)

  await sql`
    CREATE TABLE connections (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      status text NOT NULL,
      organisation jsonb,                 -- OrganisationSummary
      organisation_id text,
      remote_connection_id text,          -- the accounting system's id of the connection, needed to remove it there
      token_set_id uuid REFERENCES token_sets (id),
      reason text,
      next_run_at timestamptz,
      created_at timestamptz NOT NULL,
      updated_at timestamptz NOT NULL,
      UNIQUE (company_id, id)
    )`.execute(db)
  await sql`CREATE UNIQUE INDEX connections_one_per_organisation ON connections (company_id, organisation_id)
    WHERE status IN ('active', 'needs_reconnect')`.execute(db)
  await sql`CREATE INDEX connections_by_next_run ON connections (next_run_at) WHERE next_run_at IS NOT NULL`.execute(db)

  await sql`
    CREATE TABLE connect_sessions (
      id uuid PRIMARY KEY,
      company_id text NOT NULL,
      connection_id uuid NOT NULL,
      link_hash text NOT NULL UNIQUE,     -- of the secret in the authorization URL
      state_hash text UNIQUE,             -- of the OAuth state, renewed whenever the browser starts
      return_url text,
      expires_at timestamptz NOT NULL,
      claimed_at timestamptz,             -- the callback came; never a second time
      completion_hash text,
      token_set_id uuid REFERENCES token_sets (id),
      granted jsonb,                      -- organisations of this consent
      confirmed_at timestamptz,
      created_at timestamptz NOT NULL,
      FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id)
    )`.execute(db)
  await sql`CREATE INDEX connect_sessions_by_connection ON connect_sessions (connection_id, id)`.execute(db)

  // One row an organisation, shared by all replicas: times of the last calls, running calls, calls of the day.
  await sql`
    CREATE TABLE budgets (
      organisation_id text PRIMARY KEY,
      recent_calls int8[] NOT NULL DEFAULT '{}',   -- milliseconds since the epoch, ascending
      running_until int8[] NOT NULL DEFAULT '{}',  -- one entry a running call: when its slot expires
      day_calls int4 NOT NULL DEFAULT 0,
      day_started_at timestamptz NOT NULL,
      blocked_until timestamptz,
      blocked_reason text
    )`.execute(db)
}
