// Tables that grow without end are shortened: stored answers of idempotent requests, what consents that nobody finished leave behind,
// keys that ended long ago, and what deleted rows leave behind.
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import {
  dropEndedSessions,
  dropForgottenConnection,
  dropUnusedTokenSets,
  endPendingConnections,
  findForgottenConnections,
} from '../stores/abandoned.ts'
import { dropEndedApiKeys } from '../stores/api-keys.ts'
import { deleteIdempotencyKeysBefore } from '../stores/idempotency-keys.ts'
import { analyzeChanged, vacuum } from '../stores/vacuum.ts'
import { alone } from './alone.ts'

const day = 24 * 60 * 60_000
const idempotencyKeysLiveMs = 7 * day
/** A consent that was not confirmed by then never is: its links and codes ended long before. */
const consentsLiveMs = day
const pendingConnectionsLiveMs = 30 * day
/** Connections that ended without ever having an organisation go after this time; the others stay. */
const endedConnectionsStayMs = 30 * day
/** Keys can be looked up for so long: their holders, and when they were used last. */
const endedKeysStayMs = 90 * day
const rowsAtOnce = 500

export function upkeepService(deps: { db: Db; clock: Clock }) {
  const { db, clock } = deps
  const before = (milliseconds: number) => new Date(clock.now().getTime() - milliseconds).toISOString()

  async function dropForgottenConnections(): Promise<void> {
    const endedBefore = before(endedConnectionsStayMs)
    for (let found = rowsAtOnce; found === rowsAtOnce; ) {
      const ids = await findForgottenConnections(db, endedBefore, rowsAtOnce)
      for (const id of ids) await alone(db, id, (tx) => dropForgottenConnection(tx, id, endedBefore))
      found = ids.length
    }
  }

  return {
    async tidy(): Promise<void> {
      await deleteIdempotencyKeysBefore(db, before(idempotencyKeysLiveMs))
      while ((await dropEndedSessions(db, before(consentsLiveMs), rowsAtOnce)) === rowsAtOnce);
      while ((await dropUnusedTokenSets(db, before(consentsLiveMs), rowsAtOnce)) === rowsAtOnce);
      await endPendingConnections(db, before(pendingConnectionsLiveMs), clock.now().toISOString())
      await dropForgottenConnections()
      while ((await dropEndedApiKeys(db, before(endedKeysStayMs), rowsAtOnce)) > 0);
    },
    /** For the embedded database, which does not do it by itself. */
    vacuum: () => vacuum(db),
    /** The same: after a first handover it must not take a quarter of an hour until the planner knows of it. */
    analyze: () => analyzeChanged(db),
  }
}
