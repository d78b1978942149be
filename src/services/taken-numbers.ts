// Xero refuses a number or code that another document has, and that may be this very document: it is looked up.
import { candidatesOf } from '../domain/candidate.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import type { JobContext } from './job-context.ts'
import { foundAs, isLive, type LookUp, outcomeOfLookup } from './look-up.ts'
import { type ElementOutcome, isPerhapsOurs, type Outcome } from './outcome.ts'

/** The documents that have a number, as one text; null: none shows. */
export const takenStamp = (hits: readonly FoundDocument[]): string | null =>
  hits.length === 0
    ? null
    : hits
        .map(({ remote }) => `${remote.remoteId} ${remote.status}`)
        .toSorted()
        .join(' ')

const usedUpAction = 'Give the document another number, then run a sync job.'
const linkedAction =
  'Give the document another number, or delete or renumber the other one in Xero. Then run a sync job. Two invoices that exchange their numbers: give one of them a third number, run a job until the other arrived, then PUT the first with its own.'

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

/** By marker of an update that is refused: what has its number, beside itself. */
type Holders = ReadonlyMap<string, readonly FoundDocument[]>

/**
 * Updates of which the number came free by this very call, and those that wait for one of them: sent once more, they arrive.
 * Where the call wrote nothing, sending it again would bring the same.
 */
function freedBy(pairs: readonly Outcome[], holders: Holders): ReadonlySet<BatchElement> {
  const freed = new Set<BatchElement>()
  if (!pairs.some(({ outcome }) => outcome.kind === 'written')) return freed
  const refused = pairs.filter(isTaken).map(({ element }) => element)
  const isOneOf = (id: string) => [...freed].some(({ remoteId }) => remoteId === id)
  for (let before = -1; before !== freed.size; ) {
    before = freed.size
    for (const element of refused) {
      if (holders.get(element.marker)?.every(({ remote }) => isOneOf(remote.remoteId))) freed.add(element)
    }
  }
  return freed
}

function takenBy(error: SyncError, hits: readonly FoundDocument[], list: WriteBatch['list']): SyncError {
  const more = { field: error.field, xero: error.xero, candidates: candidatesOf(hits.map(foundAs)) }
  if (list === 'items') return syncError('duplicate_number', more)
  const isUsedUp = hits.every((hit) => !isLive(hit))
  return syncError('duplicate_number', { ...more, action: isUsedUp ? usedUpAction : linkedAction })
}

/** The documents are linked to their own already: who has the number is told with the refusal. */
async function ofUpdates(
  lookUp: LookUp,
  context: JobContext,
  batch: WriteBatch,
  pairs: readonly Outcome[],
): Promise<readonly Outcome[]> {
  if (batch.list === 'contacts') return pairs
  const taken = pairs.filter(isTaken).map(({ element }) => element)
  const posted = taken.flatMap(({ posted }) => posted ?? [])
  const { found, unseen } = await lookUp(context, batch.list, posted)
  const holders: Holders = new Map(
    taken
      .filter(({ marker }) => !unseen.includes(marker))
      .map(({ marker, remoteId }) => [
        marker,
        found.filter((hit) => hit.marker === marker && hit.remote.remoteId !== remoteId),
      ]),
  )
  const freed = freedBy(pairs, holders)
  return pairs.map((pair): Outcome => {
    const { element, outcome } = pair
    if (outcome.kind !== 'rejected' || !isTaken(pair)) return pair
    if (freed.has(element)) return { element, outcome: notWritten }
    const hits = holders.get(element.marker) ?? []
    return hits.length > 0
      ? { element, outcome: { kind: 'conflict', error: takenBy(outcome.error, hits, batch.list) } }
      : pair
  })
}

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
  if (taken.length === 0) return { outcomes: pairs, doubtful: [] }
  if (batch.operation !== 'create') return { outcomes: await ofUpdates(lookUp, context, batch, pairs), doubtful: [] }
  const posted = taken.flatMap(({ posted }) => posted ?? [])
  const { found, unseen } = await lookUp(context, batch.list, posted)
  const isUnseen = (element: BatchElement) => unseen.includes(element.marker)
  const resolved = pairs.map((pair): Outcome => {
    if (!isTaken(pair)) return pair
    if (isUnseen(pair.element)) return { ...pair, outcome: notWritten }
    const hits = found.filter((document) => document.marker === pair.element.marker)
    // Tells the same refusal of later from one by something else.
    const element = { ...pair.element, seenAs: takenStamp(hits) }
    if (hits.length === 0 || !element.posted) return pair
    return { element, outcome: met(batch, outcomeOfLookup(context, hits, element.posted)) }
  })
  // Those of an earlier job are back in the queue, and sending them once more ends here again.
  return { outcomes: resolved, doubtful: batch.jobId === context.job.id ? taken.filter(isUnseen) : [] }
}
