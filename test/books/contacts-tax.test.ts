// Case 28, where only Xero knows the tax type of a contact.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, document, inNewZealand } from './support/books.ts'

t.test('books: contacts tax', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('28 given tax codes of the contact in Xero alone, then they count as the customer’s', async (t) => {
    const tenant = await openTenant(world, 'zero-in-xero', inNewZealand)
    control.createContact(tenant.organisation, { Name: 'Exporter', AccountsReceivableTaxType: 'ZERORATED' })
    await tenant.put('items', item('s1', { kind: 'service', salesTaxCode: 'GST' }))
    await tenant.put('customers', { id: 'c1', name: 'Exporter' })
    const line = { id: '1', itemId: 's1', quantity: '1', unitPrice: '100' }
    await tenant.put('invoices', invoice('z1', 'c1', [], { lines: [line] }))
    await tenant.sync()
    t.equal(document(tenant, 'INV-z1')?.TotalTax, 0)
    t.equal(contact(tenant, 'Exporter').AccountsReceivableTaxType, 'ZERORATED')
    tenant.checkXero(t)
  })
})
