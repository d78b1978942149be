// A company that trades: documents of one customer and one vendor with lines of one service, as the product hands them over.
import type { World } from '../../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../../support/records.ts'
import { openTenant, type Tenant } from '../../support/tenant.ts'
import { inNewZealand, type Row } from './books.ts'

export const service = (id: string, more: object = {}) => item(id, { kind: 'service', ...more })

/** A line of 100 with the company's tax code. */
export const line = (id: string, more: object = {}) => ({
  id,
  itemId: 's1',
  description: `Line ${id}`,
  quantity: '1',
  unitPrice: '100',
  taxCode: 'GST',
  ...more,
})

/** The same line, of which the product does not say some. */
export const lineWithout = (id: string, ...names: string[]) =>
  Object.fromEntries(Object.entries(line(id)).filter(([name]) => !names.includes(name)))

export const sale = (id: string, lines: object[], more: object = {}) => ({ ...invoice(id, 'c1', []), lines, ...more })

/** Without a number of the vendor's. */
export const purchase = (id: string, lines: object[], more: object = {}) => {
  const { vendorInvoiceNumber: _number, ...rest } = bill(id, 'v1', [])
  return { ...rest, lines, ...more }
}

export type DocumentPath = 'invoices' | 'bills'
export const documentKinds = {
  invoices: { make: sale, type: 'ACCREC' },
  bills: { make: purchase, type: 'ACCPAY' },
} as const
export const bothDocumentKinds = Object.entries(documentKinds) as [DocumentPath, (typeof documentKinds)[DocumentPath]][]

/** A tenant whose customer, vendor and service wait in the queue. */
export async function openTrader(
  world: World,
  name: string,
  options: Parameters<typeof openTenant>[2] = inNewZealand,
): Promise<Tenant> {
  const tenant = await openTenant(world, name, options)
  await tenant.put('items', service('s1'))
  await tenant.put('customers', customer('c1'))
  await tenant.put('vendors', vendor('v1'))
  return tenant
}

/** A document as it stands in Xero, without its stamps and what only tells of others. */
export const content = (row: Row): Row => {
  const { UpdatedDateUTC: _a, UpdatedDateUTCString: _b, Contact, HasAttachments: _c, ...rest } = row
  return { ...rest, contact: Contact.ContactID }
}
