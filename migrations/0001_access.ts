// API keys and stored answers of idempotent requests.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE api_keys (
      id text PRIMARY KEY,
      company_id text,                    -- null: acts for every company
      name text NOT NULL,
      secret_hash text NOT NULL,
      created_at timestamptz NOT NULL,
      last_used_at timestamptz,
      expires_at timestamptz,
      revoked_at timestamptz
    )`.execute(db)
  await sql`CREATE INDEX api_keys_by_company ON api_keys (company_id, id)`.execute(db)

  await sql`
    CREATE TABLE idempotency_keys (
      company_id text NOT NULL,
      route text NOT NULL,
      key text NOT NULL,
      fingerprint text NOT NULL,
      response jsonb,                     -- null while the first request runs
      created_at timestamptz NOT NULL,
      PRIMARY KEY (company_id, route, key)
    )`.execute(db)
  await sql`CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)`.execute(db)
}
