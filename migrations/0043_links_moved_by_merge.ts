// Links that a merge of contacts moved. The record that created the contact that is left may still be found to be it: its answer was lost.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE links ADD COLUMN moved_by_merge boolean NOT NULL DEFAULT false`.execute(db)
}
