// A record that makes the service itself fail is failed alone, and everything else of its job goes on: half of an emoji that no
// database keeps, or a fault of ours, once ended every job of a connection.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { pingDatabase } from '../stores/ping.ts'
import { settleDocuments } from './document-verdicts.ts'
import { isolate } from './isolate.ts'
import { inJobTransaction, type JobContext, LeaseLost, type StepResult } from './job-context.ts'
import type { HeldItem } from './refusals.ts'

/** Does for these items all that may fail before a call is made, and changes nothing. */
export type Rehearsal = (context: JobContext, type: RecordType, items: readonly HeldItem[]) => Promise<void>

/**
 * Does the step; where it fails, items that fail in a rehearsal too, alone and twice, are settled as failed, and the step is
 * done again without them. Where none does, the fault is another one.
 */
export function withoutCulprits(deps: {
  db: Db
  clock: Clock
  log: Logger
  items: (context: JobContext, type: RecordType) => Promise<readonly HeldItem[]>
  rehearse: Rehearsal
}) {
  const { db, clock, log, items, rehearse } = deps
  return async (context: JobContext, type: RecordType, step: () => Promise<StepResult>): Promise<StepResult> => {
    try {
      return await step()
    } catch (failure) {
      if (failure instanceof LeaseLost) throw failure
      const work = (part: readonly HeldItem[]) => rehearse(context, type, part)
      const culprits = await isolate(await items(context, type), work, () => pingDatabase(db))
      if (culprits.length === 0) throw failure
      for (const { element, error } of culprits) {
        log.error(
          { jobId: context.job.id, recordType: type, recordId: element.recordId, error },
          'a record failed here',
        )
      }
      const verdicts = culprits.map(({ element: { id, recordId } }) => ({
        ...{ queueItemId: id, recordType: type, recordId, blockedBy: null, attempted: true },
        ...({ status: 'failed', state: 'failed', error: syncError('internal') } as const),
      }))
      await inJobTransaction(db, context.job, (tx) => settleDocuments(tx, context, verdicts, clock.now().toISOString()))
      context.progress[type].failed += verdicts.length
      return { kind: 'again' }
    }
  }
}
