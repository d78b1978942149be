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

/**
 * The same for a job, and whether its claim still holds: its row is locked too. In one statement, because every transaction of
 * a job begins so. The row is locked last, after the wait, and read anew where it changed meanwhile.
 */
export async function enterForJob(tx: Db, connectionId: string, jobId: string, epoch: number): Promise<boolean> {
  const { rows } = await sql`
    WITH entered AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(${connectionId}, 0)))
    SELECT j.id FROM entered, sync_jobs j
    WHERE j.id = ${jobId} AND j.epoch = ${epoch} AND j.lease_owner IS NOT NULL FOR UPDATE OF j`.execute(tx)
  return rows.length > 0
}
