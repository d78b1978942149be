// Finding out what became of a write whose answer was lost. In this order, so that nothing is ever written twice:
// replay the same text under the same key while Xero surely still knows it; then be quiet until the key has expired and
// every late request has landed; then look. What was to be created is sent again only when it is not there, twice, with the
// same key still, so that even a stray late request would be recognised; a change is decided anew by what stands there.
import type { Db } from '../db/tables.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { hasTwins, markerOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { LookUpProgress, WriteBatch } from '../domain/write-batch.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { countLocked } from '../stores/locked-counts.ts'
import { postponeLocked } from '../stores/queue-locking.ts'
import { changeBatch, lockBatch, openBatches } from '../stores/write-batches.ts'
import type { FoundAtSurvivors } from './found-at-survivors.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { exportSteps } from './job-plan.ts'
import type { LookAgain } from './look-again.ts'
import { hindered, isLive, type LookUp, outcomeOfLookup, type Sighting } from './look-up.ts'
import { foundAgain, type LostDocuments, type Missing, removedSince } from './lost-documents.ts'
import type { ElementOutcome } from './outcome.ts'
import { ownHits } from './own-hits.ts'
import type { ReplayLooks } from './replay-looks.ts'
import { firstReplayMs, quietMs, type Writer } from './writes.ts'

/** Xero keeps a key for 6 minutes and a request may arrive 4 minutes late: a replay within 2 is always recognised. */
const replayWindowMs = 2 * 60_000
const secondReplayMs = 45_000
const replaysAtMost = 2
/** Xero's lists may lag behind its writes: not there once is not enough. */
const secondLookupMs = 90_000

/** What a look-up saw longer ago than this is looked at again. */
const lookUpWithinMs = 15 * 60_000

/** By so much the accounting system's clock may differ from ours. */
const clocksDifferMs = 10 * 60_000

const noOutcomes: ReadonlyMap<Missing, ElementOutcome> = new Map()
const conflict = (error: SyncError): ElementOutcome => ({ kind: 'conflict', error })
/** A hit that another document may be, where many are named alike. */
const isElsewhere = ({ differences, isMarked }: FoundDocument): boolean =>
  !isMarked || differences.includes('contact') || differences.includes('total')

/** What was decided must not be sent any more. */
class Overtaken extends Error {}

/**
 * Before that the documents were surely not sent. Null for what was put in doubt: its times on record, further apart than
 * replays can be, say nothing of when it was sent.
 */
function sentSince({ firstSentAt, lastSentAt }: WriteBatch): string | null {
  const [first, last] = [Date.parse(firstSentAt), Date.parse(lastSentAt)]
  return last - first < quietMs ? new Date(first - clocksDifferMs).toISOString() : null
}

export type UncertainResolver = ReturnType<typeof uncertainResolver>

