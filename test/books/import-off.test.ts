// A company that keeps edits in Xero out of its records (`import: off`): no write of a record takes them back there either.
import t, { type Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, inNewZealand, itemIn, later, type Row, record, richContact, synced } from './support/books.ts'

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

  t.test(
    'given books with everything, when records that say little meet them, then nothing of them is emptied',
    async (t) => {
      const tenant = await openTenant(world, 'off-first', inNewZealand)
      await tenant.settings(
        Object.fromEntries(['customers', 'vendors', 'items'].map((kind) => [kind, { import: 'off' }])),
      )
      for (const name of ['Zoff A', 'Zoff B'])
        control.createContact(tenant.organisation, richContact(name), { unchecked: true })
      control.createItem(tenant.organisation, {
        ...{ Code: 'ZOFF', Name: 'po', Description: 'd', PurchaseDescription: 'p' },
        SalesDetails: { UnitPrice: 5, AccountCode: '260', TaxType: 'ZERORATED' },
        PurchaseDetails: { UnitPrice: 4, AccountCode: '310', TaxType: 'NONE' },
      })
      const standing = () => ({
        contacts: ['Zoff A', 'Zoff B'].map((name) => body(contact(tenant, name), 'EmailAddress')),
        item: body(itemIn(tenant, 'ZOFF'), 'SalesDetails'),
      })
      const before = standing()
      for (const [mail, price] of [
        ['own@z.example', '6'],
        ['own2@z.example', '7'],
      ] as const) {
        await tenant.put('customers', { id: 'a', name: 'Zoff A', email: mail })
        await tenant.put('vendors', { id: 'b', name: 'Zoff B', ...(price === '7' && { email: mail }) })
        await tenant.put('items', { id: 'z', kind: 'service', code: 'ZOFF', name: 'po', salePrice: price })
        await pull(tenant)
        await pull(tenant)
        t.strictSame(standing(), before)
        t.equal(contact(tenant, 'Zoff A').EmailAddress, mail)
        t.match(itemIn(tenant, 'ZOFF').SalesDetails, {
          UnitPrice: Number(price),
          AccountCode: '260',
          TaxType: 'ZERORATED',
        })
        for (const [type, id] of [
          ['customers', 'a'],
          ['vendors', 'b'],
          ['items', 'z'],
        ] as const)
          await synced(t, tenant, type, id)
      }
      t.notMatch(await record(tenant, 'vendors', 'b'), { taxNumber: /./ }, 'no record learned')
      t.strictSame(await tenant.changes(), [])
      t.strictSame((await tenant.api('GET', 'findings')).body.items, [])
    },
  )

  t.test(
    'given records that were deleted or are linked by hand, when they meet the books again, then nothing is emptied',
    async (t) => {
      const tenant = await openTenant(world, 'off-again', inNewZealand)
      await tenant.settings({
        customers: { import: 'off', onDelete: 'keep' },
        items: { import: 'off', onDelete: 'keep' },
      })
      for (const name of ['Zoff C', 'Zoff D'])
        control.createContact(tenant.organisation, richContact(name), { unchecked: true })
      control.createItem(tenant.organisation, {
        ...{ Code: 'ZOFF2', Name: 'po', Description: 'd', PurchaseDescription: 'p' },
        SalesDetails: { UnitPrice: 5, AccountCode: '260', TaxType: 'ZERORATED' },
        PurchaseDetails: { UnitPrice: 4, AccountCode: '310', TaxType: 'NONE' },
      })
      const standing = () => ({
        contacts: ['Zoff C', 'Zoff D'].map((name) => body(contact(tenant, name))),
        item: body(itemIn(tenant, 'ZOFF2')),
      })
      const before = standing()
      const handOver = async () => {
        await tenant.put(
          'customers',
          { id: 'c', name: 'Zoff C' },
          { id: 'd', name: 'Zoff D', website: 'https://d.example' },
        )
        await tenant.put('items', { id: 'z', kind: 'service', code: 'ZOFF2', name: 'po' })
        await pull(tenant)
      }
      await handOver()
      t.strictSame(standing(), before, 'met')
      for (const [type, id] of [
        ['customers', 'c'],
        ['items', 'z'],
      ] as const) {
        t.equal((await tenant.api('DELETE', `${type}/${id}`)).status, 200)
        await pull(tenant)
      }
      await handOver()
      t.strictSame(standing(), before, 'deleted and handed over again')
      const xeroId = contact(tenant, 'Zoff D').ContactID
      t.ok((await tenant.api('DELETE', 'customers/d/link')).status < 300)
      t.equal((await tenant.api('PUT', 'customers/d/link', { xeroId })).status, 200)
      await pull(tenant)
      t.strictSame(standing(), before, 'linked by hand')
      await tenant.put('customers', { id: 'c', name: 'Zoff C', firstName: 'New' })
      await pull(tenant)
      t.match(contact(tenant, 'Zoff C'), { FirstName: 'New', LastName: 'Rich', AccountNumber: 'ACC Zoff C' })
    },
  )

  t.test(
    'given a contact that a person merged into another, when its record changes, then the other keeps its own',
    async (t) => {
      const tenant = await openTenant(world, 'off-merged', inNewZealand)
      for (const name of ['Zoff E', 'Zoff F'])
        control.createContact(
          tenant.organisation,
          richContact(name, { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'INPUT2' }),
        )
      await tenant.put('customers', { id: 'e', name: 'Zoff E' }, { id: 'f', name: 'Zoff F' })
      await pull(tenant)
      await tenant.settings({ customers: { import: 'off' } })
      control.mergeContacts(
        tenant.organisation,
        contact(tenant, 'Zoff E').ContactID,
        contact(tenant, 'Zoff F').ContactID,
      )
      const before = body(contact(tenant, 'Zoff F'), 'EmailAddress')
      later(world)
      await tenant.put('customers', { id: 'e', name: 'Zoff E', email: 'new@e.example' })
      await pull(tenant)
      await pull(tenant)
      t.strictSame(body(contact(tenant, 'Zoff F'), 'EmailAddress'), before)
      t.equal(contact(tenant, 'Zoff F').EmailAddress, 'new@e.example')
    },
  )
})
