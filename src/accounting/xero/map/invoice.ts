// Invoices and bills → Xero's invoices of types ACCREC and ACCPAY.
import type { PostedDocument, PostedInvoice, PostedLine } from '../../../domain/posting/posted.ts'
import type { WriteElement } from '../../provider.ts'
import type { Invoice, LineItem } from '../client.ts'
import { numberLiteral, type Plain } from './plain.ts'

const optionalNumber = (value: string | undefined) => (value === undefined ? undefined : numberLiteral(value))

/** Without its LineItemID an update would delete the line and make another one (FACTS §3). */
const lineToXero = (line: PostedLine, lineItemID: string | undefined): Plain<LineItem> => ({
  lineItemID,
  description: line.description,
  quantity: numberLiteral(line.quantity),
  unitAmount: numberLiteral(line.unitAmount),
  itemCode: line.itemCode,
  accountCode: line.accountCode,
  taxType: line.taxType,
  taxAmount: optionalNumber(line.taxAmount),
  discountRate: optionalNumber(line.discountRate),
  tracking: line.tracking.map(({ categoryId, option }) => ({ trackingCategoryID: categoryId, option })),
})

export const invoiceTypes = { sale: 'ACCREC', bill: 'ACCPAY' } as const

/** Fields that Xero has for sales invoices alone. */
const ofSale = (posted: PostedInvoice, update: boolean): Plain<Invoice> => ({
  reference: posted.reference ?? (update ? '' : undefined),
  brandingThemeID: posted.brandingThemeId,
  // Xero takes the mark only on approved invoices.
  sentToContact: posted.status === 'AUTHORISED' ? posted.sentToContact : undefined,
})

export function invoiceToXero({
  posted,
  remoteId,
  lineIds,
}: WriteElement & { posted: PostedDocument }): Plain<Invoice> {
  const update = remoteId !== null
  return {
    ...(update ? { invoiceID: remoteId } : {}),
    type: invoiceTypes[posted.kind],
    // Only its id: every other field would change the contact itself (FACTS §3).
    contact: { contactID: posted.contactRemoteId },
    date: posted.date,
    dueDate: posted.dueDate,
    invoiceNumber: posted.number,
    currencyCode: posted.currency,
    currencyRate: optionalNumber(posted.exchangeRate),
    status: posted.status,
    lineAmountTypes: 'Exclusive',
    url: posted.url,
    ...(posted.kind === 'sale' ? ofSale(posted, update) : {}),
    lineItems: posted.lines.map((line) => lineToXero(line, update ? lineIds[line.lineId] : undefined)),
  }
}