export function uncertainResolver(deps: {
  db: Db
  clock: Clock
  lookUp: LookUp
  lookAgain: LookAgain
  lookBefore: ReplayLooks
  atSurvivors: FoundAtSurvivors
  lost: LostDocuments
  writer: Writer
  log: Logger
}) {
  const { db, clock, lookUp, lookAgain, lookBefore, atSurvivors, lost, writer, log } = deps
  const now = () => clock.now().toISOString()

  const anew = () => ({ firstSentAt: now(), sends: 1 })

  const dueOf = ({ dueAt, lastSentAt }: WriteBatch): string => dueAt ?? from(lastSentAt, firstReplayMs)

  /** Those that nobody has looked at since their process died come first. */
  const rank = (batch: WriteBatch): string => (batch.state === 'sending' ? '' : dueOf(batch))

  /** Takes the next step for the uncertain write call of the connection that is due first, or waits until it is. */
  return async function settle(context: JobContext): Promise<StepResult> {
    const { companyId, id: jobId } = context.job
    const open = await openBatches(db, companyId, context.connection.id)
    const [batch] = open.toSorted((a, b) => rank(a).localeCompare(rank(b)))
    if (!batch) return exportAgain()
    const dueAt = dueOf(batch)
    // Its process died before the answer was on record: from here on people see that it is uncertain.
    if (batch.state === 'sending') {
      await writer.conclude(context, batch, { kind: 'unknown', error: syncError('outcome_unknown') }, dueAt)
      return { kind: 'again' }
    }
    if (dueAt > now()) return { kind: 'wait', until: dueAt, reason: 'outcome_unknown' }
    const replays = batch.sends - 1
    const quietUntil = from(batch.lastSentAt, quietMs)
    if (replays < replaysAtMost && now() < from(batch.firstSentAt, replayWindowMs)) {
      const seen = await lookBefore(context, batch)
      if (typeof seen !== 'boolean') return seen
      const next = replays + 1 < replaysAtMost ? from(now(), secondReplayMs) : from(now(), quietMs)
      // A person's change is not written over: once it is quiet, it is decided anew.
      return seen ? replay(context, batch, next) : postpone(context, batch, quietUntil)
    }
    if (now() < quietUntil) return postpone(context, batch, quietUntil)
    return batch.operation === 'create' ? find(context, batch) : decideAnew(context, batch, quietUntil)

    /** Everything is known. What was put off because of it, or found not to be written, is exported now. */
    async function exportAgain(): Promise<StepResult> {
      if (!context.job.steps.slice(1).includes('match') && (await countLocked(db, companyId, jobId)) > 0) {
        await inJobTransaction(db, context.job, (tx) => postponeLocked(tx, companyId, jobId, 'all', null))
        return { kind: 'again', first: exportSteps() }
      }
      return { kind: 'done' }
    }
  }

  async function postpone(context: JobContext, batch: WriteBatch, dueAt: string): Promise<StepResult> {
    await inJobTransaction(db, context.job, (tx) => changeBatch(tx, batch.id, { dueAt }))
    // The others have times of their own: the job waits for whichever is due first.
    return { kind: 'again' }
  }

  /** A replay that comes too late is none: between the decision and the intent the process may have been paused. */
  async function replay(context: JobContext, batch: WriteBatch, nextDueAt: string): Promise<StepResult> {
    const change = () => {
      if (now() >= from(batch.firstSentAt, replayWindowMs)) throw new Overtaken()
      return { firstSentAt: batch.firstSentAt, sends: batch.sends + 1 }
    }
    return resend(context, batch, change, nextDueAt)
  }

  /** `change` is asked when the intent is put on record: the times are those of the intent. */
  async function resend(
    context: JobContext,
    batch: WriteBatch,
    change: () => { firstSentAt: string; sends: number },
    nextDueAt: string,
  ): Promise<StepResult> {
    let lastSentAt = now()
    let recorded: WriteBatch | null = null as WriteBatch | null
    const putOnRecord = async (tx: Db) => {
      // The answer to an earlier send may have come meanwhile, to the worker that had the job before.
      const open = await lockBatch(tx, batch.id)
      // Or a person said that the database was restored: then what the look-ups saw counts no more.
      if (!open || open.negativeLookups !== batch.negativeLookups) throw new Overtaken()
      lastSentAt = now()
      const intended = { ...change(), lastSentAt, negativeLookups: 0, lookUp: null }
      await changeBatch(tx, batch.id, intended)
      recorded = { ...batch, ...intended }
    }
    const result = await writer.callFor(context, batch, putOnRecord, 'resolution').catch((error: unknown) => {
      if (error instanceof Overtaken) return null
      throw error
    })
    if (result === null) return { kind: 'again' }
    if (result.kind === 'lost') return { kind: 'fail', error: result.error }
    // No token, no call left, or refused as a whole: that says nothing of the earlier send, which stays uncertain.
    if (result.kind === 'wait') return postpone(context, batch, result.until)
    // Looked for, and too large for a gateway on the way: it is exported in smaller calls.
    if (recorded && result.kind === 'refused' && result.error.code === 'too_large' && change === anew) {
      const concluded = await writer.conclude(context, recorded, result, nextDueAt)
      return typeof concluded === 'string' ? { kind: 'again' } : concluded
    }
    if (!recorded || result.kind === 'refused') return postpone(context, batch, from(lastSentAt, quietMs))
    const concluded = await writer.conclude(context, recorded, result, nextDueAt)
    return typeof concluded === 'string' ? { kind: 'again' } : concluded
  }

  /**
   * Goes on where the limits stopped it, and is not made again when they stop what follows from it: where calls come free
   * one by one, what takes several in a row would never end.
   */
  async function look(
    context: JobContext,
    batch: WriteBatch,
  ): Promise<Pick<Sighting, 'found' | 'refused' | 'hindrance'> & { readonly begunAt: string }> {
    const begun = batch.lookUp && now() < from(batch.lookUp.begunAt, lookUpWithinMs) ? batch.lookUp : null
    const posted = batch.elements.map((element) => element.posted as Posted)
    const wanted = begun ? posted.filter((document) => begun.unseen.includes(markerOf(document).value)) : posted
    const seen = await lookUp(context, batch.list, wanted, { since: begun ? null : sentSince(batch) })
    const found = [...(begun?.found ?? []), ...seen.found]
    const begunAt = begun?.begunAt ?? now()
    if (seen.calls > 0) {
      const progress = { begunAt, found, unseen: seen.unseen }
      await inJobTransaction(db, context.job, (tx) => changeBatch(tx, batch.id, { lookUp: progress }))
    }
    return { found, refused: seen.refused, hindrance: seen.hindrance, begunAt }
  }

  /** A change or removal goes the usual way once more, from what stands there by now: to make it twice does no harm. */
  async function decideAnew(context: JobContext, batch: WriteBatch, since: string): Promise<StepResult> {
    const hindrance = await lookAgain(context, batch, since)
    if (hindrance) return hindrance
    const outcomes = batch.elements.map((element) => ({ element, outcome: { kind: 'unknown' } as const }))
    await writer.settle(context, batch, outcomes, { lookedUp: true })
    return { kind: 'again' }
  }

  /** A document that a person removed before it was found is as if the answer had come. */
  function judge(
    context: JobContext,
    batch: WriteBatch,
    {
      element: { posted },
      hits,
      removed,
    }: { element: Missing; hits: readonly FoundDocument[]; removed: ReadonlySet<string> },
  ): ElementOutcome {
    if (hits.some(isLive) || sentSince(batch) === null || batch.list !== 'invoices')
      return outcomeOfLookup(context, hits, posted)
    const gone = hits.find((hit) => removed.has(hit.remote.remoteId) && (!hasTwins(posted) || !isElsewhere(hit)))
    if (gone) return foundAgain(posted, gone)
    // A document that was removed before keeps no second one of its name out, but where Xero does.
    return outcomeOfLookup(context, hasTwins(posted) ? [] : hits, posted)
  }

  /** A document that the service fails on may stand there: the next job looks for it before it creates it. The others go on. */
  function judgeAlone(...[context, batch, seen]: Parameters<typeof judge>): ElementOutcome {
    try {
      return judge(context, batch, seen)
    } catch (error) {
      const { recordType, recordId } = seen.element
      log.error({ jobId: context.job.id, recordType, recordId, error }, 'a record failed here')
      return conflict(syncError('internal'))
    }
  }

  /**
   * Before anything is sent once more, or what did not arrive with the others: it may stand there under another name. Where nothing
   * is found, that is put on record, so that a limit that stops the call after it does not make it again.
   */
  async function findStrayed(
    context: JobContext,
    batch: WriteBatch,
    named: readonly { readonly element: Missing; readonly outcome: ElementOutcome }[],
    looked: Pick<LookUpProgress, 'begunAt' | 'found'>,
  ) {
    const none = { kind: 'looked', outcomes: noOutcomes } as const
    const since = batch.sends > 0 && batch.list !== 'contacts' ? sentSince(batch) : null
    const missing = named.filter(({ outcome }) => outcome.kind === 'not_written').map(({ element }) => element)
    const isDecided = batch.negativeLookups > 0 || missing.length < named.length
    if (since === null || missing.length === 0 || !isDecided || isSought(batch)) return none
    const taken = new Set(looked.found.map(({ remote }) => remote.remoteId))
    const seen = await lost(context, batch, missing, { since, taken })
    if (seen.kind !== 'looked' || seen.outcomes.size > 0) return seen
    const progress = { ...looked, unseen: [], soughtAt: now() }
    await inJobTransaction(db, context.job, (tx) => changeBatch(tx, batch.id, { lookUp: progress }))
    return none
  }

  function isSought({ lookUp: seen }: WriteBatch): boolean {
    return seen?.soughtAt !== undefined && now() < from(seen.begunAt, lookUpWithinMs)
  }

  async function find(context: JobContext, batch: WriteBatch): Promise<StepResult> {
    const { found: seen, refused, hindrance, begunAt } = await look(context, batch)
    if (hindrance) return hindered(hindrance)
    const posted = batch.elements.map((element) => element.posted as Posted)
    const looked = await atSurvivors(context, { posted, found: seen }, begunAt)
    if (looked.kind !== 'known') return looked
    const { found } = looked
    // Where a person's document may be taken for ours, ours may still show: the second look-up decides.
    const known = found.filter(
      (document) => (document.isMarked || batch.negativeLookups > 0) && (batch.sends > 0 || isLive(document)),
    )
    const sought = batch.elements.map((element) => ({ ...element, posted: element.posted as Posted }))
    const own = await ownHits(db, context, { sought, found: known, since: sentSince(batch) })
    const removed = await removedSince(db, context, batch, known)
    const named = sought.map((element) => {
      const hits = own.get(element) ?? []
      const error = refused.get(element.marker)
      return { element, outcome: error ? conflict(error) : judgeAlone(context, batch, { element, hits, removed }) }
    })
    const strayed = await findStrayed(context, batch, named, { begunAt, found: seen })
    if (strayed.kind !== 'looked') return strayed
    const outcomes = named.map(({ element, outcome }) => ({
      element,
      outcome: strayed.outcomes.get(element) ?? outcome,
    }))
    if (outcomes.some(({ outcome }) => outcome.kind !== 'not_written')) {
      // The call did arrive, so nothing of it is under way any more: what is missing may be sent in a new call.
      await writer.settle(context, batch, outcomes, { lookedUp: true })
      return { kind: 'again' }
    }
    if (batch.negativeLookups === 0) {
      const dueAt = from(now(), secondLookupMs)
      await inJobTransaction(db, context.job, (tx) =>
        changeBatch(tx, batch.id, { negativeLookups: 1, lookUp: null, dueAt }),
      )
      return { kind: 'again' }
    }
    return resend(context, batch, anew, from(now(), firstReplayMs))
  }
}
