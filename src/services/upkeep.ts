// What grows without end is shortened: stored answers of idempotent requests.
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { deleteIdempotencyKeysBefore } from '../stores/idempotency-keys.ts'

const idempotencyKeysLiveMs = 7 * 24 * 60 * 60_000

export function upkeepService(deps: { db: Db; clock: Clock }) {
  const { db, clock } = deps
  return {
    async tidy(): Promise<void> {
      await deleteIdempotencyKeysBefore(db, new Date(clock.now().getTime() - idempotencyKeysLiveMs).toISOString())
    },
  }
}
