// Settling: what became of each document of a write call is put on record in one transaction. A link is a fact and is
// recorded whoever learned it; everything else is settled once, by whoever locks the batch first.
import type { ElementResult, ImportedEntity } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { sentMarks } from '../domain/amendment.ts'
import { answerDifferences } from '../domain/answer-check.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { isLeftOver } from '../domain/merging.ts'
import type { QueueItem, QueueStatus, Refused } from '../domain/queue-item.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError, SyncStateName } from '../domain/sync-state.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import { clearJobErrors, saveJobErrors } from '../stores/job-errors.ts'
import { deleteLinks, findLinksByRemoteId, forgetPosted, recordLinks } from '../stores/links.ts'
import { type Settlement, settleItems } from '../stores/queue-locking.ts'
import { deleteRemoteEntities } from '../stores/remote-entities.ts'
import { holdsLease } from '../stores/sync-jobs.ts'
import { saveFormerDocuments, setSyncStates } from '../stores/sync-states.ts'
import { changeBatch, lockBatch, settleAttempts } from '../stores/write-batches.ts'
import { alone } from './alone.ts'
import type { ImportDesk, WrittenEntity } from './import-desk.ts'
import type { JobContext } from './job-context.ts'
import { obstaclesOf, standingStamp } from './refusals.ts'
import { theirFields } from './remote-rows.ts'

/** What became of one document. */
export type ElementOutcome =
  | ElementResult
  /** Found at the accounting system by its marker: it had been written after all, or stood there before. */
  | { readonly kind: 'adopted'; readonly result: Extract<ElementResult, { kind: 'written' }>; readonly same: boolean }
  /** Another document has its marker: a person must decide. */
  | { readonly kind: 'conflict'; readonly error: SyncError }
  /** Surely not written: it is sent again. */
  | { readonly kind: 'not_written'; readonly error: SyncError | null }
  /** A change or removal that may have been made: what stands there by now decides how it goes on. */
  | { readonly kind: 'unknown' }

type Written = Extract<ElementResult, { kind: 'written' }>

interface Verdict {
  readonly status: QueueStatus
  readonly state: SyncStateName
  readonly error: SyncError | null
  readonly attempt: 'written' | 'rejected' | 'refused' | 'adopted' | 'unknown'
  readonly refused?: Refused | null
}

/** `goesOn`: the document is sent again by this job; otherwise it returns to the queue. */
function verdictOf(outcome: ElementOutcome, goesOn: boolean, isInterim = false): Verdict {
  const again = goesOn
    ? ({ status: 'locked', state: 'locked' } as const)
    : ({ status: 'pending', state: 'pending' } as const)
  switch (outcome.kind) {
    case 'written':
      return isInterim
        ? { ...again, error: null, attempt: 'written' }
        : { status: 'synced', state: 'synced', error: null, attempt: 'written' }
    case 'rejected':
      return { status: 'failed', state: 'failed', error: outcome.error, attempt: 'rejected' }
    case 'conflict':
      return { status: 'conflict', state: 'conflict', error: outcome.error, attempt: 'rejected' }
    case 'adopted':
      return outcome.same
        ? { status: 'synced', state: 'synced', error: null, attempt: 'adopted' }
        : { ...again, error: null, attempt: 'adopted' }
    case 'not_written':
      return { ...again, error: outcome.error, attempt: 'refused' }
    case 'unknown':
      return { ...again, error: null, attempt: 'unknown' }
  }
}

/** How an invoice or bill stands now, and what of ours stands in it. */
function standingParts(element: BatchElement, { standing }: Written, same: boolean) {
  const recordHash = same ? element.recordHash : undefined
  if (!standing) return { recordHash }
  const sent = element.posted?.list === 'invoices' && same ? sentMarks(element.posted) : undefined
  const { content, amountDue, fullyPaidOn } = standing
  return { content, sent, amountDue, fullyPaidOn, recordHash }
}

