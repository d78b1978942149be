// An invoice record → a sales invoice in Xero. What Xero would refuse is refused here, before a call is made, with a
// pointer in `field`: into the record, or below /settings into the settings.
import type { Invoice } from '../records/index.ts'
import { deepLink, postDocument } from './document.ts'
import type { DocumentContext, PostingContext } from './document-context.ts'
import { invoiceDate, invoiceDueDate } from './document-dates.ts'
import { invoiceLines } from './invoice-lines.ts'
import type { PostedInvoice } from './posted.ts'
import type { Posting } from './posting.ts'

/** Xero marks what it numbers itself by the reference: it must then name the document, or a lost answer is not found. */
function numberAndReference(
  invoice: Invoice,
  { settings, decided }: DocumentContext,
): Pick<PostedInvoice, 'number' | 'reference'> {
  const { number, prefix, reference } = settings.invoices
  const ownNumber = decided?.number?.sent ?? prefix + invoice.number
  const isOwn = decided?.number?.isOwn ?? number !== 'xero'
  if (!isOwn) return { reference: ownNumber }
  const references = { customer_po: invoice.customerPo, document_number: ownNumber, none: undefined }
  return { number: ownNumber, reference: references[reference] }
}

export function postInvoice(invoice: Invoice, given: PostingContext): Posting<PostedInvoice> {
  const context: DocumentContext = { ...given, section: 'invoices' }
  const { status, sentToContact, brandingThemeId } = context.settings.invoices
  const dated = invoiceDate(invoice, context)
  return postDocument('invoice', invoice, dated, context, invoiceLines, (parts) => ({
    list: 'invoices',
    kind: 'sale',
    ...numberAndReference(invoice, context),
    ...parts,
    dueDate: invoiceDueDate(invoice, dated.date, context),
    status,
    brandingThemeId: brandingThemeId ?? undefined,
    url: deepLink(invoice, context),
    sentToContact: sentToContact && status === 'AUTHORISED' ? true : undefined,
  }))
}
