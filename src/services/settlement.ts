// Settling a write call: what became of each of its documents is put on record in one transaction. Its links are recorded
// whoever learned them; everything else is settled once, by whoever locks the batch first.
import type { ImportedEntity } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { documentTypes, isDocumentType } from '../domain/entity-types.ts'
import { isInterim } from '../domain/item-codes.ts'
import { type Fields, isLeftOver } from '../domain/merging.ts'
import type { PostedItem } from '../domain/posting/posted.ts'
import type { Refused } from '../domain/queue-item.ts'
import { wordedForDeletion } from '../domain/refused-deletions.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import { forgetPosted } from '../stores/posted-marks.ts'
import { tellWrittenElsewhere } from '../stores/relinked-documents.ts'
import { holdsLease } from '../stores/sync-jobs.ts'
import { addLeftDocuments, saveFormerDocuments } from '../stores/sync-states.ts'
import { changeBatch, lockBatch, settleAttempts } from '../stores/write-batches.ts'
import { alone } from './alone.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import type { ImportDesk } from './import-desk.ts'
import type { JobContext } from './job-context.ts'
import { toldByState } from './locked-periods.ts'
import { saveMet } from './met-looks.ts'
import {
  answerVerdict,
  attemptError,
  type ElementOutcome,
  isDiffering,
  isPerhapsOurs,
  type Outcome,
  type Verdict,
  verdictOf,
} from './outcome.ts'
import { filledAccounts, type WrittenEntity } from './own-writes.ts'
import { knownInUse, obstaclesOf, refusalHash, standingStamp } from './refusals.ts'
import { remoteRow, theirFields } from './remote-rows.ts'
import { linkDocuments, unlinkDocuments } from './written-links.ts'

/**
 * A creation that was sent and not answered may have left what a look-up found, though it reads otherwise by now: a person
 * changed it. The number of a contact is set by applications only; the code of an item, by people too.
 */
function isOurs(batch: WriteBatch, { recordType, fields, posted }: BatchElement, seen: ImportedEntity): boolean {
  if (!isPerhapsOurs(batch) || isDocumentType(recordType) || !fields) return false
  const sent = posted?.list === 'items' ? { ...accountsOf(posted), ...fields } : fields
  return seen.list === 'contacts' || isLeftOver(sent, theirFields(recordType, seen))
}

const none: ReadonlySet<BatchElement> = new Set()

/** Accounts of a new item, those of the settings too: a person who changes all that the record says seldom changes them. */
const accountsOf = ({ sales = {}, purchase = {} }: PostedItem): Fields => ({
  incomeAccount: sales.accountCode ?? sales.accountOtherwise,
  expenseAccount: purchase.accountCode ?? purchase.accountOtherwise,
})

/** Contacts and items as Xero's answers show them. */
function writtenEntities(batch: WriteBatch, outcomes: readonly Outcome[]): WrittenEntity[] {
  return outcomes.flatMap(({ element, outcome }) => {
    const isFound = outcome.kind === 'adopted'
    const result = isFound ? outcome.result : outcome
    const type = element.recordType
    if (result.kind !== 'written' || !result.seen || isDocumentType(type) || !element.posted) return []
    // A stage on the way is none of the record's own states.
    const isOther = isFound && !outcome.same && !isOurs(batch, element, result.seen)
    const written = isOther || element.isInterim ? null : element.fields
    const how = isFound ? 'found' : element.remoteId === null ? 'created' : 'updated'
    const filled = written && element.posted.list === 'items' ? { filled: filledAccounts(element.posted) } : {}
    const { recordId, isPartial = false } = element
    // The number of a contact is set by applications only.
    const isMadeByUs = isFound && isPerhapsOurs(batch) && element.posted.list === 'contacts'
    return { type, recordId, entity: result.seen, written: written ?? null, how, isPartial, isMadeByUs, ...filled }
  })
}

/** Of a contact or item: the fields as they were sent, and as Xero shows them. */
function writtenFields(element: BatchElement, outcome: ElementOutcome): DocumentVerdict['written'] {
  const { recordType, fields: sent, handed } = element
  const result = outcome.kind === 'adopted' ? outcome.result : outcome
  if (isDocumentType(recordType) || !sent || result.kind !== 'written') return null
  return { sent, handed, theirs: result.seen ? theirFields(recordType, remoteRow(result.seen)) : {} }
}

