// What grows without end is shortened: stored answers of idempotent requests, and what deleted rows leave behind.
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { deleteIdempotencyKeysBefore } from '../stores/idempotency-keys.ts'
import { analyzeChanged, vacuum } from '../stores/vacuum.ts'

const idempotencyKeysLiveMs = 7 * 24 * 60 * 60_000

export function upkeepService(deps: { db: Db; clock: Clock }) {
  const { db, clock } = deps
  return {
    async tidy(): Promise<void> {
      await deleteIdempotencyKeysBefore(db, new Date(clock.now().getTime() - idempotencyKeysLiveMs).toISOString())
    },
    /** For the embedded database, which does not do it by itself. */
    vacuum: () => vacuum(db),
    /** The same: after a first handover it must not take a quarter of an hour until the planner knows of it. */
    analyze: () => analyzeChanged(db),
  }
}
