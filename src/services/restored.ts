// After a database was restored from a backup it does not know what was sent since then. Until a sweep has read what this
// application created, nothing is created on its connections before it was looked for. It is noticed where the database can
// tell that it is another one; where it cannot (a data directory that was copied back), a person says so.
import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { exchangeIdentity, readIdentity, startLookingUpFirst } from '../stores/restored.ts'
import { quietMs } from './writes.ts'

/** A standby may take over while this process runs. */
const noticeEveryMs = 60_000

export type RestoredService = ReturnType<typeof restoredService>

export function restoredService(deps: { db: Db; clock: Clock; log: Logger }) {
  const { db, clock, log } = deps
  let noticedAt: number | null = null

  /** When requests of before the restore have landed and are shown, the sweep sees them all. */
  const start = (tx: Db, only: { companyId: string; connectionId: string } | null): Promise<number> => {
    const now = clock.now()
    return startLookingUpFirst(tx, only, now.toISOString(), new Date(now.getTime() + quietMs).toISOString())
  }

  return {
    /** A person says that the database was restored: one connection, or all. Answers how many look everything up first. */
    lookUpFirst: (only: { companyId: string; connectionId: string } | null): Promise<number> =>
      inTransaction(db, (tx) => start(tx, only)),

    /** To be called before work is taken: asks the database once a minute whether it is still the same. */
    async notice(): Promise<void> {
      const askedAt = clock.uptime()
      if (noticedAt !== null && askedAt - noticedAt < noticeEveryMs) return
      const identity = await readIdentity(db)
      if (identity !== null) {
        const connections = await inTransaction(db, async (tx) => {
          const before = await exchangeIdentity(tx, identity)
          return before === null || before === identity ? null : start(tx, null)
        })
        if (connections !== null) log.warn({ connections }, 'the database is another one')
      }
      noticedAt = askedAt
    },
  }
}
