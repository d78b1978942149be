// A look-up that links a record to an invoice or bill shows the document too, and so does a creation that is read back: that is
// the look before it is changed.
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import { saveLooks } from '../stores/standing-documents.ts'
import type { JobContext } from './job-context.ts'
import type { ElementOutcome, Outcome } from './outcome.ts'

export async function saveMet(
  tx: Db,
  { job, connection }: JobContext,
  type: DocumentType,
  outcomes: readonly Outcome[],
  now: string,
): Promise<void> {
  const shownIn = (outcome: ElementOutcome) => {
    if (outcome.kind === 'written') return outcome.changedTo
    return outcome.kind === 'adopted' && outcome.isMet ? outcome.result.standing : undefined
  }
  const looks = outcomes.flatMap(({ element: { recordId }, outcome }) => {
    const seen = shownIn(outcome)
    return seen ? [{ recordId, seen, content: null }] : []
  })
  await saveLooks(tx, job.companyId, connection.id, type, job.id, looks, now)
}
