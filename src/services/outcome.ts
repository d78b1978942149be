// The outcome of a document of a write call, and what follows from it for its record and queue item.
import type { ElementResult } from '../accounting/provider.ts'
import { answerDifferences } from '../domain/answer-check.ts'
import { fieldDifferences, type HowWritten } from '../domain/field-answer.ts'
import { itemDifferences } from '../domain/item-answer.ts'
import type { QueueStatus, Refused } from '../domain/queue-item.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError, SyncStateName } from '../domain/sync-state.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import type { JobContext } from './job-context.ts'

/** `changedTo`: as it stands there by now, where somebody changed it after it was written and before that was known. */
export type Written = Extract<ElementResult, { kind: 'written' }> & { readonly changedTo?: StandingDocument }

/** The fate of one document of a call. */
export type ElementOutcome =
  | Written
  | Exclude<ElementResult, { kind: 'written' }>
  /** Found at the accounting system by its marker: it had been written after all, or stood there before. */
  | {
      readonly kind: 'adopted'
      readonly result: Extract<ElementResult, { kind: 'written' }>
      readonly same: boolean
      /** The document stood there before, by whoever's hand: nothing of ours is in it yet. */
      readonly isMet?: boolean
    }
  /** Another document has its marker: a person must decide. `perhaps`: ids of documents that may be the record's own. */
  | { readonly kind: 'conflict'; readonly error: SyncError; readonly perhaps?: readonly string[] }
  /** Surely not written: it is sent again; an item in use is not deleted, but switched off. */
  | { readonly kind: 'not_written'; readonly error: SyncError | null; readonly isInUse?: boolean }
  /** A change or removal that may have been made: what stands there by now decides how it goes on. */
  | { readonly kind: 'unknown' }

/** A document of a call, with what became of it. */
export interface Outcome {
  readonly element: BatchElement
  readonly outcome: ElementOutcome
}

/** The words of an attempt whose outcome was never found out: the record is decided anew, and has words of its own. */
const lostForGood = syncError('outcome_unknown', {
  cause: "Xero's answer to this attempt was lost, and whether it arrived was not found out.",
  action:
    'Nothing to do: the record is compared with what stands in Xero by now, and what is missing there is sent in an attempt of its own. ' +
    'The state of the record is that of the comparison.',
  retryable: false,
})

/** The error that an attempt shows. */
export const attemptError = ({ attempt, status, error }: Verdict): SyncError | null => {
  if (attempt === 'unknown') return lostForGood
  return status === 'synced' ? null : error
}

export interface Verdict {
  readonly status: QueueStatus
  readonly state: SyncStateName
  readonly error: SyncError | null
  readonly attempt: 'written' | 'rejected' | 'refused' | 'adopted' | 'unknown'
  readonly refused?: Refused | null
}

/** `goesOn`: the document is sent again by this job; otherwise it returns to the queue. `isStage`: the record is not done with it. */
export function verdictOf(outcome: ElementOutcome, goesOn: boolean, isStage = false): Verdict {
  const again = goesOn
    ? ({ status: 'locked', state: 'locked' } as const)
    : ({ status: 'pending', state: 'pending' } as const)
  switch (outcome.kind) {
    case 'written':
      // The usual look before a change tells what became of it, or the settings let it be written over.
      return isStage || outcome.changedTo
        ? { ...again, error: null, attempt: 'written' }
        : { status: 'synced', state: 'synced', error: null, attempt: 'written' }
    case 'rejected':
      return { status: 'failed', state: 'failed', error: outcome.error, attempt: 'rejected' }
    case 'conflict':
      return { status: 'conflict', state: 'conflict', error: outcome.error, attempt: 'rejected' }
    case 'adopted':
      return outcome.same && !isStage
        ? { status: 'synced', state: 'synced', error: null, attempt: 'adopted' }
        : { ...again, error: null, attempt: 'adopted' }
    case 'not_written':
      return { ...again, error: outcome.error, attempt: 'refused' }
    case 'unknown':
      return { ...again, error: null, attempt: 'unknown' }
  }
}

/** How a document was sent, as far as its answer is judged by that. */
export const howWritten = ({ reference }: JobContext, { remoteId, amendment }: BatchElement): HowWritten => ({
  isCreated: remoteId === null,
  isPaid: amendment?.isPaid === true,
  taxRates: reference.taxRates,
})

/** A write that made something else of the document than was sent: it stands there all the same, and a person decides. */
export function answerVerdict(context: JobContext, element: BatchElement, outcome: ElementOutcome): Verdict | null {
  const { posted, removal, tellAfter } = element
  if (tellAfter && outcome.kind === 'written') {
    const { status, error } = tellAfter
    return { status, state: status, error, attempt: 'written' }
  }
  const isDeactivated = removal?.list === 'items' && removal.action === 'deactivate' && outcome.kind === 'written'
  if (isDeactivated && outcome.remote.status !== 'DELETED') {
    return { status: 'synced', state: 'outdated', error: syncError('item_deactivated'), attempt: 'written' }
  }
  if (removal === null && posted?.list === 'items') return itemVerdict(context, element, outcome)
  if (removal !== null || posted?.list !== 'invoices') return null
  if (outcome.kind === 'written' && outcome.changedTo) return null
  const isAdopted = outcome.kind === 'adopted' && outcome.same
  const result = isAdopted ? outcome.result : outcome.kind === 'written' ? outcome : null
  if (!result?.standing) return null
  const isCreated = !isAdopted && element.remoteId === null
  const how = { taxRates: context.reference.taxRates, isCreated }
  // The contact of one that was looked up is its own, or what that was merged into.
  const contactRemoteId = (isAdopted && result.standing.content.contactRemoteId) || posted.contactRemoteId
  const { standing, remote } = result
  const figures = answerDifferences({ ...posted, contactRemoteId }, standing, remote.lineIds, how)
  // One that was looked up is laid beside the record field by field before it is taken for the same.
  const fields = isAdopted ? [] : fieldDifferences(posted, standing, remote.lineIds, howWritten(context, element))
  const differences = [...figures, ...fields]
  if (differences.length === 0) return null
  const error = syncError('written_differently', { differences })
  return { status: 'conflict', state: 'conflict', error, attempt: isAdopted ? 'adopted' : 'written' }
}

/** A stage on the way is not what the record says; an answer that shows no item tells nothing. */
function itemVerdict(
  { reference: { taxRates } }: JobContext,
  { posted, standing = null, isInterim = false }: BatchElement,
  outcome: ElementOutcome,
): Verdict | null {
  if (outcome.kind !== 'written' || isInterim || posted?.list !== 'items' || outcome.seen?.list !== 'items') return null
  const { fields: seen } = outcome.seen
  const differences = itemDifferences(posted, { seen, standing: standing?.fields ?? null, taxRates })
  if (differences.length === 0) return null
  const error = syncError('written_differently', { differences })
  return { status: 'conflict', state: 'conflict', error, attempt: 'written' }
}

/** The answer to a write shows otherwise than was sent. */
export const isDiffering = ({ error }: Verdict): boolean => error?.code === 'written_differently'

/** A creation that was sent and not answered may have left the document that stands in its way now. */
export const isPerhapsOurs = ({ operation, state, sends }: WriteBatch): boolean =>
  operation === 'create' && state === 'uncertain' && sends > 0