/** What came of it otherwise is not taken for sent: the same again is no "unchanged". */
async function forgetDiffering(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  settled: readonly { readonly element: BatchElement; readonly verdict: Verdict }[],
  failing: ReadonlySet<BatchElement>,
): Promise<void> {
  const differing = settled
    .filter(({ element, verdict }) => isDiffering(verdict) || failing.has(element))
    .map(({ element }) => element)
  for (const type of new Set(differing.map(({ recordType }) => recordType))) {
    const ids = differing.filter(({ recordType }) => recordType === type).map(({ recordId }) => recordId)
    await forgetPosted(tx, companyId, connectionId, type, ids)
  }
}

/** The least that has to be known of a document on which the service fails: where it stands, if it does. */
function bare({ element, outcome }: Outcome): Outcome {
  const least = { warnings: [], seen: null, standing: undefined, changedTo: undefined }
  if (outcome.kind === 'written') return { element, outcome: { ...outcome, ...least } }
  if (outcome.kind !== 'adopted') return { element, outcome }
  return { element, outcome: { kind: 'adopted', same: false, result: { ...outcome.result, ...least } } }
}

/** Failed by the service itself: a link that it has is changed with the next job, and what it may be is looked for before. */
const internal = (outcome: ElementOutcome): Verdict => ({
  ...(outcome.kind === 'conflict' ? { status: 'conflict', state: 'conflict' } : { status: 'failed', state: 'failed' }),
  error: syncError('internal'),
  attempt: verdictOf(outcome, true).attempt,
})

const isUnderInterim = ({ recordType, remoteId, standing, isInterim: isStage = false }: BatchElement): boolean =>
  recordType === 'item' &&
  remoteId !== null &&
  !isStage &&
  isInterim({ remoteId, code: String(standing?.fields.code ?? '') })

/** What is kept with an item whose document was refused for good: the same is not sent again. */
async function refusedBy(
  tx: Db,
  context: JobContext,
  element: BatchElement,
  outcome: ElementOutcome,
  { status, error }: Verdict,
): Promise<Refused | null> {
  const { seenAs = null, posted, remoteId } = element
  if (outcome.kind === 'not_written' && outcome.isInUse) return knownInUse(element)
  if (element.refusalHash === undefined || error === null || error.retryable) return null
  if (status !== 'failed' && status !== 'conflict') return null
  const written = outcome.kind === 'written' ? outcome : outcome.kind === 'adopted' ? outcome.result : null
  const obstacles = posted && (await obstaclesOf(tx, context, posted, written?.remote.remoteId ?? remoteId))
  // One that stands there by now is changed, the next time.
  const hash = written ? refusalHash(context, element.postedHash, written.remote.remoteId) : element.refusalHash
  return { hash, status, seenAs: written?.standing ? standingStamp(written.standing) : seenAs, obstacles }
}

/** Ends the transaction of a rehearsal. */
class Rehearsed extends Error {}

/** Settles these, and changes nothing: throws what settling them would. */
export async function rehearseSettling(...[deps, context, batch, outcomes, how]: Parameters<typeof settleBatch>) {
  const stage = { ...context, progress: structuredClone(context.progress) }
  await settleBatch(deps, stage, batch, outcomes, { ...how, isRehearsal: true }).catch((error: unknown) => {
    if (!(error instanceof Rehearsed)) throw error
  })
}

/**
 * Settles all documents of a batch. `lookedUp`: nothing was sent now, so that it counts as no attempt. `failing`: elements on which
 * the service itself fails.
 */
