// Invoices and bills → Xero's invoices of types ACCREC and ACCPAY.

import { remoteLineId } from '../../../domain/line-ids.ts'
import type { PostedDocument, PostedInvoice, PostedLine } from '../../../domain/posting/posted.ts'
import type { Amendment } from '../../../domain/standing-document.ts'
import type { WriteElement } from '../../provider.ts'
import type { Invoice, LineItem } from '../client.ts'
import { numberLiteral, type Plain } from './plain.ts'

const optionalNumber = (value: string | undefined) => (value === undefined ? undefined : numberLiteral(value))

const trackingToXero = (tracking: PostedLine['tracking']) =>
  tracking.map(({ categoryId, option }) => ({ trackingCategoryID: categoryId, option }))

/** Without its LineItemID an update would delete the line and make another one (xero.md, Invoices and bills). */
const lineToXero = (line: PostedLine, lineItemID: string | undefined, undiscounted: boolean): Plain<LineItem> => ({
  lineItemID,
  description: line.description,
  quantity: numberLiteral(line.quantity),
  unitAmount: numberLiteral(line.unitAmount),
  itemCode: line.itemCode,
  accountCode: line.accountCode,
  taxType: line.taxType,
  taxAmount: optionalNumber(line.taxAmount),
  discountRate: optionalNumber(line.discountRate ?? (undiscounted ? '0' : undefined)),
  tracking: trackingToXero(line.tracking),
})

export const invoiceTypes = { sale: 'ACCREC', bill: 'ACCPAY' } as const

/** Fields that Xero has for sales invoices alone. */
const ofSale = (posted: PostedInvoice, update: boolean, amendment: Amendment): Plain<Invoice> => ({
  reference: posted.reference ?? (update ? '' : undefined),
  brandingThemeID: posted.brandingThemeId ?? amendment.brandingThemeId,
  // Xero takes the mark only on approved invoices. One that stands is never taken back: the invoice was sent, whatever the settings say by now.
  sentToContact: posted.status === 'AUTHORISED' ? posted.sentToContact : undefined,
})

/** A bill with payments on it: whatever else is named would be refused, even unchanged (xero.md, Invoices and bills). */
const paidToXero = (
  { kind, contactRemoteId, dueDate, number, url, lines }: PostedDocument,
  invoiceID: string,
  lineIds: Readonly<Record<string, string>>,
): Plain<Invoice> => ({
  ...{ invoiceID, type: invoiceTypes[kind], contact: { contactID: contactRemoteId } },
  ...{ dueDate, invoiceNumber: number, url },
  lineItems: lines.map(({ lineId, description, accountCode, tracking }) => ({
    ...{ lineItemID: remoteLineId(lineIds, lineId), description, accountCode },
    tracking: trackingToXero(tracking),
  })),
})

export function invoiceToXero({
  posted,
  remoteId,
  lineIds,
  amendment = {},
}: WriteElement & { posted: PostedDocument }): Plain<Invoice> {
  const update = remoteId !== null
  if (remoteId !== null && amendment.isPaid) return paidToXero(posted, remoteId, lineIds)
  return {
    ...(update ? { invoiceID: remoteId } : {}),
    type: invoiceTypes[posted.kind],
    // Only its id: every other field would change the contact itself (xero.md, Invoices and bills).
    contact: { contactID: posted.contactRemoteId },
    date: posted.date,
    dueDate: posted.dueDate,
    invoiceNumber: posted.number,
    currencyCode: posted.currency,
    currencyRate: optionalNumber(posted.exchangeRate),
    // What Xero made PAID by itself keeps its status: none that could be sent leads there.
    status: amendment.keepsStatus ? undefined : posted.status,
    lineAmountTypes: 'Exclusive',
    url: posted.url ?? (amendment.takesUrl ? '' : undefined),
    ...(posted.kind === 'sale' ? ofSale(posted, update, amendment) : {}),
    lineItems: posted.lines.map((line) =>
      lineToXero(
        line,
        update ? remoteLineId(lineIds, line.lineId) : undefined,
        amendment.takesDiscounts?.includes(line.lineId) ?? false,
      ),
    ),
  }
}
