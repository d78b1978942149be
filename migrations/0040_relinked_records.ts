// What a record and a contact or item had in common when a person unlinked them: met again, an edit of either side is known as one. And
// the documents of a customer or vendor, which stand at another contact than the record's once that is linked elsewhere.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN left_agreements jsonb`.execute(db)
  await sql`CREATE INDEX records_by_contact ON records (connection_id, type, (coalesce(body->>'customerId', body->>'vendorId')))
    WHERE type IN ('invoice', 'bill')`.execute(db)
}
