// A database that was restored does not know what was sent after its backup: until it knows, everything is looked up first.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // Since then nothing is created on the connection before it was looked for; null: what was sent is known.
  await sql`ALTER TABLE connections ADD COLUMN look_up_first_since timestamptz`.execute(db)
  // Which database this is. A copy of it is another one, and its row still names the one it was copied from.
  await sql`
    CREATE TABLE database_identity (
      one boolean PRIMARY KEY DEFAULT true CHECK (one),
      identity text NOT NULL
    )`.execute(db)
}
