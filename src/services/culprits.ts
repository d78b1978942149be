// A record that makes the service itself fail is failed alone, and everything else of its job goes on: half of an emoji that no
// database keeps, or a fault of ours, once ended every job of a connection.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { wordedForDeletion } from '../domain/refused-deletions.ts'
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

/** The step for all items that the job holds, or for these alone. */
export type PartStep = (
  context: JobContext,
  type: RecordType,
  only: ReadonlySet<HeldItem['id']> | null,
) => Promise<StepResult>

/** So often one part or another fails where a few records are at fault. More often, it is not the records. */
const failuresAtMost = 40

/**
 * Does the step; where it fails, items that fail in a rehearsal too, alone and twice, are settled as failed, and the step is
 * done again without them. What the rehearsal does not show, the step itself tells, done for halves of the items: each of its writes is
 * on record before it is made, so that a part that is done is not done twice. Where no item fails alone, the fault is another one.
 */
export function withoutCulprits(deps: {
  db: Db
  clock: Clock
  log: Logger
  items: (context: JobContext, type: RecordType) => Promise<readonly HeldItem[]>
  isDeletion: boolean
  rehearse?: Rehearsal
}) {
  const { db, clock, log, items, isDeletion, rehearse } = deps
  const internal = isDeletion ? wordedForDeletion(syncError('internal')) : syncError('internal')

  return async (context: JobContext, type: RecordType, step: PartStep): Promise<StepResult> => {
    try {
      return await step(context, type, null)
    } catch (failure) {
      if (failure instanceof LeaseLost) throw failure
      const found = await culpritsOf(context, type, step, failure)
      // A record that fails after its call was made is in a write call by now, whose outcome is found out.
      const held = new Set((await items(context, type)).map(({ id }) => id))
      const culprits = found.filter(({ element: { id } }) => held.has(id))
      if (culprits.length === 0) throw failure
      for (const { element, error } of culprits) {
        log.error(
          { jobId: context.job.id, recordType: type, recordId: element.recordId, error },
          'a record failed here',
        )
      }
      const verdicts = culprits.map(({ element: { id, recordId } }) => ({
        ...{ queueItemId: id, recordType: type, recordId, blockedBy: null, attempted: true },
        ...({ status: 'failed', state: 'failed', error: internal } as const),
      }))
      await inJobTransaction(db, context.job, (tx) => settleDocuments(tx, context, verdicts, clock.now().toISOString()))
      context.progress[type].failed += verdicts.length
      return { kind: 'again' }
    }
  }

  async function culpritsOf(context: JobContext, type: RecordType, step: PartStep, failure: unknown) {
    const all = await items(context, type)
    if (rehearse) {
      const rehearsed = await isolate(
        all,
        (part) => rehearse(context, type, part),
        () => pingDatabase(db),
      )
      if (rehearsed.length > 0) return rehearsed
    }
    let failures = 0
    const doPart = async (part: readonly HeldItem[]) => {
      await step(context, type, new Set(part.map(({ id }) => id)))
    }
    return isolate(all, doPart, async () => {
      failures += 1
      if (failures > failuresAtMost) throw failure
      await pingDatabase(db)
    })
  }
}
