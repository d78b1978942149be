// What may stand in Xero of a record without a link. When the lost answer to a creation is found out and a person has changed
// the document meanwhile, the record is a conflict and remembers the marker that it was sent under. Nothing is created for it
// before that document was looked for under that marker, whatever record and settings call it by now: it may have been
// brought back to what was sent, or be gone. It was seen before, so one look is enough.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { isSameMarker, type Marker, markerOf, underMarker } from '../domain/posting/marker.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import type { StoredRecord } from '../stores/records.ts'
import { saveFormerMarkers } from '../stores/sync-states.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { isLive, type LookUp, outcomeOfLookup, unseen } from './look-up.ts'
import { type DocumentVerdict, type ElementOutcome, linkDocuments, settleDocuments } from './settlement.ts'

export type FormerDocuments = ReturnType<typeof formerDocuments>

function explained(error: SyncError, former: Marker): SyncError {
  const cause = `It was sent as ${former.value} before, and that document may still stand in Xero. ${error.cause}`
  const action = `Void or delete ${former.value} in Xero, or set both sides back to the same content. Then run a sync job.`
  return { ...error, cause, action }
}

export function formerDocuments(deps: { db: Db; clock: Clock; lookUp: LookUp }) {
  const { db, clock, lookUp } = deps

  /** Null when none of the new documents has to be looked for: they may be sent. */
  return async function settleFormer(
    context: JobContext,
    type: RecordType,
    creates: readonly BatchElement[],
    records: ReadonlyMap<string, StoredRecord>,
  ): Promise<StepResult | null> {
    const asked = creates.flatMap((element) => {
      const former = records.get(element.recordId)?.formerMarker
      return former && element.posted ? { element, former, posted: element.posted } : []
    })
    const [first] = asked
    if (!first) return null
    const { list } = first.posted
    const found = await lookUp(
      context,
      list,
      asked.map(({ posted, former }) => underMarker(posted, former)),
    )
    if (found.kind !== 'ok') return unseen(found)
    const outcomes = asked.map(({ element, former, posted }) => {
      const isSame = isSameMarker(former, markerOf(posted))
      const hits = found.value.filter((document) => document.marker === former.value && isLive(document))
      const outcome = outcomeOfLookup(hits, list)
      // Under another marker it is not what should stand there yet: an update renames it.
      const adopted = outcome.kind === 'adopted' ? { ...outcome, same: outcome.same && isSame } : outcome
      return { former, isSame, element: { ...element, marker: former.value }, outcome: adopted }
    })
    await inJobTransaction(db, context.job, (tx) => settle(tx, context, type, outcomes))
    return { kind: 'again' }
  }

  async function settle(
    tx: Db,
    context: JobContext,
    type: RecordType,
    outcomes: readonly { element: BatchElement; outcome: ElementOutcome; former: Marker; isSame: boolean }[],
  ): Promise<void> {
    const now = clock.now().toISOString()
    const clashes = await linkDocuments(tx, context, outcomes, now)
    const verdicts = outcomes.map(({ element, outcome, former, isSame }): DocumentVerdict => {
      const base = { ...element, blockedBy: null, attempted: false }
      const clash = clashes.get(element.recordId)
      const error = clash ?? (outcome.kind === 'conflict' ? outcome.error : null)
      if (error) {
        return { ...base, status: 'conflict', state: 'conflict', error: isSame ? error : explained(error, former) }
      }
      const isDone = outcome.kind === 'adopted' && outcome.same
      return { ...base, status: isDone ? 'synced' : 'locked', state: isDone ? 'synced' : 'locked', error: null }
    })
    await settleDocuments(tx, context, verdicts, now)
    const settled = verdicts.filter(({ status }) => status !== 'conflict')
    const forgotten = settled.map(({ recordId }) => ({ id: recordId, marker: null }))
    await saveFormerMarkers(tx, context.job.companyId, context.connection.id, type, forgotten)
    for (const { status } of verdicts) {
      if (status === 'synced') context.progress[type].sent += 1
      if (status === 'conflict') context.progress[type].failed += 1
    }
  }
}