const linkOf = (element: BatchElement, result: Written, adopted: boolean, same: boolean) => ({
  recordId: element.recordId,
  remoteId: result.remote.remoteId,
  number: result.remote.number,
  status: result.remote.status,
  remoteUpdatedAt: result.remote.updatedAt,
  lineIds: result.remote.lineIds,
  marker: element.marker,
  postedHash: same && !element.isInterim ? element.postedHash : null,
  matchedBy: adopted ? 'marker' : null,
  ...standingParts(element, result, same),
})

/**
 * A creation that was sent and not answered may have left what a look-up found, though it reads otherwise by now: a person
 * changed it. The number of a contact is set by applications only; the code of an item, by people too.
 */
function isOurs(batch: WriteBatch, { recordType, fields }: BatchElement, seen: ImportedEntity): boolean {
  if (!isPerhapsOurs(batch) || isDocumentType(recordType) || !fields) return false
  return seen.list === 'contacts' || isLeftOver(fields, theirFields(recordType, seen))
}

/** Contacts and items as Xero's answers show them. */
function writtenEntities(
  batch: WriteBatch,
  outcomes: readonly { readonly element: BatchElement; readonly outcome: ElementOutcome }[],
): WrittenEntity[] {
  return outcomes.flatMap(({ element, outcome }) => {
    const isFound = outcome.kind === 'adopted'
    const result = isFound ? outcome.result : outcome
    const type = element.recordType
    if (result.kind !== 'written' || !result.seen || isDocumentType(type) || !element.posted) return []
    // A stage on the way is none of the record's own states.
    const isOther = isFound && !outcome.same && !isOurs(batch, element, result.seen)
    const written = isOther || element.isInterim ? null : element.fields
    const how = isFound ? 'found' : element.remoteId === null ? 'created' : 'updated'
    return { type, recordId: element.recordId, entity: result.seen, written: written ?? null, how }
  })
}

/** What is wrong with links that were not taken: the document is another record's, or stands there twice. */
async function clashErrors(
  tx: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  links: readonly { readonly recordId: string; readonly remoteId: string; readonly number: string | null }[],
  refused: readonly string[],
): Promise<[string, SyncError][]> {
  if (refused.length === 0) return []
  const clashing = links.filter(({ recordId }) => refused.includes(recordId))
  const ids = clashing.map(({ remoteId }) => remoteId)
  const holders = new Map(
    (await findLinksByRemoteId(tx, companyId, connectionId, [type], ids)).map((link) => [link.remoteId, link.recordId]),
  )
  return clashing.map(({ recordId, remoteId, number }) => {
    const holder = holders.get(remoteId)
    const candidates = candidatesOf([{ remoteId, number }])
    if (holder === undefined || holder === recordId) return [recordId, syncError('duplicate_found', { candidates })]
    const cause = `The document with this number or code in Xero belongs to the ${type} ${holder}.`
    return [recordId, syncError('duplicate_number', { cause, candidates })]
  })
}

/**
 * Puts on record which documents the records are now. By record id: what is wrong with a link that was not taken. Who
 * created a document holds it, also against one that finds it by the same number in this very call.
 */
export async function linkDocuments(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  outcomes: readonly { readonly element: BatchElement; readonly outcome: ElementOutcome }[],
  now: string,
): Promise<Map<string, SyncError>> {
  const clashes = new Map<string, SyncError>()
  for (const type of new Set(outcomes.map(({ element }) => element.recordType))) {
    const ofType = outcomes.filter(({ element }) => element.recordType === type)
    const written = ofType.flatMap(({ element, outcome }) =>
      outcome.kind === 'written' ? linkOf(element, outcome, false, true) : [],
    )
    const adopted = ofType.flatMap(({ element, outcome }) =>
      outcome.kind === 'adopted' ? linkOf(element, outcome.result, true, outcome.same) : [],
    )
    const links = [...written, ...adopted]
    const refused = await recordLinks(tx, companyId, connectionId, type, links, now)
    for (const [id, error] of await clashErrors(tx, companyId, connectionId, type, links, refused)) {
      clashes.set(id, error)
    }
  }
  return clashes
}

