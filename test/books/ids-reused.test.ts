// A product that gives the id of a deleted record to somebody else: what stayed in Xero of the first one is neither renamed nor filled
// with the other's values, and no document of the other lands there.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item, vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { body, contact, document, inNewZealand, itemIn, later, synced } from './support/books.ts'
import { openTrader, purchaseFrom, saleTo } from './support/trading.ts'

const keep = {
  ...inNewZealand,
  settings: {
    ...inNewZealand.settings,
    items: { ...inNewZealand.settings.items, onDelete: 'keep' },
    customers: { onDelete: 'keep' },
  },
}

t.test('books: ids that are used again', async (t) => {
  const world = await openWorld(t)

  const remove = async (tenant: Tenant, ...paths: string[]) => {
    for (const path of paths) await tenant.api('DELETE', path)
    await tenant.sync()
    later(world)
  }

  t.test('given a customer that stays in Xero, when its id becomes another one, then neither is damaged', async (t) => {
    const tenant = await openTrader(world, 'reused-kept', keep)
    await tenant.put('customers', customer('c1', { name: 'Acme', email: 'a@acme.example', taxNumber: '12 345' }))
    await tenant.put('invoices', saleTo('i1'))
    await tenant.sync()
    const before = body(contact(tenant, 'Acme'))
    await remove(tenant, 'customers/c1')
    await tenant.put('customers', customer('c1', { name: 'Zed', email: 'z@zed.example' }))
    await tenant.put('invoices', saleTo('i2'))
    await tenant.sync()
    t.match(await tenant.state('customers', 'c1'), { state: 'conflict', lastError: { code: 'contact_ambiguous' } })
    t.match(await tenant.state('invoices', 'i2'), { state: 'blocked' })
    t.strictSame(body(contact(tenant, 'Acme')), before)
    t.equal(document(tenant, 'INV-i2'), undefined)
    // The error names the way out.
    await tenant.settings({ customers: { onNumberOnly: 'create' } })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    await synced(t, tenant, 'invoices', 'i2')
    t.equal(document(tenant, 'INV-i2').Contact.ContactID, contact(tenant, 'Zed').ContactID)
    t.equal(document(tenant, 'INV-i1').Contact.ContactID, contact(tenant, 'Acme').ContactID)
    t.strictSame(body(contact(tenant, 'Acme')), before)
    t.match(await tenant.state('invoices', 'i1'), { state: 'outdated', lastError: { code: 'contact_relinked' } })
    tenant.checkXero(t)
  })

  t.test('given a kept customer, when it comes back under its name, then it is the same contact', async (t) => {
    const tenant = await openTrader(world, 'reused-same', keep)
    await tenant.put('customers', customer('c1', { name: 'Acme Ltd' }))
    await tenant.put('invoices', saleTo('i1'))
    await tenant.sync()
    await remove(tenant, 'customers/c1')
    await tenant.put('customers', customer('c1', { name: 'ACME Limited', email: 'new@acme.example' }))
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    await synced(t, tenant, 'invoices', 'i1')
    t.match(contact(tenant, document(tenant, 'INV-i1').Contact.ContactID), { EmailAddress: 'new@acme.example' })
    t.equal(tenant.xero('Contacts').filter(({ Name }) => /acme/i.test(Name)).length, 1)
    tenant.checkXero(t)
  })

  t.test(
    'given a kept customer that a person renamed, when it comes back, then it is that contact still',
    async (t) => {
      const tenant = await openTrader(world, 'reused-renamed', keep)
      await tenant.put('customers', customer('c1', { name: 'Acme Ltd' }))
      await tenant.put('invoices', saleTo('i1'))
      await tenant.sync()
      const { ContactID } = document(tenant, 'INV-i1').Contact
      await remove(tenant, 'customers/c1')
      world.simulator.control.editContact(tenant.organisation, ContactID, { Name: 'Sunrise' })
      await tenant.sync()
      later(world)
      await tenant.put('customers', customer('c1', { name: 'ACME Limited' }))
      t.equal((await tenant.state('customers', 'c1')).xero?.id, ContactID, 'before any job')
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      t.equal((await tenant.state('customers', 'c1')).xero.id, ContactID)
      t.equal(tenant.xero('Contacts').filter(({ Name }) => /acme|sunrise/i.test(Name)).length, 1)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a vendor whose contact stays for a customer, when its id is another one, then it gets its own',
    async (t) => {
      const tenant = await openTrader(world, 'reused-shared', inNewZealand)
      await tenant.put('customers', customer('c1', { name: 'Both', email: 'both@b.example' }))
      await tenant.put('vendors', vendor('v1', { name: 'Both' }))
      await tenant.put('bills', purchaseFrom('b1'))
      await tenant.sync()
      await remove(tenant, 'vendors/v1')
      const before = body(contact(tenant, 'Both'))
      await tenant.put('vendors', vendor('v1', { name: 'Totally Other', email: 'o@o.example' }))
      await tenant.put('bills', purchaseFrom('b2'))
      await tenant.sync()
      await synced(t, tenant, 'vendors', 'v1')
      await synced(t, tenant, 'bills', 'b2')
      t.strictSame(body(contact(tenant, 'Both')), before)
      const bills = tenant.xero('Invoices').map(({ Contact }) => contact(tenant, Contact.ContactID).Name)
      t.strictSame(bills.sort(), ['Both', 'Totally Other'])
      t.match(await tenant.state('bills', 'b1'), { state: 'outdated', lastError: { code: 'contact_relinked' } })
      tenant.checkXero(t)
    },
  )

  t.test(
    'given a contact that was archived with its record, when the id is another one, then its documents say so',
    async (t) => {
      const tenant = await openTrader(world, 'reused-archived', inNewZealand)
      await tenant.put('invoices', saleTo('i1'))
      await tenant.put('bills', purchaseFrom('b1'))
      await tenant.sync()
      const [was] = [document(tenant, 'INV-i1').Contact.ContactID]
      await remove(tenant, 'customers/c1', 'vendors/v1')
      await tenant.put('customers', customer('c1', { name: 'Zed' }))
      await tenant.put('vendors', vendor('v1', { name: 'Zed V' }))
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      for (const path of ['invoices/i1', 'bills/b1']) {
        const [type, id] = path.split('/') as [string, string]
        t.match(await tenant.state(type, id), { state: 'outdated', lastError: { code: 'contact_relinked' } }, path)
      }
      t.equal(document(tenant, 'INV-i1').Contact.ContactID, was)
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an item that stays in Xero, when its id becomes another article, then it keeps what it is',
    async (t) => {
      const tenant = await openTrader(world, 'reused-item', keep)
      await tenant.put(
        'items',
        item('a', { kind: 'service', code: 'DESK', name: 'Desk', description: 'A desk', salePrice: '500' }),
      )
      await tenant.sync()
      const before = itemIn(tenant, 'DESK')
      await remove(tenant, 'items/a')
      await tenant.put(
        'items',
        item('a', { kind: 'service', code: 'LAMP', name: 'Lamp', description: 'A lamp', salePrice: '5' }),
      )
      await tenant.sync()
      await synced(t, tenant, 'items', 'a')
      t.strictSame(itemIn(tenant, 'DESK'), before)
      t.match(itemIn(tenant, 'LAMP'), { Name: 'Lamp', Description: 'A lamp' })
      tenant.checkXero(t)
    },
  )
})
