// The dates of an invoice: which one is posted, and when it falls due.
import { addDays, dayOfMonth, endOfMonth } from '../dates.ts'
import type { Invoice } from '../records/index.ts'
import type { InvoiceContext } from './invoice-context.ts'

/** The date and the field that it comes from. */
export function invoiceDate(invoice: Invoice, context: InvoiceContext): { date: string; field: string } {
  switch (context.settings.invoices.date) {
    case 'document_date':
      return { date: invoice.date, field: '/date' }
    case 'ship_date':
      return invoice.shipDate ? { date: invoice.shipDate, field: '/shipDate' } : { date: invoice.date, field: '/date' }
    case 'sync_date':
      return { date: context.postedDate ?? context.today, field: '/settings/invoices/date' }
  }
}

export function termsDueDate(date: string, terms: NonNullable<Invoice['terms']>): string {
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

/** Never before the date: an approved invoice needs a due date, and none can be due before it exists. */
export function invoiceDueDate(invoice: Invoice, date: string, context: InvoiceContext): string {
  const { from, days } = context.settings.invoices.dueDate
  if (from === 'days') return addDays(date, days)
  const terms = invoice.terms ?? context.contactTerms
  const byTerms = terms && termsDueDate(date, terms)
  const due = (from === 'terms' ? (byTerms ?? invoice.dueDate) : (invoice.dueDate ?? byTerms)) ?? date
  return due < date ? date : due
}
