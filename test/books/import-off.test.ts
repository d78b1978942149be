// A company that keeps edits in Xero out of its records (`import: off`): no write of a record takes them back there either.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, type Row, record, synced } from './support/books.ts'

const kinds = ['customers', 'items'] as const
const one = customer('c1', { name: 'Off One', firstName: 'A', phones: [{ kind: 'default', number: '555001' }] })
const thing = item('i1', { kind: 'service', code: 'OFF', salePrice: '10', purchasePrice: '1', description: 'Ours' })

t.test('books: edits that are not imported', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function open(name: string, conflict = 'pending_wins'): Promise<Tenant> {
    const off = Object.fromEntries(kinds.map((kind) => [kind, { import: 'off', conflict }]))
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings(off)
    await tenant.put('customers', one)
    await tenant.put('items', thing)
    await pull(tenant)
    return tenant
  }

  const pull = async (tenant: Tenant) => {
    later(world)
    await tenant.sync()
    later(world)
  }

  function edit(tenant: Tenant): void {
    control.editContact(tenant.organisation, 'Off One', {
      EmailAddress: 'person@example.com',
      FirstName: 'By hand',
      Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '555002' }],
    })
    control.editItem(tenant.organisation, 'OFF', {
      Description: 'By hand',
      SalesDetails: { UnitPrice: 12, AccountCode: '260', TaxType: 'ZERORATED' },
    })
  }

  function stands(t: Test, tenant: Tenant): void {
    t.match(contact(tenant, 'Off One'), { EmailAddress: 'person@example.com', FirstName: 'By hand' })
    const { Phones: phones } = contact(tenant, 'Off One')
    t.match(
      phones.filter((phone: Row) => phone.PhoneNumber),
      [{ PhoneType: 'DEFAULT', PhoneNumber: '555002' }],
    )
    t.match(itemIn(tenant, 'OFF'), { Description: 'By hand', SalesDetails: { UnitPrice: 12, AccountCode: '260' } })
    t.equal(itemIn(tenant, 'OFF').SalesDetails.TaxType, 'ZERORATED')
  }

  t.test(
    'given edits in Xero, when the product changes other fields, then both stand and no record learned',
    async (t) => {
      const tenant = await open('off-other')
      edit(tenant)
      await tenant.put('customers', { ...one, taxNumber: 'NEW' })
      await tenant.put('items', { ...thing, purchasePrice: '2' })
      await pull(tenant)
      stands(t, tenant)
      t.match(contact(tenant, 'Off One'), { TaxNumber: 'NEW' })
      t.equal(itemIn(tenant, 'OFF').PurchaseDetails.UnitPrice, 2)
      t.match(await record(tenant, 'customers', 'c1'), { firstName: 'A', email: one.email })
      t.match(await record(tenant, 'items', 'i1'), { salePrice: '10', description: 'Ours' })
      await synced(t, tenant, 'customers', 'c1')
      t.strictSame(await tenant.changes(), [], 'the feed tells nothing')
      // Once more, after the edit was seen in an earlier job.
      await tenant.put('customers', { ...one, taxNumber: 'NEWER' })
      await tenant.put('items', { ...thing, purchasePrice: '3' })
      await pull(tenant)
      stands(t, tenant)
      t.match(contact(tenant, 'Off One'), { TaxNumber: 'NEWER' })
      t.equal(itemIn(tenant, 'OFF').PurchaseDetails.UnitPrice, 3)
    },
  )

  t.test('given an edit in Xero, when the product changes that field later, then the product speaks', async (t) => {
    const tenant = await open('off-later')
    edit(tenant)
    await pull(tenant)
    await tenant.put('customers', { ...one, firstName: 'B' })
    await tenant.put('items', { ...thing, salePrice: '11' })
    await pull(tenant)
    t.match(contact(tenant, 'Off One'), { EmailAddress: 'person@example.com', FirstName: 'B' })
    t.equal(itemIn(tenant, 'OFF').SalesDetails.UnitPrice, 11)
    t.equal(itemIn(tenant, 'OFF').Description, 'By hand')
    await tenant.put('customers', { ...one, firstName: 'A' })
    await pull(tenant)
    t.equal(contact(tenant, 'Off One').FirstName, 'A', 'and back, the edit is over')
    await tenant.put('customers', { id: 'c1', name: 'Off One' })
    await pull(tenant)
    t.notOk(contact(tenant, 'Off One').FirstName, 'what it takes away is emptied')
  })

  for (const { conflict, first } of [
    { conflict: 'pending_wins', first: 'B' },
    { conflict: 'xero_wins', first: 'By hand' },
    { conflict: 'product_wins', first: 'B' },
  ]) {
    t.test(`given ${conflict}, when both sides changed one field, then the policy decides`, async (t) => {
      const tenant = await open(`off-${conflict}`, conflict)
      edit(tenant)
      await tenant.put('customers', { ...one, firstName: 'B' })
      await pull(tenant)
      t.equal(contact(tenant, 'Off One').FirstName, first)
      const email = conflict === 'product_wins' ? one.email : 'person@example.com'
      t.equal(contact(tenant, 'Off One').EmailAddress, email)
      await tenant.put('customers', { ...one, firstName: 'C' })
      await pull(tenant)
      t.equal(contact(tenant, 'Off One').FirstName, 'C', 'a change that came after is its own')
    })
  }

  t.test(
    'given an item that was given another code in Xero, when it is changed, then it keeps that code',
    async (t) => {
      const tenant = await open('off-code')
      control.editItem(tenant.organisation, 'OFF', { Code: 'OFF-2' })
      await pull(tenant)
      await tenant.put('items', { ...thing, salePrice: '11' })
      await tenant.put('invoices', {
        ...{ id: 'v1', number: 'V1', customerId: 'c1', date: '2026-11-20', shipDate: '2026-11-20', status: 'shipped' },
        lines: [{ id: 'l1', itemId: 'i1', quantity: '1', unitPrice: '10' }],
      })
      await pull(tenant)
      await synced(t, tenant, 'items', 'i1')
      await synced(t, tenant, 'invoices', 'v1')
      t.equal(itemIn(tenant, 'OFF-2')?.SalesDetails.UnitPrice, 11)
      t.equal(tenant.xero('Invoices')[0].LineItems[0].ItemCode, 'OFF-2')
      const { body: found } = await tenant.api('GET', 'findings')
      t.match(found.items, [{ code: 'item_renamed', recordId: 'i1' }])
    },
  )

  t.test(
    'given edits that were kept out, when imports are on and the list is read, then the records learn them',
    async (t) => {
      const tenant = await open('off-on')
      edit(tenant)
      await pull(tenant)
      await tenant.settings(Object.fromEntries(kinds.map((kind) => [kind, { import: 'updates' }])))
      later(world)
      await tenant.sync('full')
      t.match(await record(tenant, 'customers', 'c1'), { firstName: 'By hand', email: 'person@example.com' })
      t.match(await record(tenant, 'items', 'i1'), {
        salePrice: '12',
        description: 'By hand',
        salesTaxCode: 'ZERORATED',
      })
      t.same((await tenant.changes()).map(({ recordId }) => recordId).sort(), ['c1', 'i1'])
      await tenant.put('customers', one)
      await tenant.put('items', thing)
      await pull(tenant)
      stands(t, tenant)
    },
  )
})