export async function settleBatch(
  { db, takeWritten }: { readonly db: Db; readonly takeWritten: ImportDesk['takeWritten'] },
  context: JobContext,
  batch: WriteBatch,
  told: readonly Outcome[],
  {
    now,
    lookedUp,
    failing = none,
    isRehearsal = false,
  }: {
    readonly now: string
    readonly lookedUp: boolean
    readonly failing?: ReadonlySet<BatchElement>
    readonly isRehearsal?: boolean
  },
): Promise<void> {
  const outcomes = told.map((one) => (failing.has(one.element) ? bare(one) : one))
  const { companyId, connectionId } = { companyId: context.job.companyId, connectionId: context.connection.id }
  // Counted by this job: the uncertain ones of an earlier job stay in its own figures.
  const wasUncertain = batch.state === 'uncertain' && batch.jobId === context.job.id
  await alone(db, connectionId, async (tx) => {
    // A worker that lost the job gives nothing back to it: it may have ended, and would hold the document for ever.
    const goesOn = (await holdsLease(tx, context.job.id, context.job.epoch)) && batch.jobId === context.job.id
    const clashes =
      batch.operation === 'remove'
        ? await unlinkDocuments(tx, context, outcomes)
        : await linkDocuments(tx, context, outcomes, now)
    const open = await lockBatch(tx, batch.id)
    if (!open) return
    // It was sent again meanwhile: of the earlier send only what was written is the last word.
    if (open.lastSentAt !== batch.lastSentAt && outcomes.some(({ outcome }) => outcome.kind !== 'written')) return
    const settled: { element: BatchElement; outcome: ElementOutcome; verdict: Verdict }[] = []
    for (const { element, outcome } of outcomes) {
      const clash = clashes.get(element.recordId)
      const found: Verdict = clash
        ? { status: 'conflict', state: 'conflict', error: clash, attempt: 'rejected' }
        : failing.has(element)
          ? internal(outcome)
          : (answerVerdict(context, element, outcome) ??
            verdictOf(outcome, goesOn, element.isInterim || element.isPartial))
      const told = await toldByState(tx, context, element, found)
      const isKept = element.removal !== null && told.status === 'failed'
      const verdict = isKept && told.error ? { ...told, error: wordedForDeletion(told.error) } : told
      // The document that stands there is another record's: this record's own is still to be created.
      const own: ElementOutcome = clash ? { kind: 'not_written', error: null } : outcome
      const refused = failing.has(element)
        ? null
        : (element.tellAfter?.refused ?? (await refusedBy(tx, context, element, own, verdict)))
      // Refused under its own code, an item under a code for the moment is planned once more: it gets back the one that it had.
      const isLeft = outcome.kind === 'rejected' && refused !== null && isUnderInterim(element)
      const { status, state } = isLeft ? verdictOf({ kind: 'not_written', error: null }, goesOn) : verdict
      settled.push({ element, outcome, verdict: { ...verdict, status, state, refused } })
    }
    await settleAttempts(
      tx,
      batch.id,
      settled.map(({ element, outcome, verdict }) => ({
        queueItemId: element.queueItemId,
        outcome: verdict.attempt,
        error: attemptError(verdict),
        warnings: outcome.kind === 'written' ? outcome.warnings : [],
      })),
      now,
    )
    for (const type of documentTypes) {
      const ofType = outcomes.filter(({ element }) => element.recordType === type)
      await saveMet(tx, context, type, ofType, now)
    }
    await settleDocuments(
      tx,
      context,
      settled.map(({ element, outcome, verdict }) => ({
        ...element,
        ...verdict,
        written: failing.has(element) ? null : writtenFields(element, outcome),
        attempted: verdict.attempt !== 'refused' && !lookedUp,
        blockedBy: null,
      })),
      now,
    )
    await forgetDiffering(tx, context, settled, failing)
    for (const type of documentTypes) {
      const ids = settled.flatMap(({ element: { recordType, recordId } }) => (recordType === type ? recordId : []))
      await tellWrittenElsewhere(tx, { companyId, connectionId, type }, ids)
    }
    if (isPerhapsOurs(batch)) {
      for (const type of new Set(outcomes.map(({ element }) => element.recordType))) {
        const inConflict = settled.flatMap(({ element, verdict }) =>
          element.recordType === type && verdict.status === 'conflict' && element.posted
            ? { id: element.recordId, document: element.posted }
            : [],
        )
        await saveFormerDocuments(tx, companyId, connectionId, type, inConflict)
      }
    }
    for (const { element, outcome } of outcomes) {
      const perhaps = outcome.kind === 'conflict' ? (outcome.perhaps ?? []) : []
      const scope = { companyId, connectionId, type: element.recordType }
      if (perhaps.length > 0) await addLeftDocuments(tx, scope, element.recordId, perhaps)
    }
    const linked = outcomes.filter(({ element }) => !clashes.has(element.recordId))
    await takeWritten(tx, context, writtenEntities(batch, linked))
    if (wasUncertain) {
      for (const { element } of settled) context.progress[element.recordType].uncertain -= 1
    }
    for (const { element, verdict } of settled) {
      const field =
        verdict.status === 'synced'
          ? 'sent'
          : verdict.status === 'locked' || verdict.status === 'pending'
            ? null
            : 'failed'
      if (field) context.progress[element.recordType][field] += 1
    }
    await changeBatch(tx, batch.id, { state: 'settled', settledAt: now, dueAt: null })
    if (isRehearsal) throw new Rehearsed()
  })
}