/** The same of removals; nothing can be wrong with a link that is gone. */
async function unlinkDocuments(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  outcomes: readonly { readonly element: BatchElement; readonly outcome: ElementOutcome }[],
): Promise<Map<string, SyncError>> {
  // An item that stays in Xero stays linked: the import would take it for a new one.
  const isGone = ({ element: { removal }, outcome }: (typeof outcomes)[number]) =>
    outcome.kind === 'written' && removal?.action !== 'deactivate'
  const removed = outcomes.filter(isGone).map(({ element }) => element)
  for (const type of new Set(removed.map(({ recordType }) => recordType))) {
    const ids = removed.filter(({ recordType }) => recordType === type).map(({ recordId }) => recordId)
    await deleteLinks(tx, companyId, connectionId, type, ids)
  }
  // An item that is gone leaves its code to others at once: one that takes it over is created, not found in the mirror.
  const items = removed.flatMap(({ recordType, remoteId }) => (recordType === 'item' && remoteId ? [remoteId] : []))
  await deleteRemoteEntities(tx, companyId, connectionId, 'items', items)
  return new Map()
}

/** What a write made of a document is not what was sent: it stands there all the same, and a person decides. */
function answerVerdict({ reference }: JobContext, element: BatchElement, outcome: ElementOutcome): Verdict | null {
  const { posted, removal } = element
  if (removal !== null || posted?.list !== 'invoices') return null
  const isAdopted = outcome.kind === 'adopted' && outcome.same
  const result = isAdopted ? outcome.result : outcome.kind === 'written' ? outcome : null
  if (!result?.standing) return null
  const differences = answerDifferences(posted, result.standing, result.remote.lineIds, reference.taxRates)
  if (differences.length === 0) return null
  const error = syncError('written_differently', { differences })
  return { status: 'conflict', state: 'conflict', error, attempt: isAdopted ? 'adopted' : 'written' }
}

const isDiffering = ({ error }: Verdict): boolean => error?.code === 'written_differently'

/** What came of it otherwise is not taken for sent: the same again is no "unchanged". */
async function forgetDiffering(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  settled: readonly { readonly element: BatchElement; readonly verdict: Verdict }[],
): Promise<void> {
  const differing = settled.filter(({ verdict }) => isDiffering(verdict)).map(({ element }) => element)
  for (const type of new Set(differing.map(({ recordType }) => recordType))) {
    const ids = differing.filter(({ recordType }) => recordType === type).map(({ recordId }) => recordId)
    await forgetPosted(tx, companyId, connectionId, type, ids)
  }
}

/** What is kept with an item whose document was refused for good: the same is not sent again. */
async function refusedBy(
  tx: Db,
  context: JobContext,
  element: BatchElement,
  outcome: ElementOutcome,
  { status, error }: Verdict,
): Promise<Refused | null> {
  const { refusalHash: hash, seenAs = null, posted, remoteId } = element
  if (hash === undefined || error === null || error.retryable) return null
  if (status !== 'failed' && status !== 'conflict') return null
  const written = outcome.kind === 'written' ? outcome : outcome.kind === 'adopted' ? outcome.result : null
  const obstacles = posted && (await obstaclesOf(tx, context, posted, written?.remote.remoteId ?? remoteId))
  return { hash, status, seenAs: written?.standing ? standingStamp(written.standing) : seenAs, obstacles }
}

/** A creation that was sent and not answered may have left the document that stands in its way now. */
const isPerhapsOurs = ({ operation, state, sends }: WriteBatch): boolean =>
  operation === 'create' && state === 'uncertain' && sends > 0

