// Sales invoices → Xero's invoices of type ACCREC, and the way back from its line ids to ours.
import type { PostedInvoice, PostedLine } from '../../../domain/posting/posted.ts'
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

export function invoiceToXero({ posted, remoteId, lineIds }: WriteElement & { posted: PostedInvoice }): Plain<Invoice> {
  const update = remoteId !== null
  return {
    ...(update ? { invoiceID: remoteId } : {}),
    type: 'ACCREC',
    // Only its id: every other field would change the contact itself (FACTS §3).
    contact: { contactID: posted.contactRemoteId },
    date: posted.date,
    dueDate: posted.dueDate,
    invoiceNumber: posted.number,
    reference: posted.reference ?? (update ? '' : undefined),
    currencyCode: posted.currency,
    currencyRate: optionalNumber(posted.exchangeRate),
    status: posted.status,
    lineAmountTypes: 'Exclusive',
    brandingThemeID: posted.brandingThemeId,
    url: posted.url,
    // Xero takes the mark only on approved invoices.
    sentToContact: posted.status === 'AUTHORISED' ? posted.sentToContact : undefined,
    lineItems: posted.lines.map((line) => lineToXero(line, update ? lineIds[line.lineId] : undefined)),
  }
}
