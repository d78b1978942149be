// Connect sessions: one consent being asked for. Link, state and completion code are secrets that each work once, so only
// their hashes are stored.
import type { Selectable } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import type { GrantedOrganisation } from '../domain/connection.ts'
import { json } from './json.ts'

export type GrantedRow = GrantedOrganisation & { remoteConnectionId: string }

export interface ConnectSession {
  readonly id: string
  readonly companyId: string
  readonly connectionId: string
  readonly returnUrl: string | null
  readonly tokenSetId: string | null
  readonly granted: GrantedRow[] | null
  readonly confirmedAt: string | null
}

const toSession = (row: Selectable<Tables['connect_sessions']>): ConnectSession => ({
  id: row.id,
  companyId: row.company_id,
  connectionId: row.connection_id,
  returnUrl: row.return_url,
  tokenSetId: row.token_set_id,
  granted: row.granted,
  confirmedAt: row.confirmed_at,
})

export async function insertConnectSession(
  db: Db,
  companyId: string,
  session: {
    id: string
    connectionId: string
    linkHash: string
    returnUrl: string | null
    expiresAt: string
    now: string
  },
): Promise<void> {
  await db
    .insertInto('connect_sessions')
    .values({
      id: session.id,
      company_id: companyId,
      connection_id: session.connectionId,
      link_hash: session.linkHash,
      return_url: session.returnUrl,
      expires_at: session.expiresAt,
      created_at: session.now,
    })
    .execute()
}

/** The browser starts: gives the session its state, once. False when the link is unknown, expired or was opened before. */
export async function startConnectSession(db: Db, linkHash: string, stateHash: string, now: string): Promise<boolean> {
  const result = await db
    .updateTable('connect_sessions')
    .set({ state_hash: stateHash })
    .where('link_hash', '=', linkHash)
    .where('expires_at', '>', now)
    .where('state_hash', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** The callback came: takes the session, once, whichever replica is asked. */
export async function claimConnectSession(db: Db, stateHash: string, now: string): Promise<ConnectSession | null> {
  const row = await db
    .updateTable('connect_sessions')
    .set({ claimed_at: now })
    .where('state_hash', '=', stateHash)
    .where('expires_at', '>', now)
    .where('claimed_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row ? toSession(row) : null
}

export async function findConnectSession(db: Db, id: string): Promise<ConnectSession | null> {
  const row = await db.selectFrom('connect_sessions').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSession(row) : null
}

export async function storeGrant(
  db: Db,
  id: string,
  grant: { tokenSetId: string; granted: GrantedRow[]; completionHash: string; expiresAt: string },
): Promise<void> {
  await db
    .updateTable('connect_sessions')
    .set({
      token_set_id: grant.tokenSetId,
      granted: json(grant.granted),
      completion_hash: grant.completionHash,
      expires_at: grant.expiresAt,
    })
    .where('id', '=', id)
    .execute()
}

/** The product confirms with the one-time code: takes it, once. */
export async function confirmConnectSession(
  db: Db,
  companyId: string,
  connectionId: string,
  completionHash: string,
  now: string,
): Promise<ConnectSession | null> {
  const row = await db
    .updateTable('connect_sessions')
    .set({ confirmed_at: now })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('completion_hash', '=', completionHash)
    .where('confirmed_at', 'is', null)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
  return row ? toSession(row) : null
}

/** The last confirmed session of a connection: what its consent granted. */
export async function findConfirmedSession(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<ConnectSession | null> {
  const row = await db
    .selectFrom('connect_sessions')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('confirmed_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toSession(row) : null
}
