// Answers to writes that do not tell how a document stands. One that does not show what has to be checked is read back, and so is
// a creation that was sent once more: Xero repeats its first answer, whatever people did to the document since. One call
// shows them all; what cannot be read is not known, and nothing of it counts as written.
import type { AccountingProvider } from '../accounting/provider.ts'
import { isCheckable } from '../domain/answer-check.ts'
import { isFieldHidden } from '../domain/field-answer.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import { remoteEdits } from '../domain/remote-edits.ts'
import { isRemoved, type StandingDocument } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import type { Caller } from './calls.ts'
import type { JobContext } from './job-context.ts'
import { type ElementOutcome, howWritten, type Written } from './outcome.ts'

export const notShown = syncError('outcome_unknown', {
  cause: 'The answer does not show what stands there, and it could not be read.',
})

/** Of a document of ours, as the answer to its creation shows it. */
function isChanged(posted: PostedDocument, { remote, standing }: Written, now: StandingDocument): boolean {
  if (isRemoved(now)) return true
  return standing !== undefined && remoteEdits(standing.content, now, posted, remote.lineIds).length > 0
}

export function readerBack({ provider, caller }: { provider: AccountingProvider; caller: Caller }) {
  /** The outcomes of a call, as far as they can be checked; null: some of them could not be read back. */
  return async (
    context: JobContext,
    { elements, operation, sends }: WriteBatch,
    outcomes: readonly ElementOutcome[],
  ): Promise<readonly ElementOutcome[] | null> => {
    if (operation === 'remove') return outcomes
    const { connection, meter } = context
    const isOld = operation === 'create' && sends > 1
    const documentOf = (
      outcome: ElementOutcome,
      index: number,
    ): { element: BatchElement; posted: PostedDocument; written: Written } | null => {
      const element = elements[index]
      const posted = element?.posted
      if (!element || outcome.kind !== 'written' || posted?.list !== 'invoices') return null
      return { element, posted, written: outcome }
    }
    const isHidden = ({ element, posted, written: { standing, remote } }: NonNullable<ReturnType<typeof documentOf>>) =>
      standing !== undefined &&
      (!isCheckable(posted, standing) || isFieldHidden(posted, standing, remote.lineIds, howWritten(context, element)))
    const ids = outcomes.flatMap((outcome, index) => {
      const found = documentOf(outcome, index)
      return found && (isOld || isHidden(found)) ? found.written.remote.remoteId : []
    })
    if (ids.length === 0) return outcomes
    const options = { meter, purpose: 'resolution' } as const
    const read = await caller.call(connection, (call) => provider.readDocuments(call, ids), options)
    if (read.kind !== 'ok') return null
    const there = new Map(read.value.documents.map((standing) => [standing.remote.remoteId.toLowerCase(), standing]))
    return outcomes.map((outcome, index) => {
      const found = documentOf(outcome, index)
      const now = found && there.get(found.written.remote.remoteId.toLowerCase())
      if (!found || !now) return outcome
      const { posted, written } = found
      if (isHidden(found)) return { ...written, standing: now }
      return isChanged(posted, written, now) ? { ...written, changedTo: now } : outcome
    })
  }
}
