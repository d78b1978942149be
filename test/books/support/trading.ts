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
export const bothPaths = Object.keys(documentKinds) as DocumentPath[]
export const bothDocumentKinds = Object.entries(documentKinds) as [DocumentPath, (typeof documentKinds)[DocumentPath]][]

/** An invoice or bill of two of the service, for one customer or vendor of several. */
export const saleTo = (id: string, who = 'c1', more: object = {}) => invoice(id, who, ['s1'], { ...more })
export const purchaseFrom = (id: string, who = 'v1', more: object = {}) => bill(id, who, ['s1'], { ...more })

type Options = NonNullable<Parameters<typeof openTenant>[2]>

/** A tenant whose customer and service wait in the queue. */
export async function openSeller(world: World, name: string, options: Options = {}): Promise<Tenant> {
  const tenant = await openTenant(world, name, options)
  await tenant.put('items', service('s1'))
  await tenant.put('customers', customer('c1'))
  return tenant
}

/** The same with a vendor. */
export async function openTrader(world: World, name: string, options: Options = inNewZealand): Promise<Tenant> {
  const tenant = await openSeller(world, name, options)
  await tenant.put('vendors', vendor('v1'))
  return tenant
}

/** A tenant whose services s1, s2, … and customer are in Xero. */
export async function openWithItems(world: World, name: string, count: number, seed: Options['seed'] = {}) {
  const tenant = await openTenant(world, name, { seed })
  const ids = Array.from({ length: count }, (_, index) => `s${index + 1}`)
  await tenant.put('items', ...ids.map((id) => service(id)))
  await tenant.put('customers', customer('c1'))
  await tenant.sync()
  return { tenant, ids }
}

/** A document as it stands in Xero, without its stamps and what only tells of others. */
export const content = (row: Row): Row => {
  const { UpdatedDateUTC: _a, UpdatedDateUTCString: _b, Contact, HasAttachments: _c, ...rest } = row
  return { ...rest, contact: Contact.ContactID }
}
