// A bill record → a bill in Xero, which is an invoice of its type ACCPAY. Its number is the vendor's, which Xero lets any
// number of bills bear (xero.md, Invoices and bills), so its address marks it: the link back to the product, or the record's own.
import type { Bill } from '../records/index.ts'
import { billLines } from './bill-lines.ts'
import { deepLink, postDocument } from './document.ts'
import type { DocumentContext, PostingContext } from './document-context.ts'
import { billDate, billDueDate } from './document-dates.ts'
import { canonicalAddress } from './marker.ts'
import type { PostedBill } from './posted.ts'
import type { Posting } from './posting.ts'

export function postBill(bill: Bill, given: PostingContext): Posting<PostedBill> {
  const context: DocumentContext = { ...given, section: 'vendors' }
  const { billNumber, status } = context.settings.vendors
  const dated = billDate(bill, context)
  return postDocument('bill', bill, dated, context, billLines, (parts) => ({
    list: 'invoices',
    kind: 'bill',
    number:
      context.decided?.number?.sent ??
      (billNumber === 'vendor_invoice_number' ? bill.vendorInvoiceNumber : undefined) ??
      bill.number,
    ...parts,
    dueDate: billDueDate(bill, dated.date, context),
    status,
    url: canonicalAddress(deepLink(bill, context) ?? context.recordUrl),
  }))
}
