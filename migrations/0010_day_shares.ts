// The day of an organisation's calls is shared: people and the finding out of outcomes have a part of their own.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE budgets
      ADD COLUMN day_interactive int4 NOT NULL DEFAULT 0,   -- of day_calls: those that a person waited for
      ADD COLUMN day_resolution int4 NOT NULL DEFAULT 0,    -- of day_calls: those that found something out
      ADD COLUMN day_limit int4                             -- what the day allows by Xero's own count; null: nothing said`.execute(
    db,
  )
}
