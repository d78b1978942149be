// Answers to writes that do not show what has to be checked. The documents are read back, in one call; what cannot be read
// is not known, and nothing of it counts as written.
import type { AccountingProvider } from '../accounting/provider.ts'
import { isCheckable } from '../domain/answer-check.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { WriteBatch } from '../domain/write-batch.ts'
import type { Caller } from './calls.ts'
import type { JobContext } from './job-context.ts'
import type { ElementOutcome, Written } from './outcome.ts'

export const notShown = syncError('outcome_unknown', {
  cause: 'The answer does not show what stands there, and it could not be read.',
})

export function readerBack({ provider, caller }: { provider: AccountingProvider; caller: Caller }) {
  /** The outcomes of a call, as far as they can be checked; null: some of them could not be read back. */
  return async (
    { connection, meter }: JobContext,
    { elements, operation }: WriteBatch,
    outcomes: readonly ElementOutcome[],
  ): Promise<readonly ElementOutcome[] | null> => {
    if (operation === 'remove') return outcomes
    const isHidden = (outcome: ElementOutcome, index: number): outcome is Written => {
      const posted = elements[index]?.posted
      if (outcome.kind !== 'written' || posted?.list !== 'invoices' || !outcome.standing) return false
      return !isCheckable(posted, outcome.standing)
    }
    const ids = outcomes.flatMap((outcome, index) => (isHidden(outcome, index) ? outcome.remote.remoteId : []))
    if (ids.length === 0) return outcomes
    const options = { meter, purpose: 'resolution' } as const
    const read = await caller.call(connection, (call) => provider.readDocuments(call, ids), options)
    if (read.kind !== 'ok') return null
    const there = new Map(read.value.documents.map((standing) => [standing.remote.remoteId.toLowerCase(), standing]))
    return outcomes.map((outcome, index) => {
      if (!isHidden(outcome, index)) return outcome
      return { ...outcome, standing: there.get(outcome.remote.remoteId.toLowerCase()) ?? outcome.standing }
    })
  }
}
