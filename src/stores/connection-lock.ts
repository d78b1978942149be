// The lock of a connection. It is no row: a row lock would be written at every request, and foreign keys take theirs there.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

/**
 * Waits until no other transaction has the connection, and has it until this one ends. It must come first in the
 * transaction: what is read before it may be out of date, and whoever holds a row while it waits could wait for ever.
 */
export async function lockConnection(tx: Db, connectionId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${connectionId}, 0))`.execute(tx)
}
