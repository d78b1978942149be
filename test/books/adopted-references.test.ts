// Contacts and items of the books become records under their ids in Xero, and documents name them so. Under ids of the product's own
// from then on, they are still meant by what named them before.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { byHand, inNewZealand, later, type Row, record, synced } from './support/books.ts'
import { line, purchase, sale, service } from './support/trading.ts'

t.test('books: documents that name an import which was adopted', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('given an import that the product takes over under its own id, then its documents go on', async (t) => {
    const tenant = await openTenant(world, 'adopted', inNewZealand)
    await tenant.sync()
    const { organisation } = tenant
    const ContactID = String(control.createContact(organisation, { Name: 'Books Ltd' }).ContactID)
    // Xero gives a contact its roles with its documents.
    for (const kind of ['ACCREC', 'ACCPAY'] as const) control.createInvoice(organisation, byHand(kind, ContactID))
    const { ItemID } = control.createItem(organisation, {
      Code: 'BOOK',
      Name: 'Book',
      SalesDetails: { UnitPrice: 100 },
    })
    later(world)
    await tenant.sync('full')
    t.match(await record(tenant, 'customers', ContactID), { name: 'Books Ltd' })
    const named = { customerId: ContactID, lines: [line('1', { itemId: ItemID })] }
    const invoiceOf = (id: string, more: object = {}) => sale(id, named.lines, { customerId: ContactID, ...more })
    const billOf = (id: string, more: object = {}) =>
      purchase(id, [line('1', { itemId: ItemID })], { vendorId: ContactID, ...more })
    await tenant.put('invoices', invoiceOf('d0'))
    await tenant.put('bills', billOf('b0'))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd0')
    await synced(t, tenant, 'bills', 'b0')

    await tenant.put('customers', { id: 'c1', name: 'Books Ltd' })
    await tenant.put('vendors', { id: 'v1', name: 'Books Ltd' })
    await tenant.put('items', service('i1', { code: 'BOOK', name: 'Book' }))
    await tenant.put('invoices', invoiceOf('d0', { customerPo: 'PO 7' }), invoiceOf('d5'))
    await tenant.put('bills', billOf('b5'))
    later(world)
    await tenant.sync()
    t.equal((await tenant.api('GET', `customers/${ContactID}`)).status, 404, 'the import is c1 by now')
    await synced(t, tenant, 'customers', 'c1')
    await synced(t, tenant, 'invoices', 'd0', 'd5')
    await synced(t, tenant, 'bills', 'b0', 'b5')
    const ours = tenant.xero('Invoices').filter(({ LineItems }: Row) => LineItems[0].ItemCode === 'BOOK')
    const rows = ours.map(({ Contact }: Row) => Contact.ContactID)
    t.strictSame(rows, Array(4).fill(ContactID))
    tenant.checkXero(t)
  })

  t.test('given an id that no contact has, then the document says what is missing', async (t) => {
    const tenant = await openTenant(world, 'unknown', inNewZealand)
    const nobody = '8f6b8f0e-3b1c-4a52-9d7e-0a1b2c3d4e5f'
    await tenant.put('items', service('s1'))
    await tenant.put('invoices', sale('d1', [line('1')], { customerId: nobody }))
    await tenant.sync()
    const missing = { lastError: { code: 'record_missing', blockedBy: { type: 'customer', id: nobody } } }
    t.match(await tenant.state('invoices', 'd1'), missing)
  })
})
