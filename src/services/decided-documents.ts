// Invoices and bills as they are posted: what was decided when one was sent stays, unless somebody queued it once more.
import type { DocumentType } from '../domain/entity-types.ts'
import { remoteLineId } from '../domain/line-ids.ts'
import { postBill } from '../domain/posting/bill.ts'
import { chargeIds, chargesOf } from '../domain/posting/charges.ts'
import { type Decided, decisionsOf, stillDecided } from '../domain/posting/decisions.ts'
import type { PostingContext } from '../domain/posting/document-context.ts'
import { postInvoice } from '../domain/posting/invoice.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import type { Posting } from '../domain/posting/posting.ts'
import type { Bill, DocumentBody, Invoice } from '../domain/records/index.ts'
import type { Link } from '../stores/links.ts'
import type { IsMerged } from './moved-contacts.ts'

const post = (type: DocumentType, document: DocumentBody, context: PostingContext): Posting<PostedDocument> =>
  type === 'invoice' ? postInvoice(document as Invoice, context) : postBill(document as Bill, context)

/** A line stands on the item that it was sent with, as far as is known. Of one that was deleted since, Xero shows the code alone. */
function codeAt({ lineIds, content }: Link, itemCodes: ReadonlyMap<string, string>) {
  const standing = new Map(content?.lines?.map((line) => [line.remoteId, line]))
  return (lineId: string, itemRemoteId: string): string | undefined => {
    const { itemId = null, itemCode = null } = standing.get(remoteLineId(lineIds, lineId) ?? '') ?? {}
    if (itemCode === null || (itemId !== null && itemId !== itemRemoteId)) return undefined
    return itemCodes.get(itemRemoteId) ?? itemCode
  }
}

interface Former {
  /** By the ids that lines have now. */
  readonly link: Link | null
  readonly isMerged: IsMerged
  /** By their ids there: codes of the items with which lines were sent. */
  readonly itemCodes: ReadonlyMap<string, string>
  /** The contact that the customer or vendor is, where the document stays at another one. */
  readonly elsewhere?: string
}

export function postAsDecided(
  type: DocumentType,
  document: DocumentBody,
  given: PostingContext,
  { link, isMerged, itemCodes, elsewhere }: Former,
): Posting<PostedDocument> {
  const { decisions } = link?.sent ?? {}
  const ofCharges = chargeIds(chargesOf(document), decisions?.charges ?? null, Object.keys(link?.lineIds ?? {}))
  const context = { ...given, chargeIds: ofCharges }
  const decided = (): Decided | undefined => {
    if (!link || !decisions || link.isQueuedAgain) return undefined
    const [was, is] = [decisions.contact.sent, context.contactRemoteId]
    return stillDecided(document, decisions, {
      isSameContact: was === is || isMerged(was, is),
      codeOf: codeAt(link, itemCodes),
      chargeIds: ofCharges,
    })
  }
  const posting = post(type, document, { ...context, decided: decided() })
  if (!('document' in posting) || !posting.document) return posting
  const posted = posting.document
  return {
    ...posting,
    document: {
      ...posted,
      decisions: decisionsOf(document, posted, context),
      ...(elsewhere !== undefined && { elsewhere }),
    },
  }
}
