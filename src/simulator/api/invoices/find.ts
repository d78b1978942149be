// Which document a request means: by id, or for sales invoices by number, which is how POST silently overwrites one.
import { type JsonObject, text } from '../../json.ts'
import type { Invoice, Organisation } from '../../state.ts'
import { missing } from '../answer.ts'

export const salesInvoiceByNumber = (organisation: Organisation, number: string): Invoice | undefined => {
  const wanted = number.toLowerCase()
  return [...organisation.invoices.values()].find(
    (one) =>
      one.Type === 'ACCREC' &&
      one.InvoiceNumber?.toLowerCase() === wanted &&
      !(organisation.profile.deletedNumbersFree && one.Status === 'DELETED'),
  )
}

/** For GET /Invoices/{key}: an id, or the number of a sales invoice. */
export const invoiceByKey = (organisation: Organisation, key: string) =>
  organisation.invoices.get(key.toLowerCase()) ?? salesInvoiceByNumber(organisation, key)

export function matchInvoice(organisation: Organisation, element: JsonObject): Invoice | undefined {
  const id = text(element, 'InvoiceID')
  if (id !== undefined) {
    const invoice = organisation.invoices.get(id.toLowerCase())
    if (!invoice) throw missing('invoice')
    return invoice
  }
  const number = text(element, 'InvoiceNumber')
  return number && text(element, 'Type') !== 'ACCPAY' ? salesInvoiceByNumber(organisation, number) : undefined
}

export function nextNumber(organisation: Organisation): { number: string; next: number } {
  let next = organisation.nextInvoiceNumber
  const write = () => `INV-${String(next).padStart(4, '0')}`
  while (salesInvoiceByNumber(organisation, write())) next += 1
  return { number: write(), next: next + 1 }
}
