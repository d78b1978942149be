// Remains of consents that nobody finished: sessions, tokens, pending connections. Removed in steps, so that no statement
// takes long.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

/** Sessions that ended before, but for the last confirmed one of a connection, which says what its consent granted. Returns how many. */
export async function dropEndedSessions(db: Db, endedBefore: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM connect_sessions WHERE id IN (
      SELECT s.id FROM connect_sessions s
      WHERE s.expires_at < ${endedBefore} AND (s.confirmed_at IS NULL OR EXISTS (
        SELECT 1 FROM connect_sessions newer
        WHERE newer.connection_id = s.connection_id AND newer.confirmed_at IS NOT NULL AND newer.id > s.id))
      LIMIT ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Tokens that no connection uses and no session waits with. Returns how many. */
export async function dropUnusedTokenSets(db: Db, madeBefore: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM token_sets WHERE id IN (
      SELECT t.id FROM token_sets t
      WHERE t.created_at < ${madeBefore}
        AND NOT EXISTS (SELECT 1 FROM connections c WHERE c.token_set_id = t.id)
        AND NOT EXISTS (SELECT 1 FROM connect_sessions s WHERE s.token_set_id = t.id)
      LIMIT ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Connections that wait for a consent, and had no open link since before. Returns how many ended. */
export async function endPendingConnections(db: Db, before: string, now: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('connections')
    .set({ status: 'disconnected', updated_at: now })
    .where('status', '=', 'pending_consent')
    .where('created_at', '<', before)
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM connect_sessions s WHERE s.connection_id = connections.id AND s.expires_at > ${before})`,
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function countPendingConnections(db: Db, companyId: string): Promise<number> {
  const { count } = await db
    .selectFrom('connections')
    .select((select) => select.fn.countAll().as('count'))
    .where('company_id', '=', companyId)
    .where('status', '=', 'pending_consent')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Links to a consent of a connection that could still be opened or confirmed. */
export async function countOpenSessions(db: Db, connectionId: string, now: string): Promise<number> {
  const { count } = await db
    .selectFrom('connect_sessions')
    .select((select) => select.fn.countAll().as('count'))
    .where('connection_id', '=', connectionId)
    .where('expires_at', '>', now)
    .where('confirmed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}
