// Case 28, where only Xero knows the tax type of a contact, and names that the tax map has as well.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, invoice, item } from '../support/records.ts'
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

  for (const learns of ['updates_and_new', 'off'])
    t.test(
      `given a tax map with a key of Xero’s own name and import ${learns}, then a tax of Xero’s stays what it is`,
      async (t) => {
        const tenant = await openTenant(world, `named-${learns}`, inNewZealand)
        const kinds = ['customers', 'vendors', 'items'] as const
        await tenant.settings({
          ...Object.fromEntries(kinds.map((kind) => [kind, { import: learns }])),
          invoices: { taxMap: { GST: 'OUTPUT2', NONE: 'ZERORATED' } },
        })
        await tenant.settings({ vendors: { taxMap: { GST: 'INPUT2', NONE: 'INPUT2' } } })
        const taxes = { AccountsReceivableTaxType: 'NONE', AccountsPayableTaxType: 'NONE' }
        control.createContact(tenant.organisation, { Name: 'Free', ...taxes })
        const sides = {
          SalesDetails: { UnitPrice: '5', AccountCode: '200', TaxType: 'NONE' },
          PurchaseDetails: { UnitPrice: '3', AccountCode: '300', TaxType: 'NONE' },
        }
        control.createItem(tenant.organisation, { Code: 'FREE', Name: 'Free', ...sides })
        await tenant.put('customers', { id: 'c1', name: 'Free' }, { id: 'c2', name: 'Other' })
        await tenant.put('customers', { id: 'c3', name: 'Said', salesTaxCode: 'NONE' })
        await tenant.put('vendors', { id: 'v1', name: 'Free' }, { id: 'v2', name: 'Other' })
        const plain = { kind: 'service' } as const
        await tenant.put('items', item('s1', { ...plain, salesTaxCode: 'GST', purchaseTaxCode: 'GST' }))
        await tenant.put('items', { id: 'free', ...plain, code: 'FREE', name: 'Free' })
        const lines = (itemId: string) => ({ lines: [{ id: '1', itemId, quantity: '1', unitPrice: '100' }] })
        const shipping = { shipping: { amount: '10' } }
        await tenant.put(
          'invoices',
          invoice('z1', 'c1', [], { ...lines('s1'), ...shipping }),
          invoice('z3', 'c3', [], lines('s1')),
        )
        await tenant.put('bills', bill('z1', 'v1', [], lines('s1')))
        if (learns !== 'off') {
          await tenant.put('invoices', invoice('z2', 'c2', [], lines('free')))
          await tenant.put('bills', bill('z2', 'v2', [], lines('free')))
        }
        await tenant.sync()
        const taxTypes = (number: string) =>
          document(tenant, number)?.LineItems.map(({ TaxType }: { TaxType: string }) => TaxType)
        t.strictSame(taxTypes('INV-z1'), ['NONE', 'NONE'], 'of the customer, for the shipping too')
        t.strictSame(taxTypes('INV-z3'), ['ZERORATED'], 'what the product says is its own code')
        t.strictSame(taxTypes('V-z1'), ['NONE'], 'of the vendor')
        if (learns !== 'off') {
          t.strictSame(taxTypes('INV-z2'), ['NONE'], 'of the item')
          t.strictSame(taxTypes('V-z2'), ['NONE'], 'of the item')
        }
        tenant.checkXero(t)
      },
    )
})
