// What stands in Xero of a document that was written: the content at the last write or look, so that a person's edit shows
// before it is overwritten; and what was refused, so that it is not sent again unchanged.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE links
      ADD COLUMN content jsonb,             -- as Xero showed it at our last write or look
      ADD COLUMN sent jsonb,                -- of what was sent last, that which Xero fills in by itself where it is left out
      ADD COLUMN seen jsonb,                -- as it stood when a conflict with it was found
      ADD COLUMN looked_in uuid,            -- the job that looked last before it writes
      ADD COLUMN looked_at timestamptz,
      ADD COLUMN amount_due text,
      ADD COLUMN fully_paid_on date,
      ADD COLUMN record_hash text           -- content of the record that stands in Xero`.execute(db)
  // Hash of what was refused, and how the item ended: the same again is not sent.
  await sql`ALTER TABLE sync_queue_items ADD COLUMN refused jsonb`.execute(db)
  // What Xero remarked on a document that it took all the same.
  await sql`ALTER TABLE attempts ADD COLUMN warnings jsonb NOT NULL DEFAULT '[]'`.execute(db)
}
