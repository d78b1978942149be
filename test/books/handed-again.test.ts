// A product that hands over what it has, nightly or after a deletion: what it says as it said it before is no change of its own.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, inNewZealand, itemIn, later, record, richContact, synced } from './support/books.ts'

const richItem = {
  Code: 'AGAIN',
  Name: 'Again',
  Description: 'Of the books',
  PurchaseDescription: 'Bought by the books',
  SalesDetails: { UnitPrice: 12, AccountCode: '260', TaxType: 'ZERORATED' },
  PurchaseDetails: { UnitPrice: 5, AccountCode: '310', TaxType: 'NONE' },
}
const kept = { settings: { customers: { onDelete: 'keep' }, items: { onDelete: 'keep' } } }

t.test('books: handed over again', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const open = (name: string, more: { readonly settings?: object } = {}) =>
    openTenant(world, name, { ...inNewZealand, settings: { ...inNewZealand.settings, ...more.settings } })

  const pull = async (tenant: Tenant) => {
    later(world)
    await tenant.sync()
    later(world)
  }

  t.test(
    'given a contact and an item of the books that stay when deleted, when they come again, then all stands',
    async (t) => {
      const tenant = await open('again-kept')
      await tenant.settings(kept.settings)
      control.createContact(
        tenant.organisation,
        richContact('Again', { AccountsReceivableTaxType: 'ZERORATED', AccountsPayableTaxType: 'INPUT2' }),
      )
      control.createItem(tenant.organisation, richItem)
      const poor = { id: 'c1', name: 'Again' }
      const poorItem = { id: 'i1', kind: 'non_inventory', code: 'AGAIN', name: 'Again' }
      await tenant.put('customers', poor)
      await tenant.put('items', poorItem)
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      const before = { contact: body(contact(tenant, 'Again')), item: body(itemIn(tenant, 'AGAIN')) }
      await tenant.api('DELETE', 'customers/c1')
      await tenant.api('DELETE', 'items/i1')
      await pull(tenant)
      await tenant.put('customers', poor)
      await tenant.put('items', poorItem)
      t.match(await record(tenant, 'customers', 'c1'), { email: 'again@rich.example' }, 'it takes over what it lacks')
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'items', 'i1')
      t.strictSame(body(contact(tenant, 'Again')), before.contact)
      t.strictSame(body(itemIn(tenant, 'AGAIN')), before.item)
      await pull(tenant)
      t.strictSame(body(contact(tenant, 'Again')), before.contact)
      const { body: feed } = await tenant.api('GET', 'changes')
      const told = feed.items.filter((one: { recordId: string }) => one.recordId === 'c1').at(-1)
      t.match(told, { operation: 'updated', record: { email: 'again@rich.example' } }, 'the change feed tells it')
      await tenant.put('customers', { ...poor, website: 'https://again.example' })
      await tenant.put('items', { ...poorItem, salePrice: '13' })
      await tenant.sync()
      t.match(
        contact(tenant, 'Again'),
        { EmailAddress: 'again@rich.example', ContactPersons: { length: 1 } },
        'and when it changes',
      )
      const { SalesDetails, ...others } = richItem
      t.match(itemIn(tenant, 'AGAIN'), { ...others, SalesDetails: { ...SalesDetails, UnitPrice: 13 } })
    },
  )

  t.test(
    'given a shared contact, when the vendor is deleted and comes again, then the customer loses nothing',
    async (t) => {
      const tenant = await open('again-shared')
      await tenant.put('customers', { ...customer('c1'), name: 'Both', email: 'both@example.com', taxNumber: 'T 4' })
      await tenant.put('vendors', { ...vendor('v1'), name: 'Both' })
      await tenant.sync()
      await tenant.api('DELETE', 'vendors/v1')
      await pull(tenant)
      await tenant.put('vendors', { id: 'v1', name: 'Both', website: 'https://both.example' })
      await pull(tenant)
      t.match(contact(tenant, 'Both'), { EmailAddress: 'both@example.com', TaxNumber: 'T 4' })
      t.match(await record(tenant, 'customers', 'c1'), { email: 'both@example.com', taxNumber: 'T 4' })
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'vendors', 'v1')
    },
  )

  t.test(
    'given an item that a document uses, when it is deleted and comes again, then it is sold at its price',
    async (t) => {
      const tenant = await open('again-used')
      control.createItem(tenant.organisation, richItem)
      control.editOrganisation(tenant.organisation, { usedItemsDeletable: false })
      const used = { id: 'i1', kind: 'non_inventory', code: 'AGAIN', name: 'Again' }
      await tenant.put('items', used)
      await tenant.put('customers', customer('c1'))
      await tenant.sync()
      const sale = { number: 'AG-1', customerId: 'c1', date: '2026-11-20', status: 'shipped' }
      await tenant.put('invoices', {
        id: 'n1',
        ...sale,
        lines: [{ id: '1', itemId: 'i1', quantity: '1', unitPrice: '1' }],
      })
      await tenant.sync()
      await tenant.api('DELETE', 'items/i1')
      await pull(tenant)
      t.notOk(itemIn(tenant, 'AGAIN').IsSold, 'it is out of use')
      await tenant.put('items', used)
      await pull(tenant)
      await synced(t, tenant, 'items', 'i1')
      t.match(await record(tenant, 'items', 'i1'), { isSold: true, isPurchased: true })
      t.ok(itemIn(tenant, 'AGAIN').IsSold)
      t.not(Number(itemIn(tenant, 'AGAIN').SalesDetails?.UnitPrice ?? 12), 0, 'no price that nobody ever held')
    },
  )

  for (const policy of ['pending_wins', 'xero_wins']) {
    t.test(
      `given ${policy} and edits of a person, when the same bodies come again, then the edits stand`,
      async (t) => {
        const tenant = await open(`again-${policy}`)
        await tenant.settings({ customers: { conflict: policy }, items: { conflict: policy } })
        const said = {
          name: 'Stale',
          email: 'old@stale.example',
          phones: [{ kind: 'default', number: '555 0101' }],
          addresses: [{ kind: 'shipping', lines: ['1 Old Street'], city: 'Bath', postalCode: '1000' }],
        }
        const saidItem = { ...item('i1', { kind: 'non_inventory' }), salePrice: '10.00', description: 'as sold' }
        await tenant.put('customers', { id: 'c1', ...said })
        await tenant.put('items', saidItem)
        await tenant.sync()
        later(world)
        const { ContactID } = contact(tenant, 'Stale')
        control.editContact(tenant.organisation, ContactID, {
          Name: 'Stale Pty',
          EmailAddress: 'corrected@stale.example',
          Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '' }],
          Addresses: [{ AddressType: 'STREET', AddressLine1: '1 Old Street', City: 'Bath', PostalCode: '2000' }],
        })
        const { ItemID, SalesDetails } = itemIn(tenant, 'SKU-i1')
        control.editItem(tenant.organisation, ItemID, {
          Description: 'corrected',
          SalesDetails: { ...SalesDetails, UnitPrice: 12 },
        })
        await pull(tenant)
        const before = { contact: body(contact(tenant, ContactID)), item: body(itemIn(tenant, ItemID)) }
        t.equal(before.contact.EmailAddress, 'corrected@stale.example')

        tenant.mark()
        t.same((await tenant.api('PUT', 'customers/c1', said)).body.result, 'unchanged', 'the very same body')
        await tenant.put('items', saidItem)
        await pull(tenant)
        t.strictSame(body(contact(tenant, ContactID)), before.contact)
        t.strictSame(body(itemIn(tenant, ItemID)), before.item)
        t.equal(tenant.calls().filter(({ method }) => method !== 'GET').length, 0, 'nothing is written')

        // One field changes, and a part of another; the rest is said as before.
        await tenant.put('customers', {
          id: 'c1',
          ...said,
          website: 'https://stale.example',
          addresses: [{ kind: 'shipping', lines: ['1 Old Street'], city: 'Wells', postalCode: '1000' }],
        })
        await tenant.put('items', { ...saidItem, purchaseDescription: 'as bought' })
        await pull(tenant)
        await synced(t, tenant, 'customers', 'c1')
        t.match(contact(tenant, ContactID), { Name: 'Stale Pty', EmailAddress: 'corrected@stale.example' })
        t.match(
          contact(tenant, ContactID).Addresses.find((one: { AddressType: string }) => one.AddressType === 'STREET'),
          { City: 'Wells', PostalCode: '2000' },
        )
        t.match(itemIn(tenant, ItemID), {
          Description: 'corrected',
          PurchaseDescription: 'as bought',
          SalesDetails: { UnitPrice: 12 },
        })
        // A value that the product took over and then changes is its change, back to the old one too.
        await tenant.put('customers', { id: 'c1', ...said, email: 'corrected@stale.example' })
        await tenant.put('customers', { id: 'c1', ...said })
        await pull(tenant)
        t.equal(contact(tenant, ContactID).EmailAddress, 'old@stale.example')
      },
    )
  }

  t.test('given product_wins, when the same body comes again, then the product wins', async (t) => {
    const tenant = await open('again-product_wins')
    await tenant.settings({ customers: { conflict: 'product_wins' } })
    const said = { name: 'Wins', email: 'old@wins.example' }
    await tenant.put('customers', { id: 'c1', ...said })
    await tenant.sync()
    later(world)
    control.editContact(tenant.organisation, contact(tenant, 'Wins').ContactID, { EmailAddress: 'x@wins.example' })
    await pull(tenant)
    await tenant.put('customers', { id: 'c1', ...said })
    await pull(tenant)
    t.equal(contact(tenant, 'Wins').EmailAddress, 'old@wins.example')
  })
})
