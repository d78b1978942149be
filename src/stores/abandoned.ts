// Remains of consents that nobody finished: sessions, tokens, connections. Removed in steps, so that no statement takes long.
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

/** Connections that wait for a consent, or for the choice of an organisation, and had no open link since before. Returns how many ended. */
export async function endPendingConnections(db: Db, before: string, now: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('connections')
    .set({ status: 'disconnected', token_set_id: null, updated_at: now })
    .where('status', 'in', ['pending_consent', 'select_organisation'])
    .where('created_at', '<', before)
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM connect_sessions s WHERE s.connection_id = connections.id AND s.expires_at > ${before})`,
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Connections that ended before without ever having an organisation, and for which no record was sent. */
const isForgotten = (endedBefore: string) => sql<boolean>`
  c.status = 'disconnected' AND c.organisation_id IS NULL AND c.updated_at < ${endedBefore}
    AND NOT EXISTS (SELECT 1 FROM connect_sessions s WHERE s.connection_id = c.id AND s.expires_at > ${endedBefore}
      AND s.confirmed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM records r WHERE r.connection_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM sync_jobs j WHERE j.connection_id = c.id)`

export async function findForgottenConnections(db: Db, endedBefore: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('connections as c')
    .select('c.id')
    .where(isForgotten(endedBefore))
    .orderBy('c.id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** In a transaction that has the connection. */
export async function dropForgottenConnection(tx: Db, id: string, endedBefore: string): Promise<void> {
  const found = await tx
    .selectFrom('connections as c')
    .select('c.id')
    .where('c.id', '=', id)
    .where(isForgotten(endedBefore))
    .forUpdate()
    .executeTakeFirst()
  if (!found) return
  await tx.deleteFrom('connect_sessions').where('connection_id', '=', id).execute()
  await tx.deleteFrom('settings').where('connection_id', '=', id).execute()
  await tx.deleteFrom('connections').where('id', '=', id).execute()
}

/** Connections of a company that were made since and ended without an organisation. */
export async function countGivenUpConnections(db: Db, companyId: string, madeSince: string): Promise<number> {
  const { count } = await db
    .selectFrom('connections')
    .select((select) => select.fn.countAll().as('count'))
    .where('company_id', '=', companyId)
    .where('status', '=', 'disconnected')
    .where('organisation_id', 'is', null)
    .where('created_at', '>', madeSince)
    .executeTakeFirstOrThrow()
  return Number(count)
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
