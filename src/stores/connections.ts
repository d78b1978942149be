// Connections. Every function but those of the scheduler takes the company: another company's connection is not found.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import {
  type Connection,
  type ConnectionStatus,
  connectionStatuses,
  type OrganisationSummary,
} from '../domain/connection.ts'
import { type Page, type PageRequest, pageOf } from '../lib/page.ts'
import { json } from './json.ts'

/** A connection with what the engine needs to act for it. */
export interface ConnectionRow extends Omit<Connection, 'scopes'> {
  readonly organisationId: string | null
  readonly remoteConnectionId: string | null
  readonly tokenSetId: string | null
  readonly scopes: string[]
}

type Row = Selectable<Tables['connections']> & { scopes: string[] | null }

export const toConnection = (row: Row): ConnectionRow => ({
  id: row.id,
  companyId: row.company_id,
  provider: 'xero',
  status: row.status,
  organisation: row.organisation,
  scopes: row.scopes ?? [],
  reason: row.reason,
  nextRunAt: row.next_run_at,
  lookUpFirstSince: row.look_up_first_since,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  organisationId: row.organisation_id,
  remoteConnectionId: row.remote_connection_id,
  tokenSetId: row.token_set_id,
})

export const selectConnections = (db: Db) =>
  db
    .selectFrom('connections')
    .leftJoin('token_sets', 'token_sets.id', 'connections.token_set_id')
    .selectAll('connections')
    .select('token_sets.scopes as scopes')

export async function insertConnection(db: Db, companyId: string, id: string, now: string): Promise<void> {
  await db
    .insertInto('connections')
    .values({ id, company_id: companyId, status: 'pending_consent', created_at: now, updated_at: now })
    .execute()
}

export async function findConnection(db: Db, companyId: string, id: string): Promise<ConnectionRow | null> {
  const row = await selectConnections(db)
    .where('connections.company_id', '=', companyId)
    .where('connections.id', '=', id)
    .executeTakeFirst()
  return row ? toConnection(row) : null
}

/** companyId null: of all companies. */
export async function listConnections(
  db: Db,
  companyId: string | null,
  status: ConnectionStatus | null,
  page: PageRequest,
): Promise<Page<ConnectionRow>> {
  const rows = await selectConnections(db)
    .$if(companyId !== null, (query) => query.where('connections.company_id', '=', companyId ?? ''))
    .$if(status !== null, (query) => query.where('connections.status', '=', status ?? 'active'))
    .$if(page.after !== null, (query) => query.where('connections.id', '<', String(page.after?.[0])))
    .orderBy('connections.id', 'desc')
    .limit(page.limit + 1)
    .execute()
  return pageOf(rows, page.limit, toConnection, (row) => [row.id])
}

export interface ConnectionChange {
  readonly status?: ConnectionStatus
  readonly organisation?: OrganisationSummary | null
  readonly organisationId?: string | null
  readonly remoteConnectionId?: string | null
  readonly tokenSetId?: string | null
  readonly reason?: string | null
  readonly nextRunAt?: string | null
  readonly sharesOrganisation?: boolean
  /** When organisation and reference lists are read without a job. */
  readonly firstReadAt?: string
}

