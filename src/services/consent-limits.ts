// How many consents may be asked for at a time: a product that asks in a loop fills nobody's list.
import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import { countOpenSessions, countPendingConnections } from '../stores/abandoned.ts'

/** Of a company. */
const mostPending = 100
/** Of a connection. */
const mostLinks = 50

/** Throws limit_reached where too many connections of the company wait for their consent. */
export async function requirePlaceToConnect(db: Db, companyId: string): Promise<void> {
  if ((await countPendingConnections(db, companyId)) < mostPending) return
  throw problem('limit_reached', `${mostPending} connections wait for a consent.`, {
    action: 'Use one of them with POST …/reconnect, or end those that nobody will finish with DELETE.',
  })
}

/** Throws limit_reached where too many links to a consent of the connection are open. */
export async function requirePlaceForLink(db: Db, connectionId: string, now: string): Promise<void> {
  if ((await countOpenSessions(db, connectionId, now)) < mostLinks) return
  throw problem('limit_reached', `${mostLinks} links to a consent are open.`, {
    action: 'Use one of them, or wait until they have expired: authorizationExpiresAt said when.',
  })
}
