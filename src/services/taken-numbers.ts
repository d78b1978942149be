// Xero refuses a number or code that another document has, and that may be this very document: it is looked up.
import type { FoundDocument } from '../domain/found-document.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import type { JobContext } from './job-context.ts'
import { type LookUp, outcomeOfLookup } from './look-up.ts'
import { type ElementOutcome, isPerhapsOurs, type Outcome } from './outcome.ts'

/** The documents that have a number, as one text; null: none shows. */
export const takenStamp = (hits: readonly FoundDocument[]): string | null =>
  hits.length === 0
    ? null
    : hits
        .map(({ remote }) => `${remote.remoteId} ${remote.status}`)
        .toSorted()
        .join(' ')

const notWritten = { kind: 'not_written', error: null } as const

const isTaken = ({ outcome }: Outcome): boolean =>
  outcome.kind === 'rejected' && outcome.error.code === 'duplicate_number'

const isNumberInTheWay = (pair: Outcome): boolean => {
  const { posted } = pair.element
  return isTaken(pair) && posted?.list === 'contacts' && posted.contactNumber !== ''
}

/** Its refusal stays with the item, and tells the next try to leave the number off. */
const withoutNumber = ({ outcome }: Outcome): ElementOutcome =>
  outcome.kind === 'rejected' ? { kind: 'not_written', error: outcome.error } : outcome

/** An invoice that stood there before anything of ours may have been sent is no write of ours, however like it is. */
const met = (batch: WriteBatch, outcome: ElementOutcome): ElementOutcome =>
  outcome.kind === 'adopted' && batch.list === 'invoices' && !isPerhapsOurs(batch)
    ? { ...outcome, same: false, isMet: true }
    : outcome

/**
 * The outcomes of a batch, where a document that stands there already is adopted when it is the same. Those that cannot be
 * looked up now are in doubt, and all others are settled without them.
 */
export async function resolveTaken(
  lookUp: LookUp,
  context: JobContext,
  batch: WriteBatch,
  outcomes: readonly ElementOutcome[],
): Promise<{ outcomes: readonly Outcome[]; doubtful: readonly BatchElement[] }> {
  const pairs = batch.elements.map((element, index): Outcome => ({ element, outcome: outcomes[index] ?? notWritten }))
  if (batch.list === 'contacts' && batch.operation === 'update') {
    // The number is no content of a contact: what is to be changed arrives without it.
    const outcomes = pairs.map(
      (pair): Outcome => (isNumberInTheWay(pair) ? { ...pair, outcome: withoutNumber(pair) } : pair),
    )
    return { outcomes, doubtful: [] }
  }
  const taken = pairs.filter(isTaken).map(({ element }) => element)
  if (taken.length === 0 || batch.operation !== 'create') return { outcomes: pairs, doubtful: [] }
  const posted = taken.flatMap(({ posted }) => posted ?? [])
  const { found, unseen } = await lookUp(context, batch.list, posted)
  const isUnseen = (element: BatchElement) => unseen.includes(element.marker)
  const resolved = pairs.map((pair): Outcome => {
    if (!isTaken(pair)) return pair
    if (isUnseen(pair.element)) return { ...pair, outcome: notWritten }
    const hits = found.filter((document) => document.marker === pair.element.marker)
    // Tells the same refusal of later from one by something else.
    const element = { ...pair.element, seenAs: takenStamp(hits) }
    return hits.length > 0 ? { element, outcome: met(batch, outcomeOfLookup(hits, batch.list)) } : pair
  })
  // Those of an earlier job are back in the queue, and sending them once more ends here again.
  return { outcomes: resolved, doubtful: batch.jobId === context.job.id ? taken.filter(isUnseen) : [] }
}
