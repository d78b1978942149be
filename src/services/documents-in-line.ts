// Invoices and bills of which a look shows that they stand in Xero as their records say: they are settled without a write, and from
// now on they are the records' own.
import type { Db } from '../db/tables.ts'
import { sentMarks } from '../domain/amendment.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import type { InLine } from '../domain/in-line.ts'
import { isNeverDerived } from '../domain/posting/unheld.ts'
import { nothingSent, type SentMarks, type StandingDocument } from '../domain/standing-document.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { UpdateVerdict } from '../domain/update-verdict.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { type Link, recordLinks } from '../stores/links.ts'
import { tellWrittenElsewhere } from '../stores/relinked-documents.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import type { JobContext } from './job-context.ts'
import type { Prepared } from './prepared-documents.ts'
import type { HeldItem } from './refusals.ts'

/** A change that is to be sent, with the item that asks for it and the link that it goes by. */
export interface Change {
  readonly element: BatchElement
  readonly item: HeldItem
  readonly link: Link
  /** The reason why it may not be written. */
  readonly hindrance: SyncError | null
}

export interface Judged {
  readonly change: Change
  readonly prepared: Prepared
  readonly standing: StandingDocument | null
  /** Of a document that is ours. */
  readonly inLine: InLine | null
  readonly verdict: UpdateVerdict
}

/** What of ours stands in it: all that would be sent. In one that stood there before the record, nothing is. */
function marksOf({ change: { element, link }, prepared: { posted, left }, inLine }: Judged): SentMarks {
  // A rate that the record holds is its own, and may be taken away.
  if (inLine === null)
    return { ...nothingSent, left, exchangeRate: posted.exchangeRate ?? null, decisions: posted.decisions }
  const keptRate = link.sent?.keptRate
  const unsaid = (element.unheld ?? []).filter(isNeverDerived)
  const marks = sentMarks(posted, [...new Set([...left, ...unsaid])])
  return keptRate === undefined ? marks : { ...marks, keptRate }
}

export async function takeAsItStands(
  tx: Db,
  context: JobContext,
  type: DocumentType,
  inLine: readonly Judged[],
  now: string,
): Promise<void> {
  const verdicts = inLine.map(
    ({ change: { element } }): DocumentVerdict => ({
      ...{ queueItemId: element.queueItemId, recordType: type, recordId: element.recordId },
      ...(element.recordHash !== undefined && { recordHash: element.recordHash }),
      ...{ status: 'synced', state: 'synced', error: null, blockedBy: null, attempted: false },
    }),
  )
  await settleDocuments(tx, context, verdicts, now)
  const links = inLine.map((one) => {
    const { element, link } = one.change
    const { content, amountDue, fullyPaidOn } = one.standing ?? {}
    return {
      ...{ recordId: element.recordId, remoteId: link.remoteId, number: null, status: null, remoteUpdatedAt: null },
      ...{ lineIds: one.inLine?.lineIds ?? one.prepared.lineIds, marker: null, matchedBy: null },
      ...{ postedHash: element.postedHash, request: element.request ?? null, recordHash: element.recordHash },
      ...{ content, amountDue, fullyPaidOn, sent: marksOf(one) },
    }
  })
  const [companyId, connectionId] = [context.job.companyId, context.connection.id]
  await recordLinks(tx, companyId, connectionId, type, links, now)
  const ids = links.map(({ recordId }) => recordId)
  await tellWrittenElsewhere(tx, { companyId, connectionId, type }, ids)
}
