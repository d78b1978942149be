// The smallest question that only a working database answers.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export async function pingDatabase(db: Db): Promise<void> {
  await sql`SELECT 1`.execute(db)
}

/** Fails on a database that only reads, and writes nothing on any other. */
export async function pingForWriting(db: Db): Promise<void> {
  await sql`UPDATE api_keys SET name = name WHERE false`.execute(db)
}

/** Throws where the database could not keep the value as JSON, such as half of a surrogate pair. */
export async function tryJson(db: Db, value: unknown): Promise<void> {
  await sql`SELECT ${JSON.stringify(value)}::jsonb IS NULL`.execute(db)
}
