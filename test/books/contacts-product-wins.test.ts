// Two records of one contact that both win over Xero: what one of them writes is no change of Xero's to the other.
import t from 'tap'
import type { AnswerMaker } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, type Row, record, synced, writes } from './support/books.ts'

t.test('books: contacts where the product wins', async (t) => {
  const world = await openWorld(t)
  for (const isOne of [false, true])
    t.test(`given ${isOne ? 'one role' : 'both roles'} with product_wins, then nothing flips`, async (t) => {
      const tenant = await openTenant(world, `wins-${isOne}`)
      const wins = { conflict: 'product_wins' }
      await tenant.settings({ customers: wins, ...(!isOne && { vendors: wins }) })
      await tenant.put('customers', { id: 'c', name: 'Sp Two', email: 'c@x.example' })
      await tenant.put('vendors', { id: 'v', name: 'Sp Two', email: 'c@x.example' })
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c')
      await synced(t, tenant, 'vendors', 'v')
      await tenant.put('customers', { id: 'c', name: 'Sp Two renamed', email: 'c2@x.example' })
      await tenant.sync()
      t.match(await record(tenant, 'vendors', 'v'), { name: 'Sp Two renamed', email: 'c2@x.example' })
      await tenant.put('vendors', { id: 'v', name: 'Sp Three', email: 'v@x.example' })
      await tenant.sync()
      t.match(await record(tenant, 'customers', 'c'), { name: 'Sp Three', email: 'v@x.example' })
      later(world)
      world.simulator.control.editContact(tenant.organisation, 'Sp Three', { LastName: 'Person' })
      await tenant.sync()
      await tenant.sync()
      tenant.mark()
      await tenant.sync()
      await tenant.sync('full')
      t.strictSame(writes(tenant), [], 'no write in idle jobs')
      t.match(contact(tenant, 'Sp Three'), { EmailAddress: 'v@x.example' })
      tenant.checkXero(t)
    })

  t.test(
    'given an edit at the moment of our write, when another record is written too, then the product wins',
    async (t) => {
      const tenant = await openTenant(world, 'wins-at-once', inNewZealand)
      const { control } = world.simulator
      control.createContact(tenant.organisation, { Name: 'Wins' })
      const said = { id: 'c', name: 'Wins', phones: [{ kind: 'mobile', number: '222' }] }
      await tenant.put('vendors', { id: 'v', name: 'Wins' })
      await tenant.put('customers', said)
      later(world)
      await tenant.sync()
      await tenant.settings({ customers: { conflict: 'product_wins' }, vendors: { conflict: 'product_wins' } })
      control.editContact(tenant.organisation, 'Wins', { Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '999' }] })
      later(world)
      await tenant.sync()
      await tenant.put('vendors', { id: 'v', name: 'Wins', taxNumber: 't1' })
      later(world)
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c')
      const mobile = contact(tenant, 'Wins').Phones.find((one: Row) => one.PhoneType === 'MOBILE')
      t.equal(mobile.PhoneNumber, '222')
      t.match(await record(tenant, 'customers', 'c'), { phones: said.phones })
      tenant.checkXero(t)
    },
  )

  t.test('given what the product never held, when a person adds it, then the record takes it over', async (t) => {
    const tenant = await openTenant(world, 'wins-added', inNewZealand)
    const { control } = world.simulator
    await tenant.settings({ customers: { conflict: 'product_wins' }, items: { conflict: 'product_wins' } })
    const address = { kind: 'billing', lines: ['1 Road'], city: 'Bath' }
    const said = { id: 'c', name: 'Wins', firstName: 'Own', taxNumber: '1', addresses: [address] }
    const service = { id: 'i', kind: 'service', code: 'WINS', name: 'Wins', salePrice: '3' }
    await tenant.put('customers', said)
    await tenant.put('items', service)
    await tenant.sync()
    await tenant.put('customers', { ...said, taxNumber: undefined })
    await tenant.sync()
    later(world)
    const Addresses = [{ AddressType: 'POBOX', AddressLine1: '2 Road', City: 'Bath', PostalCode: '1000' }]
    control.editContact(tenant.organisation, 'Wins', {
      ...{ FirstName: 'Per', LastName: 'Person', TaxNumber: '2', Addresses },
      Phones: [{ PhoneType: 'FAX', PhoneNumber: '55555' }],
    })
    control.editItem(tenant.organisation, 'WINS', { Description: 'Added', SalesDetails: { UnitPrice: 4 } })
    await tenant.sync()
    await tenant.sync()
    const taken = { lastName: 'Person', phones: [{ kind: 'fax', number: '55555' }] }
    const own = { firstName: 'Own', addresses: [{ ...address, postalCode: '1000' }] }
    const now = await record(tenant, 'customers', 'c')
    t.match(now, { ...taken, ...own })
    t.equal(now.taxNumber, '2', 'what it took away before is nothing that it holds')
    const there = contact(tenant, 'Wins')
    t.match(there, { FirstName: 'Own', LastName: 'Person', TaxNumber: '2' })
    const [billing] = there.Addresses.filter((one: Row) => one.AddressType === 'POBOX')
    t.match(billing, { AddressLine1: '1 Road', City: 'Bath', PostalCode: '1000' })
    t.match(await record(tenant, 'items', 'i'), { description: 'Added', salePrice: '3' })
    t.match(itemIn(tenant, 'WINS'), { Description: 'Added', SalesDetails: { UnitPrice: 3 } })
    await synced(t, tenant, 'customers', 'c')
    await synced(t, tenant, 'items', 'i')
    later(world)
    tenant.mark()
    await tenant.put('customers', { ...said, taxNumber: undefined })
    await tenant.sync('full')
    t.strictSame(writes(tenant), [], 'both sides say the same')
    tenant.checkXero(t)
  })

  t.test('given values that the record only learned, when a person edits them, then the edits stand', async (t) => {
    const tenant = await openTenant(world, 'wins-learned', inNewZealand)
    const { control } = world.simulator
    await tenant.settings({ customers: { conflict: 'product_wins' }, items: { conflict: 'product_wins' } })
    const street = { AddressType: 'POBOX', AddressLine1: '1 Road', City: 'Bath', PostalCode: '1000' }
    const book = { Name: 'Wins', AccountNumber: 'OLD', FirstName: 'Per', LastName: 'Old', Addresses: [street] }
    control.createContact(tenant.organisation, book)
    const SalesDetails = { UnitPrice: 5, AccountCode: '260' }
    control.createItem(tenant.organisation, { Code: 'WINS', Name: 'Wins', Description: 'Old', SalesDetails })
    const said = { id: 'c', name: 'Wins', firstName: 'Own', addresses: [{ kind: 'billing', lines: [], city: 'York' }] }
    const service = { id: 'i', kind: 'service', code: 'WINS', name: 'Wins', salePrice: '3' }
    await tenant.put('customers', said)
    await tenant.put('items', service)
    await tenant.sync()
    later(world)
    t.match(await record(tenant, 'customers', 'c'), { accountNumber: 'OLD', lastName: 'Old', firstName: 'Own' })
    control.editContact(tenant.organisation, 'Wins', {
      ...{ AccountNumber: 'EDIT', FirstName: 'Person', LastName: '' },
      Addresses: [{ ...street, AddressLine1: '2 Road', City: 'Hull', PostalCode: '2000' }],
    })
    const edited = { UnitPrice: 7, AccountCode: '200' }
    control.editItem(tenant.organisation, 'WINS', { Description: 'Edit', SalesDetails: edited })
    await tenant.put('customers', { ...said, taxNumber: 'NEW' })
    await tenant.put('items', { ...service, purchasePrice: '1' })
    for (let job = 0; job < 2; job += 1) {
      await tenant.sync()
      later(world)
    }
    await synced(t, tenant, 'customers', 'c')
    await synced(t, tenant, 'items', 'i')
    const there = contact(tenant, 'Wins')
    t.match(there, { AccountNumber: 'EDIT', FirstName: 'Own', TaxNumber: 'NEW' })
    t.notOk(there.LastName, 'what a person emptied')
    const [billing] = there.Addresses.filter((one: Row) => one.AddressType === 'POBOX')
    t.match(billing, { AddressLine1: '2 Road', City: 'York', PostalCode: '2000' }, 'only the city is the product’s')
    const SalesNow = { UnitPrice: 3, AccountCode: '200' }
    t.match(itemIn(tenant, 'WINS'), { Description: 'Edit', SalesDetails: SalesNow })
    t.match(await record(tenant, 'customers', 'c'), { accountNumber: 'EDIT', firstName: 'Own' })
    t.match(await record(tenant, 'items', 'i'), { description: 'Edit', salePrice: '3' })
    tenant.checkXero(t)
  })

  t.test('given an edit between the read and our own write, then the product wins with the next job', async (t) => {
    const tenant = await openTenant(world, 'wins-beside', inNewZealand)
    const { control } = world.simulator
    await tenant.settings({ customers: { conflict: 'product_wins' } })
    const service = { id: 'i', kind: 'service', code: 'BESIDE', name: 'Beside', salePrice: '3' }
    await tenant.put('customers', { id: 'c', name: 'Beside', email: 'one@x.example' })
    await tenant.put('items', service)
    await tenant.sync()
    later(world)
    // Items that are to change are read after the contacts, and before both are written.
    await tenant.put('items', { ...service, salePrice: '4' })
    await tenant.put('customers', { id: 'c', name: 'Beside', email: 'two@x.example' })
    const editing: AnswerMaker = (real) => {
      control.editContact(tenant.organisation, 'Beside', { Name: 'By hand' })
      return real
    }
    const target = { method: 'GET', path: '/Items', tenantId: tenant.organisationId, times: 1 } as const
    control.faults({ kind: 'answer', ...target, answer: editing })
    await tenant.sync()
    t.match(contact(tenant, 'By hand'), { EmailAddress: 'two@x.example' }, 'edited beside our write')
    later(world)
    await tenant.sync()
    t.match(contact(tenant, 'Beside'), { EmailAddress: 'two@x.example' }, 'its name is back')
    await synced(t, tenant, 'customers', 'c')
    tenant.checkXero(t)
  })

  t.test(
    'given a field that a person emptied, when the other role is written, then the product still wins',
    async (t) => {
      const tenant = await openTenant(world, 'wins-emptied', inNewZealand)
      await tenant.settings({ customers: { conflict: 'product_wins' } })
      await tenant.put('customers', { id: 'c', name: 'Both', email: 'c@x.example' })
      await tenant.put('vendors', { id: 'v', name: 'Both' })
      await tenant.sync()
      later(world)
      world.simulator.control.editContact(tenant.organisation, 'Both', { EmailAddress: '' })
      await tenant.put('vendors', { id: 'v', name: 'Both', taxNumber: '49-091-850' })
      await tenant.sync()
      await tenant.sync()
      t.match(contact(tenant, 'Both'), { EmailAddress: 'c@x.example', TaxNumber: '49-091-850' })
      await synced(t, tenant, 'customers', 'c')
      tenant.checkXero(t)
    },
  )
})
