// Settings, contact and items decide of a document once, when it is sent: beside what they decided is kept what the record said
// then. As long as the record says the same of a field, the field stays as it was sent, whatever would be decided today.
import { canonicalJson } from '../../lib/json.ts'
import { compare, round } from '../decimal.ts'
import type { Terms } from '../records/common.ts'
import type { Bill, DocumentBody, DocumentLine, Invoice } from '../records/index.ts'
import { chargesOf, type SentCharge } from './charges.ts'
import type { PostingContext } from './document-context.ts'
import type { PostedDocument, PostedLine } from './posted.ts'

interface DecidedLine {
  readonly itemId?: string
  readonly taxCode?: string
  /** Named by the record itself. */
  readonly account?: string
  /** The item in Xero. */
  readonly itemRemoteId?: string
  readonly accountCode?: string
  readonly taxType?: string
  /** A text that the record left to the item; no other. */
  readonly description?: string
}

/** Decisions as they are kept with the document; `by`: what the record said of it. */
export interface Decisions {
  /** The customer or vendor, the contact that it was, and what lines and due date took from that. */
  readonly contact: {
    readonly by: string
    readonly sent: string
    readonly terms?: Terms
    readonly taxCode?: string
  }
  /** `isOwn`: not Xero's own, which is marked by its reference. */
  readonly number: { readonly by: string; readonly sent: string; readonly isOwn: boolean }
  readonly date: { readonly by: string; readonly sent: string }
  readonly dueDate: { readonly by: string; readonly sent?: string }
  /** By our ids of lines. */
  readonly lines: Readonly<Record<string, DecidedLine>>
  /** The product's lines as they were said then. Absent in a document that was sent before this was kept. */
  readonly said?: readonly DocumentLine[]
  /** Other charges in the order of then. */
  readonly charges?: readonly SentCharge[]
}

/** Decisions that go into the next posting: those that stay. */
export interface Decided {
  readonly number?: Decisions['number']
  readonly date?: string
  /** As long as the document bears the date `at`. */
  readonly dueDate?: { readonly at: string; readonly sent: string }
  /** The line as it was sent; `itemCode`: of the item that it was sent with, where it still stands on that. */
  readonly lineOf: (lineId: string) => (DecidedLine & { readonly itemCode?: string | undefined }) | undefined
}

interface Said extends Pick<DecidedLine, 'itemId' | 'taxCode' | 'account'>, Partial<Pick<DocumentLine, 'description'>> {
  readonly quantity: string
  readonly price: string
}

/** The record's own lines, by the ids under which they are posted. */
function saidLines(document: DocumentBody, charges: readonly SentCharge[]): Map<string, Said> {
  const shipping = 'shipping' in document ? document.shipping : undefined
  return new Map<string, Said>([
    ...document.lines.map((line) => [line.id, { ...line, price: line.unitPrice }] as const),
    ...charges.map((charge) => [charge.lineId, { ...charge, quantity: '1', price: charge.amount }] as const),
    ...(shipping ? [['#shipping', { ...shipping, quantity: '1', price: shipping.amount }] as const] : []),
  ])
}

const isInvoice = (document: DocumentBody): document is Invoice => 'customerId' in document

const numberBy = (document: Invoice | Bill): string =>
  canonicalJson(isInvoice(document) ? [document.number] : [document.number, document.vendorInvoiceNumber])
const dateBy = (document: Invoice | Bill): string =>
  canonicalJson(
    isInvoice(document)
      ? [document.date, document.shipDate]
      : [document.date, document.receiveDate, document.vendorInvoiceDate],
  )
const contactBy = (document: Invoice | Bill): string => (isInvoice(document) ? document.customerId : document.vendorId)
const dueBy = ({ dueDate, terms }: DocumentBody): string => canonicalJson([dueDate, terms])

/** A line that was made one unit has its figures in its text. */
function textOf(line: PostedLine, said: Said): string | undefined {
  const isAsSaid =
    compare(line.quantity, said.quantity) === 0 && compare(round(line.unitAmount, 4), round(said.price, 4)) === 0
  return isAsSaid ? line.description : undefined
}

/** The charges under the ids of their lines. */
const underIds = (document: DocumentBody, chargeIds: readonly string[]): SentCharge[] =>
  chargesOf(document).map((charge, index) => ({ ...charge, lineId: chargeIds[index] as string }))

export function decisionsOf(
  document: DocumentBody,
  posted: PostedDocument,
  { chargeIds = [], contactTerms: terms, contactTaxCode: taxCode }: PostingContext,
): Decisions {
  const charges = underIds(document, chargeIds)
  const said = saidLines(document, charges)
  const lines = posted.lines.map((line): [string, DecidedLine] => {
    const own = said.get(line.lineId)
    const { itemRemoteId, accountCode, taxType } = line
    const sent = {
      itemId: own?.itemId,
      taxCode: own?.taxCode,
      account: own?.account,
      itemRemoteId,
      accountCode,
      taxType,
    }
    const isOpen = own?.itemId !== undefined && own.description === undefined
    return [line.lineId, { ...sent, ...(isOpen && { description: textOf(line, own) }) }]
  })
  const isOwn = posted.number !== undefined
  const sent = posted.number ?? ('reference' in posted ? posted.reference : undefined) ?? ''
  return {
    contact: { by: contactBy(document), sent: posted.contactRemoteId, terms, taxCode },
    number: { by: numberBy(document), sent, isOwn },
    date: { by: dateBy(document), sent: posted.date },
    dueDate: { by: dueBy(document), sent: posted.dueDate },
    lines: Object.fromEntries(lines),
    said: document.lines,
    ...(charges.length > 0 && { charges }),
  }
}

/** The contact that it was sent to, where the record names the same customer or vendor still. */
export const contactAsSent = (document: DocumentBody, { contact }: Decisions): string | null =>
  contact.by === contactBy(document) ? contact.sent : null

/** `codeOf`: by the id of a line and its item there, the code of that item where the line stands on it. */
export function stillDecided(
  document: DocumentBody,
  { number, date, dueDate, lines }: Decisions,
  {
    isSameContact,
    chargeIds,
    codeOf,
  }: {
    readonly isSameContact: boolean
    readonly chargeIds: readonly string[]
    readonly codeOf: (lineId: string, itemRemoteId: string) => string | undefined
  },
): Decided {
  const said = saidLines(document, underIds(document, chargeIds))
  const isDue = dueDate.sent !== undefined && isSameContact && dueDate.by === dueBy(document)
  return {
    ...(number.by === numberBy(document) && { number }),
    ...(date.by === dateBy(document) && { date: date.sent }),
    ...(isDue && { dueDate: { at: date.sent, sent: dueDate.sent } }),
    lineOf(lineId) {
      const [sent, now] = [Object.hasOwn(lines, lineId) ? lines[lineId] : undefined, said.get(lineId)]
      if (!sent || sent.itemId !== now?.itemId) return undefined
      return {
        itemRemoteId: sent.itemRemoteId,
        ...(sent.itemRemoteId !== undefined && { itemCode: codeOf(lineId, sent.itemRemoteId) }),
        ...(sent.account === now?.account && { accountCode: sent.accountCode }),
        ...(sent.taxCode === now?.taxCode && isSameContact && { taxType: sent.taxType }),
        ...(now?.description === undefined && { description: sent.description }),
      }
    },
  }
}
