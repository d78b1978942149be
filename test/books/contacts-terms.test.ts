// Case 06: payment terms and tax types have two sides.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { byHand, contact, document, later, record } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

t.test('books: contacts terms', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const bills = { Day: 20, Type: 'OFFOLLOWINGMONTH' }
  const sales = { Day: 7, Type: 'DAYSAFTERBILLDATE' }

  t.test(
    '06 given a contact with terms on both sides, then each role has its own and neither is touched',
    async (t) => {
      const tenant = await openTenant(world, 'terms')
      const both = control.createContact(tenant.organisation, {
        Name: 'Both',
        PaymentTerms: { Bills: bills, Sales: sales },
      })
      control.createInvoice(tenant.organisation, byHand('ACCPAY', both.ContactID))
      await tenant.sync()
      await tenant.put('items', service('s1'))
      await tenant.put('vendors', { id: 'v1', name: 'Both' })
      await tenant.put('bills', purchaseFrom('b1', 'v1', { date: '2026-11-05', receiveDate: '2026-11-05' }))
      await tenant.sync()
      t.match(document(tenant, 'ACCPAY'), {})
      const posted = tenant.xero('Invoices').find((one) => one.Type === 'ACCPAY' && one.Url)
      t.match(posted?.DueDateString, /^2026-12-20/)
      t.match(await record(tenant, 'vendors', 'v1'), { terms: { kind: 'OFFOLLOWINGMONTH', days: 20 } })
      await tenant.put('vendors', { id: 'v1', name: 'Both', firstName: 'Vera' })
      await tenant.sync()
      t.match(contact(tenant, 'Both'), { FirstName: 'Vera' })
      t.strictSame(contact(tenant, 'Both').PaymentTerms, { Bills: bills, Sales: sales })
      await tenant.put('customers', { id: 'c1', name: 'Both' })
      await tenant.put('invoices', saleTo('i1', 'c1', { date: '2026-11-05', shipDate: '2026-11-05' }))
      await tenant.sync()
      t.match(document(tenant, 'INV-i1')?.DueDateString, /^2026-11-12/)
      t.match(await record(tenant, 'customers', 'c1'), { terms: { kind: 'DAYSAFTERBILLDATE', days: 7 } })
      t.strictSame(contact(tenant, 'Both').PaymentTerms, { Bills: bills, Sales: sales })
      tenant.checkXero(t)
    },
  )

  t.test('06 given terms on one side only, then the other role has none and that side stays empty', async (t) => {
    const tenant = await openTenant(world, 'one-side')
    control.createContact(tenant.organisation, { Name: 'Sold to', PaymentTerms: { Sales: sales } })
    control.createContact(tenant.organisation, { Name: 'Bought from', PaymentTerms: { Bills: bills } })
    await tenant.put('vendors', { id: 'v1', name: 'Sold to' })
    await tenant.put('customers', { id: 'c1', name: 'Bought from' })
    await tenant.sync()
    await tenant.put('vendors', { id: 'v1', name: 'Sold to', lastName: 'V' })
    await tenant.put('customers', { id: 'c1', name: 'Bought from', lastName: 'C' })
    await tenant.sync()
    t.strictSame(contact(tenant, 'Sold to').PaymentTerms, { Sales: sales, Bills: undefined })
    t.strictSame(contact(tenant, 'Bought from').PaymentTerms, { Bills: bills, Sales: undefined })
    t.notOk((await record(tenant, 'vendors', 'v1')).terms)
    t.notOk((await record(tenant, 'customers', 'c1')).terms)
    tenant.checkXero(t)
  })

  t.test('06 given terms that a person changes or removes, then the record follows', async (t) => {
    const tenant = await openTenant(world, 'terms-changed')
    control.createContact(tenant.organisation, { Name: 'Ann', PaymentTerms: { Bills: bills, Sales: sales } })
    await tenant.put('customers', { id: 'c1', name: 'Ann' })
    await tenant.sync()
    later(world)
    control.editContact(tenant.organisation, 'Ann', { PaymentTerms: { Sales: { Day: 30, Type: 'DAYSAFTERBILLDATE' } } })
    await tenant.sync()
    t.match((await record(tenant, 'customers', 'c1')).terms, { days: 30 })
    later(world)
    control.editContact(tenant.organisation, 'Ann', { PaymentTerms: { Sales: null } })
    await tenant.sync()
    t.notOk((await record(tenant, 'customers', 'c1')).terms, 'gone as in Xero')
    await tenant.put('customers', { id: 'c1', name: 'Ann', firstName: 'A' })
    await tenant.sync()
    t.strictSame(contact(tenant, 'Ann').PaymentTerms, { Bills: bills, Sales: undefined })
    tenant.checkXero(t)
  })

  t.test('06 given tax types of both sides, then neither role writes the other', async (t) => {
    const tenant = await openTenant(world, 'tax-sides')
    const taxes = { AccountsReceivableTaxType: 'EXEMPTOUTPUT', AccountsPayableTaxType: 'EXEMPTEXPENSES' }
    control.createContact(tenant.organisation, { Name: 'Both', ...taxes })
    await tenant.put('customers', { id: 'c1', name: 'Both' })
    await tenant.put('vendors', { id: 'v1', name: 'Both' })
    await tenant.sync()
    await tenant.put('customers', { id: 'c1', name: 'Both', firstName: 'A' })
    await tenant.sync()
    t.match(contact(tenant, 'Both'), taxes)
    await tenant.put('customers', { id: 'c1', name: 'Both', firstName: 'A', salesTaxCode: 'GST' })
    await tenant.sync()
    t.match(contact(tenant, 'Both'), { ...taxes, AccountsReceivableTaxType: 'OUTPUT' })
    tenant.checkXero(t)
  })
})
