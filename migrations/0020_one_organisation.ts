// One organisation belongs to one connection of the whole service, unless the bootstrap key says otherwise.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE connections ADD COLUMN shares_organisation boolean NOT NULL DEFAULT false`.execute(db)
  // Organisations that several companies had before this rule go on; the oldest connection is the owner.
  await sql`
    UPDATE connections c SET shares_organisation = true
    WHERE c.status IN ('active', 'needs_reconnect') AND EXISTS (
      SELECT 1 FROM connections o WHERE o.organisation_id = c.organisation_id AND o.id < c.id
        AND o.status IN ('active', 'needs_reconnect'))`.execute(db)
  await sql`CREATE UNIQUE INDEX connections_one_owner_per_organisation ON connections (organisation_id)
    WHERE status IN ('active', 'needs_reconnect') AND NOT shares_organisation`.execute(db)
}
