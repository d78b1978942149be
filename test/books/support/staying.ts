// Invoices or bills that were sent, and whose customer, vendor or item becomes another one in Xero.
import type { Test } from 'tap'
import type { World } from '../../support/house.ts'
import { customer, vendor } from '../../support/records.ts'
import type { Tenant } from '../../support/tenant.ts'
import { contact, inNewZealand, later, type Row, synced } from './books.ts'
import { type DocumentPath, documentKinds, line, openTrader } from './trading.ts'

type Options = Parameters<typeof openTrader>[2]

const owners = {
  invoices: { role: 'customers', owner: customer, field: 'customerId', id: 'c1', other: 'c2' },
  bills: { role: 'vendors', owner: vendor, field: 'vendorId', id: 'v1', other: 'v2' },
} as const

export const relinked = { state: 'outdated', lastError: { code: 'contact_relinked' } }

/** The document's contact is archived in Xero. */
export const withheld = {
  state: 'failed',
  lastError: { code: 'contact_relinked', cause: /archived/, action: /restore that contact/ },
}

export function staying(t: Test, world: World, path: DocumentPath) {
  const { make } = documentKinds[path]
  const { role, owner, field, id, other } = owners[path]
  const { control } = world.simulator

  const there = (tenant: Tenant): Row => tenant.xero('Invoices')[0]
  const documentOf = (quantity = '1', more: object = {}, lineMore: object = {}) =>
    make('d', [line('1', { quantity, ...lineMore })], more)

  /** A job, and time goes by. */
  async function pull(tenant: Tenant): Promise<void> {
    await tenant.sync()
    later(world)
  }

  return {
    make,
    role,
    owner,
    field,
    id,
    other,
    there,
    documentOf,
    pull,
    quantity: (tenant: Tenant) => there(tenant).LineItems[0].Quantity,
    at: (tenant: Tenant): string => there(tenant).Contact.ContactID,
    ask: (tenant: Tenant) =>
      tenant.api('POST', 'sync-queue-items', { recordType: path.slice(0, -1), recordIds: ['d'] }),
    pay: (tenant: Tenant) => control.payInvoice(tenant.organisation, there(tenant).InvoiceID, { amount: 1 }),

    /** The document is in Xero, and so is a contact "Second". */
    async sent(name: string, { document = documentOf(), second = {} } = {}, options: Options = inNewZealand) {
      const tenant = await openTrader(world, `${name}-${path}`, options)
      control.createContact(tenant.organisation, { Name: 'Second', ...second })
      await tenant.put(path, document)
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      return { tenant, first: there(tenant).Contact.ContactID as string }
    },

    /** Its customer or vendor is linked to "Second". */
    async elsewhere(tenant: Tenant): Promise<string> {
      const { ContactID } = contact(tenant, 'Second')
      await tenant.api('DELETE', `${role}/${id}/link`)
      const linked = await tenant.api('PUT', `${role}/${id}/link`, { xeroId: ContactID })
      t.equal(linked.status, 200, JSON.stringify(linked.body))
      return ContactID
    },
  }
}
