// Case 12: the three ways out of an archived contact, each one call.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, document, later, record, synced } from './support/books.ts'

t.test('books: contacts archived', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** An invoice that waits for a customer whose contact a person archived. */
  async function stuck(name: string, isRecordKnown: boolean) {
    const tenant = await openTenant(world, name)
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1', { name: 'Ann' }))
    await tenant.sync()
    const old = (await tenant.state('customers', 'c1')).xero.id as string
    const other = control.createContact(tenant.organisation, { Name: 'Other Ltd', EmailAddress: 'o@other.example' })
    later(world)
    control.archiveContact(tenant.organisation, old)
    if (isRecordKnown) await tenant.put('customers', customer('c1', { name: 'Ann', lastName: 'Lee' }))
    await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
    await tenant.sync()
    const { lastError } = await tenant.state('invoices', 'd1')
    t.equal(lastError?.code, 'contact_archived')
    for (const way of [/restore/i, /PUT …\/link/, /DELETE …\/link/]) t.match(lastError.action, way)
    return { tenant, old, other }
  }

  for (const isRecordKnown of [false, true]) {
    const how = isRecordKnown ? ' (the product changed it too)' : ''
    const nameOf = (way: string) => `${way}-${isRecordKnown}`

    t.test(`12 given an archived contact, when the record is unlinked, then a new one is created${how}`, async (t) => {
      const { tenant, old } = await stuck(nameOf('anew'), isRecordKnown)
      const answer = await tenant.api('DELETE', 'customers/c1/link')
      t.match(answer.body, { record: { active: true }, sync: { state: 'pending', xero: null } })
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'invoices', 'd1')
      const { xero } = await tenant.state('customers', 'c1')
      t.not(xero.id, old)
      t.match(contact(tenant, xero.id), { ContactStatus: 'ACTIVE', Name: 'Ann' })
      t.match(contact(tenant, old), { ContactStatus: 'ARCHIVED' })
      t.equal(document(tenant, 'ACCREC')?.Contact.ContactID, xero.id)
      t.equal((await record(tenant, 'customers', 'c1')).active, true)
      tenant.checkXero(t)
    })

    t.test(`12 given an archived contact, when the record is linked elsewhere, then it goes there${how}`, async (t) => {
      const { tenant, old, other } = await stuck(nameOf('elsewhere'), isRecordKnown)
      const answer = await tenant.api('PUT', 'customers/c1/link', { xeroId: other.ContactID })
      t.equal(answer.status, 200, JSON.stringify(answer.body))
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      await synced(t, tenant, 'invoices', 'd1')
      t.equal(document(tenant, 'ACCREC')?.Contact.ContactID, other.ContactID)
      // The product's e-mail is a change that waits: it is the contact's now.
      t.match(contact(tenant, other.ContactID), { ContactStatus: 'ACTIVE', EmailAddress: 'c1@example.com' })
      t.match(contact(tenant, old), { ContactStatus: 'ARCHIVED' })
      tenant.checkXero(t)
    })
  }

  t.test(
    '12 given an archived contact that the product retired too, when unlinked, then it stays retired',
    async (t) => {
      const tenant = await openTenant(world, 'retired')
      await tenant.put('customers', customer('c1', { name: 'Ann', active: true }))
      await tenant.sync()
      await tenant.put('customers', customer('c1', { name: 'Ann', active: false }))
      await tenant.sync()
      await tenant.api('DELETE', 'customers/c1/link')
      t.equal((await record(tenant, 'customers', 'c1')).active, false, 'its own word')
    },
  )
})
