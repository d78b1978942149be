// What two editors of one contact or item are merged by: what the product last handed over, what both sides last agreed on,
// and what of Xero's own form a write has to give back. Contacts that were merged in Xero: several records may be one.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Fields as last handed over; null: of a record of an earlier version, or one that was never handed over.
  await sql`ALTER TABLE records ADD COLUMN handed jsonb`.execute(db)
  await sql`
    ALTER TABLE links
      ADD COLUMN agreed jsonb,                                -- fields that both sides last agreed on
      ADD COLUMN follows_merge boolean NOT NULL DEFAULT false -- its contact was merged into one that another record is
  `.execute(db)
  await sql`ALTER TABLE links DROP CONSTRAINT links_connection_id_type_remote_id_key`.execute(db)
  await sql`CREATE UNIQUE INDEX links_of_documents ON links (connection_id, type, remote_id) WHERE NOT follows_merge`.execute(
    db,
  )
  await sql`CREATE INDEX links_by_document ON links (connection_id, remote_id)`.execute(db)
  await sql`ALTER TABLE remote_entities ADD COLUMN kept jsonb NOT NULL DEFAULT '{}'`.execute(db)
  // Whose name a contact bears is asked for each batch that is matched.
  await sql`CREATE INDEX records_by_name ON records (connection_id, type, lower(name))`.execute(db)
}