/** Settles all documents of a batch. `lookedUp`: nothing was sent now, so that it counts as no attempt. */
export async function settleBatch(
  { db, takeWritten }: { readonly db: Db; readonly takeWritten: ImportDesk['takeWritten'] },
  context: JobContext,
  batch: WriteBatch,
  outcomes: readonly { readonly element: BatchElement; readonly outcome: ElementOutcome }[],
  { now, lookedUp }: { readonly now: string; readonly lookedUp: boolean },
): Promise<void> {
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
      const verdict: Verdict = clash
        ? { status: 'conflict', state: 'conflict', error: clash, attempt: 'rejected' }
        : (answerVerdict(context, element, outcome) ?? verdictOf(outcome, goesOn, element.isInterim))
      const refused = await refusedBy(tx, context, element, outcome, verdict)
      settled.push({ element, outcome, verdict: { ...verdict, refused } })
    }
    await settleAttempts(
      tx,
      batch.id,
      settled.map(({ element, outcome, verdict }) => ({
        queueItemId: element.queueItemId,
        outcome: verdict.attempt,
        error: verdict.error,
        warnings: outcome.kind === 'written' ? outcome.warnings : [],
      })),
      now,
    )
    await settleDocuments(
      tx,
      context,
      settled.map(({ element, verdict }) => ({
        ...element,
        ...verdict,
        attempted: verdict.attempt !== 'refused' && !lookedUp,
        blockedBy: null,
      })),
      now,
    )
    await forgetDiffering(tx, context, settled)
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
  })
}

export interface DocumentVerdict {
  readonly queueItemId: string
  readonly recordType: RecordType
  readonly recordId: string
  readonly status: QueueStatus
  readonly state: SyncStateName
  readonly error: SyncError | null
  readonly blockedBy: QueueItem['blockedBy']
  readonly attempted: boolean
  readonly nextStepAt?: string | null
  readonly refused?: Refused | null
}

/** Candidates of a conflict are shown with a link to each. */
function withLinks({ linkTo }: JobContext, { recordType, error }: DocumentVerdict): SyncError | null {
  if (!error?.candidates) return error
  const candidates = error.candidates.map((candidate) => ({ ...candidate, url: linkTo(recordType, candidate.id) }))
  return { ...error, candidates }
}

/** Queue item, record and error list of each document, in the caller's transaction. */
export async function settleDocuments(
  tx: Db,
  context: JobContext,
  judged: readonly DocumentVerdict[],
  now: string,
): Promise<void> {
  const verdicts = judged.map((verdict) => ({ ...verdict, error: withLinks(context, verdict) }))
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const settlements: Settlement[] = verdicts.map((verdict) => ({
    itemId: verdict.queueItemId,
    status: verdict.status,
    error: verdict.error,
    blockedBy: verdict.blockedBy,
    attempted: verdict.attempted,
    nextStepAt: verdict.nextStepAt ?? null,
    refused: verdict.refused ?? null,
  }))
  await settleItems(tx, companyId, settlements, now)
  for (const type of new Set(verdicts.map((verdict) => verdict.recordType))) {
    const changes = verdicts
      .filter((verdict) => verdict.recordType === type)
      .map((verdict) => ({
        id: verdict.recordId,
        state: verdict.state,
        error: verdict.error,
        synced: verdict.state === 'synced',
        nextStepAt: verdict.nextStepAt ?? null,
      }))
    await setSyncStates(tx, companyId, connectionId, type, changes, now)
  }
  const errors = verdicts.flatMap((verdict) =>
    verdict.error && !['locked', 'pending', 'cancelled'].includes(verdict.status)
      ? {
          itemId: verdict.queueItemId,
          status: verdict.status,
          error: verdict.error,
          blockedBy: verdict.blockedBy,
        }
      : [],
  )
  await saveJobErrors(tx, companyId, connectionId, jobId, errors, now)
  const fine = verdicts.filter((verdict) => verdict.status === 'synced').map((verdict) => verdict.queueItemId)
  await clearJobErrors(tx, companyId, jobId, fine)
}
