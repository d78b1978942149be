// A company that imports nothing and lets the product win: it wins where it says something. What a record never said, nor holds, is
// left as it stands in Xero at the time of the write.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, itemIn, later, type Row, record, synced } from './support/books.ts'

const address = { AddressType: 'POBOX', AddressLine1: '1 Old Road', City: 'Bath', Region: 'Avon' }
const book = { Name: 'Ant Co', EmailAddress: 'book@x.example', TaxNumber: 'BOOK', Addresses: [address] }
const pia = (EmailAddress: string) => ({ FirstName: 'Pia', LastName: 'Person', EmailAddress, IncludeInEmails: true })

t.test('books: the product wins and learns nothing', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const wins = { import: 'off', conflict: 'product_wins' }

  async function met(name: string, said: object = {}): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    control.createContact(tenant.organisation, { ...book, ContactPersons: [pia('pia@x.example')] })
    const SalesDetails = { UnitPrice: 5, AccountCode: '260' }
    control.createItem(tenant.organisation, { Code: 'IT', Name: 'it', Description: 'book', SalesDetails })
    await tenant.settings({ customers: wins, items: wins })
    await tenant.put('customers', { id: 'c1', name: 'Ant Co', ...said })
    await tenant.put('vendors', { id: 'v1', name: 'Ant Co' })
    await tenant.put('items', { id: 'i1', kind: 'service', code: 'IT', name: 'it' })
    await tenant.sync()
    later(world)
    return tenant
  }

  const acts: Record<string, (tenant: Tenant, said: object) => Promise<unknown>> = {
    'the product changes another field': async (tenant, said) => {
      await tenant.put('customers', { id: 'c1', name: 'Ant Co', ...said, lastName: 'New' })
      await tenant.put('items', { id: 'i1', kind: 'service', code: 'IT', name: 'it', purchasePrice: '9' })
    },
    'the records are queued again': async (tenant) => {
      await tenant.api('POST', 'sync-queue-items', { recordType: 'customer', recordIds: ['c1'] })
      await tenant.api('POST', 'sync-queue-items', { recordType: 'item', recordIds: ['i1'] })
    },
    'the records are linked once more': async (tenant) => {
      await tenant.api('PUT', 'customers/c1/link', { xeroId: contact(tenant, 'Ant Co').ContactID })
      await tenant.api('PUT', 'items/i1/link', { xeroId: itemIn(tenant, 'IT').ItemID })
    },
  }

  for (const [act, doIt] of Object.entries(acts))
    t.test(`given edits of what no record says, when ${act}, then the edits stand`, async (t) => {
      const tenant = await met(act.replaceAll(' ', '-'))
      control.editContact(tenant.organisation, 'Ant Co', { EmailAddress: 'person@x.example', TaxNumber: '' })
      const SalesDetails = { UnitPrice: 7, AccountCode: '200' }
      control.editItem(tenant.organisation, 'IT', { Description: 'person', SalesDetails })
      for (let job = 0; job < 2; job += 1) {
        await doIt(tenant, {})
        await tenant.sync()
        later(world)
      }
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'items', 'i1')
      t.equal(contact(tenant, 'Ant Co').EmailAddress, 'person@x.example')
      t.notOk(contact(tenant, 'Ant Co').TaxNumber, 'what a person emptied stays empty')
      t.match(itemIn(tenant, 'IT'), { Description: 'person', SalesDetails })
      t.equal((await record(tenant, 'vendors', 'v1')).email, 'person@x.example', 'the other role learns the edit')
      t.notOk((await record(tenant, 'customers', 'c1')).email, 'and this one nothing')
      tenant.checkXero(t)
    })

  t.test('given an address that a record takes away, when the rest is edited, then the edit stands', async (t) => {
    const tenant = await met('taken-away', { addresses: [{ kind: 'billing', lines: [], city: 'York' }] })
    control.editContact(tenant.organisation, 'Ant Co', { Addresses: [{ ...address, City: 'York', Region: 'Kent' }] })
    await tenant.put('customers', { id: 'c1', name: 'Ant Co' })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    const billing = contact(tenant, 'Ant Co').Addresses.find((one: Row) => one.AddressType === 'POBOX')
    t.match(billing, { AddressLine1: '1 Old Road', Region: 'Kent' })
    t.notOk(billing.City, 'what the product said is gone')
    tenant.checkXero(t)
  })

  t.test(
    'given entries that a record says in part, when the rest is edited, then only its part is the product’s',
    async (t) => {
      const said = {
        addresses: [{ kind: 'billing', lines: [], city: 'York' }],
        contactPersons: [{ firstName: 'Pia', lastName: 'Person' }],
      }
      const tenant = await met('parts', said)
      control.editContact(tenant.organisation, 'Ant Co', {
        Addresses: [{ ...address, AddressLine1: '2 New Road', City: 'Hull', Region: 'Kent' }],
        ContactPersons: [pia('new@x.example')],
      })
      await acts['the product changes another field']?.(tenant, said)
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      const billing = contact(tenant, 'Ant Co').Addresses.find((one: Row) => one.AddressType === 'POBOX')
      t.match(billing, { AddressLine1: '2 New Road', City: 'York', Region: 'Kent' })
      t.match(contact(tenant, 'Ant Co').ContactPersons, [pia('new@x.example')])
      later(world)
      control.editContact(tenant.organisation, 'Ant Co', {
        Addresses: [{ AddressType: 'POBOX', AddressLine1: '', City: '', Region: '' }],
      })
      await tenant.put('customers', { id: 'c1', name: 'Ant Co', ...said, lastName: 'Newer' })
      await tenant.sync()
      const emptied = contact(tenant, 'Ant Co').Addresses.find((one: Row) => one.AddressType === 'POBOX')
      t.equal(emptied.City, 'York')
      t.notOk(emptied.AddressLine1 || emptied.Region, 'what a person emptied, and nobody says, stays empty')
      tenant.checkXero(t)
    },
  )
})
