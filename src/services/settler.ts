// Settling a write call, also where the service itself fails on a document of it: that one is failed alone, with a link to where it
// stands, so that it is never written twice, and the others are settled.
import type { Db } from '../db/tables.ts'
import type { WriteBatch } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { pingDatabase } from '../stores/ping.ts'
import { withArchived } from './archived-contacts.ts'
import type { ImportDesk } from './import-desk.ts'
import { isolate } from './isolate.ts'
import type { JobContext } from './job-context.ts'
import { withNamesakes } from './namesakes.ts'
import type { Outcome } from './outcome.ts'
import { rehearseSettling, settleBatch } from './settlement.ts'

export type Settle = ReturnType<typeof settler>

export function settler(deps: { db: Db; clock: Clock; takeWritten: ImportDesk['takeWritten']; log: Logger }) {
  const { db, clock, takeWritten, log } = deps
  /** Puts on record what became of a batch. `lookedUp`: nothing was sent now. */
  return async (
    context: JobContext,
    batch: WriteBatch,
    outcomes: readonly Outcome[],
    { lookedUp = false } = {},
  ): Promise<void> => {
    const named = await withNamesakes(db, context, outcomes)
    const told = await withArchived(db, context, named)
    const how = () => ({ now: clock.now().toISOString(), lookedUp })
    try {
      await settleBatch({ db, takeWritten }, context, batch, told, how())
    } catch (failure) {
      const rehearse = (part: readonly Outcome[]) => rehearseSettling({ db, takeWritten }, context, batch, part, how())
      const culprits = await isolate(told, rehearse, () => pingDatabase(db))
      if (culprits.length === 0) throw failure
      for (const { element: failed, error } of culprits) {
        const { recordType, recordId } = failed.element
        log.error({ jobId: context.job.id, batchId: batch.id, recordType, recordId, error }, 'a record failed here')
      }
      const failing = new Set(culprits.map(({ element: { element } }) => element))
      await settleBatch({ db, takeWritten }, context, batch, told, { ...how(), failing })
    }
  }
}
