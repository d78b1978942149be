// Limits of the consents that a company asks for, at a time and in a day: a product that asks in a loop, or asks and gives up, fills nobody's list.
import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import { countGivenUpConnections, countOpenSessions, countPendingConnections } from '../stores/abandoned.ts'

/** Of a company. */
const mostPending = 100
/** Connections of a company that were made and ended within a day. */
const mostGivenUp = 100
const dayMs = 24 * 60 * 60_000
/** Of a connection. */
const mostLinks = 50

/** Throws limit_reached where too many connections of the company wait for their consent, or were given up within a day. */
export async function requirePlaceToConnect(db: Db, companyId: string, now: Date): Promise<void> {
  if ((await countPendingConnections(db, companyId)) >= mostPending) {
    throw problem('limit_reached', `${mostPending} connections wait for a consent.`, {
      action: 'Use one of them with POST …/reconnect, or end those that nobody will finish with DELETE.',
    })
  }
  const aDayAgo = new Date(now.getTime() - dayMs).toISOString()
  if ((await countGivenUpConnections(db, companyId, aDayAgo)) < mostGivenUp) return
  throw problem('limit_reached', `${mostGivenUp} connections were created and ended within a day without a consent.`, {
    action: 'Use one of them with POST …/reconnect, or wait until a day has passed since they were created.',
  })
}

/** Throws limit_reached where too many links to a consent of the connection are open. */
export async function requirePlaceForLink(db: Db, connectionId: string, now: string): Promise<void> {
  if ((await countOpenSessions(db, connectionId, now)) < mostLinks) return
  throw problem('limit_reached', `${mostLinks} links to a consent are open.`, {
    action: 'Use one of them, or wait until they have expired: authorizationExpiresAt said when.',
  })
}
