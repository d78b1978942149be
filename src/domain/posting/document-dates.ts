// The dates of documents: which one is posted, and when it falls due.
import { addDays, dayOfMonth, endOfMonth } from '../dates.ts'
import { type Terms, termKinds } from '../records/common.ts'
import type { Bill, DocumentBody, Invoice } from '../records/index.ts'
import type { DocumentContext, PostingContext } from './document-context.ts'

/** A date and the field that it comes from. */
export interface DatedBy {
  readonly date: string
  readonly field: string
}

const documentDate = ({ date }: DocumentBody): DatedBy => ({ date, field: '/date' })

function invoiceDateNow(invoice: Invoice, context: PostingContext): DatedBy {
  switch (context.settings.invoices.date) {
    case 'document_date':
      return documentDate(invoice)
    case 'ship_date':
      return invoice.shipDate ? { date: invoice.shipDate, field: '/shipDate' } : documentDate(invoice)
    case 'sync_date':
      return { date: context.postedDate ?? context.today, field: '/settings/invoices/date' }
  }
}

function billDateNow(bill: Bill, context: PostingContext): DatedBy {
  switch (context.settings.vendors.billDate) {
    case 'document_date':
      return documentDate(bill)
    case 'receive_date':
      return bill.receiveDate ? { date: bill.receiveDate, field: '/receiveDate' } : documentDate(bill)
    case 'vendor_invoice_date':
      return bill.vendorInvoiceDate ? { date: bill.vendorInvoiceDate, field: '/vendorInvoiceDate' } : documentDate(bill)
  }
}

/** The date under which it was sent stays, as long as the record says the same of it. */
const asSent = (dated: DatedBy, { decided }: PostingContext): DatedBy => ({
  ...dated,
  date: decided?.date ?? dated.date,
})

export const invoiceDate = (invoice: Invoice, context: PostingContext): DatedBy =>
  asSent(invoiceDateNow(invoice, context), context)
export const billDate = (bill: Bill, context: PostingContext): DatedBy => asSent(billDateNow(bill, context), context)

export function termsDueDate(date: string, terms: Terms): string {
  switch (terms.kind) {
    case 'DAYSAFTERBILLDATE':
      return addDays(date, terms.days)
    case 'DAYSAFTERBILLMONTH':
      return addDays(endOfMonth(date), terms.days)
    case 'OFCURRENTMONTH':
      return dayOfMonth(date, 0, terms.days)
    case 'OFFOLLOWINGMONTH':
      return dayOfMonth(date, 1, terms.days)
  }
}

/** None can be due before it exists. */
const notBefore = (date: string, due: string): string => (due < date ? date : due)

const termsKinds = { invoices: 'sales', vendors: 'bills' } as const

/** The organisation's default terms for this side; Xero applies them where a document and its contact have none. */
function organisationTerms({ reference, section }: DocumentContext): Terms | undefined {
  const term = reference.paymentTerms?.find(({ kind }) => kind === termsKinds[section])
  const kind = termKinds.find((one) => one === term?.type)
  return term && kind && { kind, days: term.days }
}

/** By its terms, else by those of its customer or vendor, else by those of the organisation. */
function dueByTerms(document: DocumentBody, date: string, context: DocumentContext): string | undefined {
  const terms = document.terms ?? context.contactTerms ?? organisationTerms(context)
  return terms && termsDueDate(date, terms)
}

const dueAsSent = (date: string, { decided }: DocumentContext): string | undefined =>
  decided?.dueDate?.at === date ? decided.dueDate.sent : undefined

/** An approved invoice needs a due date (xero.md, Invoices and bills). */
export function invoiceDueDate(invoice: Invoice, date: string, context: DocumentContext): string {
  const sent = dueAsSent(date, context)
  if (sent !== undefined) return sent
  const { from, days } = context.settings.invoices.dueDate
  if (from === 'days') return addDays(date, days)
  const byTerms = dueByTerms(invoice, date, context)
  return notBefore(date, (from === 'terms' ? (byTerms ?? invoice.dueDate) : (invoice.dueDate ?? byTerms)) ?? date)
}

/** The date that the vendor wrote on it goes before the terms. */
export const billDueDate = (bill: Bill, date: string, context: DocumentContext): string =>
  dueAsSent(date, context) ?? notBefore(date, bill.dueDate ?? dueByTerms(bill, date, context) ?? date)
