// The call budget of the whole application (xero.md, Limits: 10,000 a minute), one row shared by all replicas.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE app_budget (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      second int8 NOT NULL DEFAULT 0,     -- since the epoch
      calls int4 NOT NULL DEFAULT 0,      -- in that second
      blocked_until timestamptz
    )`.execute(db)
  await sql`INSERT INTO app_budget DEFAULT VALUES`.execute(db)
}