/** Changes a connection that is in one of the given states; false when it is not. */
export async function changeConnection(
  db: Db,
  companyId: string,
  id: string,
  from: readonly ConnectionStatus[],
  change: ConnectionChange,
  now: string,
): Promise<boolean> {
  const result = await db
    .updateTable('connections')
    .set({
      updated_at: now,
      ...(change.status !== undefined && { status: change.status }),
      ...(change.organisation !== undefined && {
        organisation: change.organisation === null ? null : json(change.organisation),
      }),
      ...(change.organisationId !== undefined && { organisation_id: change.organisationId }),
      ...(change.remoteConnectionId !== undefined && { remote_connection_id: change.remoteConnectionId }),
      ...(change.tokenSetId !== undefined && { token_set_id: change.tokenSetId }),
      ...(change.reason !== undefined && { reason: change.reason }),
      ...(change.nextRunAt !== undefined && { next_run_at: change.nextRunAt }),
      ...(change.sharesOrganisation !== undefined && { shares_organisation: change.sharesOrganisation }),
      ...(change.firstReadAt !== undefined && { first_read_at: change.firstReadAt }),
    })
    .where('company_id', '=', companyId)
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** A live connection that holds an organisation, of whatever company. */
export interface Holder {
  readonly companyId: string
  readonly id: string
}

const lockOrganisation = (tx: Db, organisationId: string) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`organisation ${organisationId}`}, 0))`.execute(tx)

/**
 * Whether another connection, of whatever company, lives by the same connection at the accounting system, or a consent that may
 * still be finished was given one: it belongs to the person who consented, and to remove it would end that one too.
 */
export async function isNeededByOthers(tx: Db, { id, organisationId, remoteConnectionId }: ConnectionRow, now: string) {
  if (remoteConnectionId === null) return false
  if (organisationId !== null) await lockOrganisation(tx, organisationId)
  const { rows } = await sql`
    SELECT 1 FROM connections c WHERE c.remote_connection_id = ${remoteConnectionId} AND c.id <> ${id}::uuid
      AND c.status IN ('active', 'needs_reconnect')
    UNION ALL
    SELECT 1 FROM connect_sessions s JOIN connections c ON c.id = s.connection_id
    WHERE s.connection_id <> ${id}::uuid AND s.granted @> ${json([{ remoteConnectionId }])}::jsonb
      AND ((s.confirmed_at IS NULL AND s.expires_at > ${now}::timestamptz) OR c.status = 'select_organisation')
    LIMIT 1`.execute(tx)
  return rows.length > 0
}

/**
 * Changes a connection to active, from any status, unless another one holds the organisation: then that one is the answer,
 * and null when it was done. `mayShare`, once given, stays with the connection and lets another company hold it too.
 * Two confirmations may come at once, so they wait for each other here; the indexes would refuse the second one as well.
 */
export async function activateConnection(
  tx: Db,
  own: Holder,
  change: Omit<ConnectionChange, 'status'> & { readonly organisationId: string; readonly mayShare: boolean },
  now: string,
): Promise<Holder | null> {
  const { mayShare, ...columns } = change
  await lockOrganisation(tx, change.organisationId)
  const rows = await tx
    .selectFrom('connections')
    .select(['id', 'company_id as companyId', 'status', 'shares_organisation as shares'])
    .where((where) => where.or([where('organisation_id', '=', change.organisationId), where('id', '=', own.id)]))
    .orderBy('id')
    .execute()
  const isLive = ({ status }: { status: ConnectionStatus }) => status === 'active' || status === 'needs_reconnect'
  const self = rows.find(({ id }) => id === own.id)
  const shares = mayShare || self?.shares === true
  const others = rows.filter((row) => row.id !== own.id && isLive(row))
  // A company's own connection comes first: it may be named, and there is never a second one.
  const ofCompany = others.find(({ companyId }) => companyId === own.companyId)
  const holder = ofCompany ?? (shares || (self && isLive(self)) ? undefined : others[0])
  if (holder) return { companyId: holder.companyId, id: holder.id }
  await changeConnection(
    tx,
    own.companyId,
    own.id,
    connectionStatuses,
    { ...columns, status: 'active', sharesOrganisation: shares },
    now,
  )
  return null
}

/** The consent that this connection had when it was read is lost; false when it has another one by now, or is not active. */
export async function markLost(db: Db, row: ConnectionRow, reason: string, now: string): Promise<boolean> {
  const result = await db
    .updateTable('connections')
    .set({ status: 'needs_reconnect', reason, updated_at: now })
    .where('id', '=', row.id)
    .where('status', '=', 'active')
    .where('token_set_id', 'is not distinct from', row.tokenSetId)
    .where('remote_connection_id', 'is not distinct from', row.remoteConnectionId)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Live connections that a consent serves. */
export async function connectionsOfTokenSet(db: Db, tokenSetId: string): Promise<{ companyId: string; id: string }[]> {
  const rows = await db
    .selectFrom('connections')
    .select(['company_id', 'id'])
    .where('token_set_id', '=', tokenSetId)
    .where('status', '=', 'active')
    .execute()
  return rows.map((row) => ({ companyId: row.company_id, id: row.id }))
}

const selectDue = (db: Db, now: string) =>
  db.selectFrom('connections').where('next_run_at', '<=', now).where('status', '=', 'active')

/** Active connections whose schedule is due, the longest due first. */
export async function dueConnections(db: Db, now: string, limit: number): Promise<{ companyId: string; id: string }[]> {
  const rows = await selectDue(db, now).select(['company_id', 'id']).orderBy('next_run_at').limit(limit).execute()
  return rows.map((row) => ({ companyId: row.company_id, id: row.id }))
}

/** The slot of a connection whose schedule is due, also when it was looked at again. */
export async function dueSlot(tx: Db, id: string, now: string): Promise<string | null> {
  const row = await selectDue(tx, now).select('next_run_at').where('id', '=', id).executeTakeFirst()
  return row?.next_run_at ?? null
}
