// What a connection waits for is on record: the application's own credentials, and the first read of its organisation.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Since when Xero refuses this application's id or secret; null: it does not. There is one application.
  await sql`ALTER TABLE app_budget ADD COLUMN credentials_refused_since timestamptz`.execute(db)
  // When the organisation and the reference lists are read without a job; null: they need not be.
  await sql`ALTER TABLE connections ADD COLUMN first_read_at timestamptz`.execute(db)
  await sql`CREATE INDEX connections_first_read ON connections (first_read_at) WHERE first_read_at IS NOT NULL`.execute(
    db,
  )
}
