// Documents of customers and vendors that are inactive and not in Xero, in every order in which they may come: the document first,
// the contact made, archived or removed meanwhile. Each ends in Xero, or says why it does not.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, record, synced } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

t.test('books: orders of inactive contacts and their documents', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const kinds = [
    { role: 'customers', documents: 'invoices', make: saleTo },
    { role: 'vendors', documents: 'bills', make: purchaseFrom },
  ] as const

  for (const { role, documents, make } of kinds) {
    const dead = { id: 'd', name: 'Dead Ltd', active: false }
    const open = async (name: string): Promise<Tenant> => {
      const tenant = await openTenant(world, `${name}-${role}`, inNewZealand)
      await tenant.put('items', service('s1'))
      return tenant
    }
    const contactOf = (tenant: Tenant) => tenant.xero('Invoices').map(({ Contact }) => Contact.ContactID)

    t.test(`given ${documents} before their inactive ${role}, then both go when these are known`, async (t) => {
      const tenant = await open('first')
      await tenant.put(documents, make('x', 'd'))
      await tenant.sync()
      t.match(await tenant.state(documents, 'x'), { state: 'failed', lastError: { code: 'record_missing' } })
      await tenant.put(role, dead)
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, documents, 'x')
      await synced(t, tenant, role, 'd')
      t.match(await record(tenant, role, 'd'), { active: false })
      tenant.checkXero(t)
    })

    t.test(`given ${role} that go inactive with their last ${documents}, then these go first`, async (t) => {
      const tenant = await open('last')
      const closing = { id: 'd', name: 'Closing Ltd' }
      await tenant.put(role, closing)
      await tenant.sync()
      await tenant.put(role, { ...closing, name: 'Closed Ltd', active: false })
      await tenant.put(documents, make('x', 'd'))
      later(world)
      await tenant.sync()
      await synced(t, tenant, documents, 'x')
      await synced(t, tenant, role, 'd')
      t.match(
        contact(tenant, 'Closed Ltd'),
        { ContactStatus: 'ARCHIVED' },
        'and the contact is archived in the same job',
      )
      tenant.checkXero(t)
    })

    t.test(`given inactive ${role} that become active with their ${documents}, then both go`, async (t) => {
      const tenant = await open('active')
      await tenant.put(role, dead)
      await tenant.sync()
      await tenant.put(documents, make('x', 'd'))
      await tenant.put(role, { ...dead, active: true })
      await tenant.sync()
      await synced(t, tenant, documents, 'x')
      await synced(t, tenant, role, 'd')
      t.equal(tenant.xero('Contacts').length, 1)
      tenant.checkXero(t)
    })

    t.test(`given inactive ${role} that were deleted, then their ${documents} say what is missing`, async (t) => {
      const tenant = await open('deleted')
      await tenant.put(role, dead)
      await tenant.sync()
      await tenant.api('DELETE', `${role}/d`)
      await tenant.put(documents, make('x', 'd'))
      await tenant.sync()
      t.match(await tenant.state(documents, 'x'), { state: 'failed', lastError: { code: 'record_missing' } })
      t.strictSame(tenant.xero('Contacts'), [])
      await tenant.put(role, dead)
      await tenant.sync()
      await tenant.sync()
      await synced(t, tenant, documents, 'x')
      tenant.checkXero(t)
    })

    for (const isArchived of [false, true])
      t.test(
        `given inactive ${role} whose contact is made in Xero${isArchived ? ' and archived' : ''} before ${documents}, then one is used`,
        async (t) => {
          const tenant = await open(isArchived ? 'archived' : 'matched')
          await tenant.put(role, dead)
          await tenant.sync()
          later(world)
          const { ContactID } = control.createContact(tenant.organisation, { Name: 'Dead Ltd' })
          if (isArchived) control.archiveContact(tenant.organisation, 'Dead Ltd')
          await tenant.put(documents, make('x', 'd'))
          await tenant.sync()
          await synced(t, tenant, documents, 'x')
          await synced(t, tenant, role, 'd')
          t.equal(tenant.xero('Contacts').length, isArchived ? 2 : 1)
          t.equal(contactOf(tenant).includes(ContactID), !isArchived, 'an archived one is left alone')
          t.equal(contact(tenant, ContactID).ContactStatus, isArchived ? 'ARCHIVED' : 'ACTIVE')
          tenant.checkXero(t)
        },
      )

    t.test(
      `given ${role} that went with their contact, then later ${documents} say so, and go when it is back`,
      async (t) => {
        const tenant = await open('gone')
        await tenant.put(role, { ...dead, active: true })
        await tenant.sync()
        await tenant.put(role, dead)
        await tenant.sync()
        t.equal(contact(tenant, 'Dead Ltd').ContactStatus, 'ARCHIVED')
        await tenant.put(documents, make('x', 'd'))
        await tenant.sync()
        t.match((await tenant.state(documents, 'x')).lastError, { code: 'contact_archived', blockedBy: { id: 'd' } })
        later(world)
        control.restoreContact(tenant.organisation, 'Dead Ltd')
        await tenant.sync()
        await tenant.sync()
        await synced(t, tenant, documents, 'x')
        t.equal(contact(tenant, 'Dead Ltd').ContactStatus, 'ACTIVE', 'whoever restored it, restored it')
        tenant.checkXero(t)
      },
    )

    t.test(`given archived contacts of ${role} that are unlinked, then ${documents} bring new ones`, async (t) => {
      const tenant = await open('anew')
      await tenant.put(role, { ...dead, active: true })
      await tenant.sync()
      await tenant.put(role, dead)
      await tenant.sync()
      await tenant.api('DELETE', `${role}/d/link`)
      await tenant.sync()
      t.equal(tenant.xero('Contacts').length, 1)
      await tenant.put(documents, make('x', 'd'))
      await tenant.sync()
      await synced(t, tenant, documents, 'x')
      await synced(t, tenant, role, 'd')
      t.strictSame(
        tenant.xero('Contacts').map(({ ContactStatus }) => ContactStatus),
        ['ARCHIVED', 'ACTIVE'],
      )
      tenant.checkXero(t)
    })
  }
})
