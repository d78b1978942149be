// What a record and a contact or item had in common when a person unlinked them: met again, an edit of either side is known as one.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE records ADD COLUMN left_agreements jsonb`.execute(db)
}
