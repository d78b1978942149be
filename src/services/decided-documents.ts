// Invoices and bills as they are posted: what was decided when one was sent stays, unless somebody queued it once more.
import type { DocumentType } from '../domain/entity-types.ts'
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
import { renumbered } from './prepared-documents.ts'

const post = (type: DocumentType, document: DocumentBody, context: PostingContext): Posting<PostedDocument> =>
  type === 'invoice' ? postInvoice(document as Invoice, context) : postBill(document as Bill, context)

/** Our id of a line → the one by which it was sent. Lines to which the product gave other ids are known by what stands in them. */
function formerIds(document: DocumentBody, { lineIds, content }: Link, today: () => Posting<PostedDocument>) {
  const standing = content?.lines ?? []
  if (standing.length === 0 || document.lines.every(({ id }) => lineIds[id] !== undefined)) return new Map()
  const found = renumbered(today().document?.lines ?? [], standing, lineIds)
  const former = new Map(Object.entries(lineIds).map(([lineId, remoteId]) => [remoteId, lineId]))
  return new Map(Object.entries(found).map(([lineId, remoteId]) => [lineId, former.get(remoteId) ?? lineId]))
}

/** A line stands on the item that it was sent with, as far as is known. Of one that was deleted since, Xero shows the code alone. */
function codeAt({ lineIds, content }: Link, itemCodes: ReadonlyMap<string, string>) {
  const standing = new Map(content?.lines?.map((line) => [line.remoteId, line]))
  return (formerId: string, itemRemoteId: string): string | undefined => {
    const { itemId = null, itemCode = null } = standing.get(lineIds[formerId] ?? '') ?? {}
    if (itemCode === null || (itemId !== null && itemId !== itemRemoteId)) return undefined
    return itemCodes.get(itemRemoteId) ?? itemCode
  }
}

interface Former {
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
      formerIds: formerIds(document, link, () => post(type, document, context)),
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
