// An invoice or bill of Xero's as a standing document. It is read from answers of writes, lists and look-ups alike, which
// show more or less: what an answer leaves out, or what cannot be read, is null and never stops the rest.
import { add, isZero } from '../../domain/decimal.ts'
import type { StandingContent, StandingDocument, StandingLine } from '../../domain/standing-document.ts'
import { calendarDate } from './dates.ts'
import { decimal, flag, idText, type Json, part, rows, text } from './json.ts'
import { isId } from './lists.ts'
import { invoiceTypes } from './map/invoice.ts'
import { remoteRef } from './remote.ts'

function amount(row: Json, field: string): string | null {
  try {
    return decimal(row, field)
  } catch {
    return null
  }
}

/** A discount of nothing is none. */
function share(row: Json, field: string): string | null {
  const value = amount(row, field)
  return value === null || isZero(value) ? null : value
}

const lineOf = (row: Json): StandingLine => ({
  remoteId: String(row.LineItemID).toLowerCase(),
  description: text(row, 'Description'),
  quantity: amount(row, 'Quantity'),
  unitAmount: amount(row, 'UnitAmount'),
  discountRate: share(row, 'DiscountRate'),
  discountAmount: share(row, 'DiscountAmount'),
  lineAmount: amount(row, 'LineAmount'),
  taxAmount: amount(row, 'TaxAmount'),
  taxType: text(row, 'TaxType'),
  itemCode: text(row, 'ItemCode'),
  itemId: idText(part(row, 'Item'), 'ItemID'),
  accountCode: text(row, 'AccountCode'),
  accountId: text(row, 'AccountID'),
  tracking: rows(row, 'Tracking').map((entry) => ({
    categoryId: text(entry, 'TrackingCategoryID'),
    optionId: text(entry, 'TrackingOptionID'),
    option: text(entry, 'Option'),
  })),
})

/** An empty list says nothing: a summary shows one too. */
const linesOf = (row: Json): readonly StandingLine[] | null => {
  const lines = rows(row, 'LineItems')
  return lines.length > 0 && lines.every(({ LineItemID }) => isId(LineItemID)) ? lines.map(lineOf) : null
}

const contentOf = (row: Json): StandingContent => ({
  contactRemoteId: idText(part(row, 'Contact'), 'ContactID'),
  date: calendarDate(row.Date, row.DateString),
  dueDate: calendarDate(row.DueDate, row.DueDateString),
  number: text(row, 'InvoiceNumber'),
  reference: text(row, 'Reference'),
  url: text(row, 'Url'),
  currency: text(row, 'CurrencyCode'),
  exchangeRate: amount(row, 'CurrencyRate'),
  amounts: text(row, 'LineAmountTypes'),
  brandingThemeId: text(row, 'BrandingThemeID'),
  sentToContact: flag(row, 'SentToContact'),
  lines: linesOf(row),
})

export const standingOf = (row: Json): StandingDocument => ({
  kind: text(row, 'Type') === invoiceTypes.bill ? 'bill' : 'sale',
  remote: remoteRef('invoices', row),
  content: contentOf(row),
  contactName: text(part(row, 'Contact'), 'Name'),
  subtotal: amount(row, 'SubTotal'),
  tax: amount(row, 'TotalTax'),
  total: amount(row, 'Total'),
  amountDue: amount(row, 'AmountDue'),
  settled: add(amount(row, 'AmountPaid') ?? '0', amount(row, 'AmountCredited') ?? '0'),
  fullyPaidOn: calendarDate(row.FullyPaidOnDate),
})
