// A change that support took out of the queue: the record keeps saying it, but it waits for nothing any more. What somebody
// enters in Xero afterwards is the newer word, and stands.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, itemIn, later, record, synced } from './support/books.ts'

t.test('books: changes that were withdrawn', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function withdraw(tenant: Tenant, recordId: string): Promise<void> {
    const { body } = await tenant.api('GET', `sync-queue-items?recordId=${recordId}`)
    const open = body.items.find(({ status }: { status: string }) => status !== 'synced')
    await tenant.api('DELETE', `sync-queue-items/${open.id}?force=true`)
  }

  t.test(
    'given a withdrawn change, when a person edits the field, then the edit stands and the record learns it',
    async (t) => {
      const tenant = await openTenant(world, 'withdrawn')
      const one = customer('c1', { name: 'One', email: 'first@w.example' })
      const thing = item('i1', { kind: 'service', code: 'W', salePrice: '5' })
      await tenant.put('customers', one)
      await tenant.put('items', thing)
      await tenant.sync()
      await tenant.put('customers', { ...one, email: 'second@w.example' })
      await tenant.put('items', { ...thing, salePrice: '6' })
      for (const id of ['c1', 'i1']) await withdraw(tenant, id)
      t.match(await tenant.state('customers', 'c1'), { state: 'outdated', lastError: { code: 'change_withdrawn' } })
      later(world)
      control.editContact(tenant.organisation, 'One', { EmailAddress: 'person@w.example' })
      control.editItem(tenant.organisation, 'W', { SalesDetails: { UnitPrice: 70, AccountCode: '200' } })
      later(world)
      await tenant.sync()
      t.match(await record(tenant, 'customers', 'c1'), { email: 'person@w.example' })
      t.match(await record(tenant, 'items', 'i1'), { salePrice: '70' })
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'items', 'i1')
      t.same((await tenant.changes()).map(({ recordId }) => recordId).sort(), ['c1', 'i1'], 'the product is told')
      await tenant.put('customers', { ...one, email: 'second@w.example', firstName: 'Fay' })
      await tenant.put('items', { ...thing, salePrice: '6', description: 'New' })
      await tenant.sync()
      t.match(contact(tenant, 'One'), { EmailAddress: 'person@w.example', FirstName: 'Fay' })
      t.match(itemIn(tenant, 'W'), { Description: 'New', SalesDetails: { UnitPrice: 70 } })
      tenant.checkXero(t)
    },
  )

  t.test('given a withdrawn change and nobody else’s, when it is handed over anew, then it arrives', async (t) => {
    const tenant = await openTenant(world, 'withdrawn-anew')
    const one = customer('c1', { name: 'One', email: 'first@w.example' })
    await tenant.put('customers', one)
    await tenant.sync()
    await tenant.put('customers', { ...one, email: 'second@w.example' })
    await withdraw(tenant, 'c1')
    later(world)
    control.editContact(tenant.organisation, 'One', { LastName: 'Person' })
    await tenant.sync()
    t.equal(contact(tenant, 'One').EmailAddress, 'first@w.example')
    await tenant.put('customers', { ...one, email: 'third@w.example' })
    await tenant.sync()
    t.match(contact(tenant, 'One'), { EmailAddress: 'third@w.example', LastName: 'Person' })
    tenant.checkXero(t)
  })

  t.test(
    'given a dispute that was withdrawn, when a person decides in Xero, then neither role undoes it',
    async (t) => {
      const tenant = await openTenant(world, 'withdrawn-dispute')
      const own = customer('c', { name: 'Both', email: 'c@w.example' })
      const other = vendor('v', { name: 'Both', email: 'v@w.example' })
      await tenant.put('customers', own)
      await tenant.put('vendors', other)
      await tenant.sync()
      t.match(await tenant.state('vendors', 'v'), { state: 'conflict', lastError: { code: 'contact_disputed' } })
      await withdraw(tenant, 'v')
      later(world)
      control.editContact(tenant.organisation, 'Both', { EmailAddress: 'person@w.example' })
      later(world)
      await tenant.sync()
      await tenant.put('customers', { ...own, firstName: 'Fay' })
      await tenant.put('vendors', { ...other, lastName: 'Gray' })
      await tenant.sync()
      await tenant.sync()
      t.match(contact(tenant, 'Both'), { EmailAddress: 'person@w.example', FirstName: 'Fay', LastName: 'Gray' })
      await synced(t, tenant, 'customers', 'c')
      await synced(t, tenant, 'vendors', 'v')
      tenant.checkXero(t)
    },
  )
})
