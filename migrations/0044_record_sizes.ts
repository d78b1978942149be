// How long a record is, so that a page of a list can end before it holds too many bytes without a look at any body.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN shown_bytes integer
    GENERATED ALWAYS AS (octet_length(body::text) + coalesce(octet_length(decimals_as_sent::text), 0)) STORED`.execute(
    db,
  )
}
