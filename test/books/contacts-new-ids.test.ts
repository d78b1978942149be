// A customer or vendor that the product deletes, and hands over under another id: the firm is one contact as long as it can be.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, document, later, record, synced, writes } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

t.test('books: contacts under new ids', async (t) => {
  const world = await openWorld(t)
  const cow = { name: 'Cow', email: 'c@cow.example' }
  const kept = {
    state: 'never_synced',
    lastError: { code: 'kept_in_xero', cause: /Another record is the same contact/ },
  }

  for (const role of ['customers', 'vendors'] as const) {
    const make = role === 'customers' ? customer : vendor
    const [type, documents] = role === 'customers' ? (['ACCREC', 'invoices'] as const) : (['ACCPAY', 'bills'] as const)
    const named = (id: string, more: object = {}) => make(id, { ...cow, ...more })
    const trade = (who: string) => (role === 'customers' ? saleTo('d1', who) : purchaseFrom('d1', who))

    /** One contact of ours, with a document. */
    async function open(name: string): Promise<{ tenant: Tenant; id: string }> {
      const tenant = await openTenant(world, `${name}-${role}`)
      await tenant.put('items', service('s1'))
      await tenant.put(role, named('old', { taxNumber: 'T-1' }))
      await tenant.put(documents, trade('old'))
      await tenant.sync()
      later(world)
      tenant.mark()
      return { tenant, id: (await tenant.state(role, 'old')).xero.id }
    }

    for (const order of ['deleted first', 'deleted last']) {
      t.test(`given ${role}, ${order}: in one job, then the contact goes over`, async (t) => {
        const { tenant, id } = await open(order.replace(' ', '-'))
        const remove = () => tenant.api('DELETE', `${role}/old`)
        if (order === 'deleted first') await remove()
        await tenant.put(role, named('new'))
        await tenant.put(documents, trade('new'))
        if (order === 'deleted last') await remove()
        await tenant.sync()
        await synced(t, tenant, role, 'new')
        await synced(t, tenant, documents, 'd1')
        t.equal((await tenant.state(role, 'new')).xero.id, id)
        t.match(await record(tenant, role, 'new'), { taxNumber: 'T-1' }, 'it learns what it lacks')
        t.match(tenant.xero('Contacts'), [{ ContactID: id, ContactStatus: 'ACTIVE', TaxNumber: 'T-1' }])
        t.equal(document(tenant, type).Contact.ContactID, id)
        t.match(await tenant.state(role, 'old'), kept)
        t.strictSame(await tenant.queue(), [])
        await tenant.sync('full')
        t.equal(writes(tenant, '/Contacts').length, 0, 'nothing is written to it')
        tenant.checkXero(t)
      })
    }

    t.test(`given ${role}: the new id in a job before, then the deletion lets it have the contact`, async (t) => {
      const { tenant, id } = await open('before')
      await tenant.put(role, named('new'))
      await tenant.sync()
      t.match(await tenant.state(role, 'new'), { state: 'failed', lastError: { code: 'contact_name_taken' } })
      await tenant.api('DELETE', `${role}/old`)
      await tenant.sync()
      await synced(t, tenant, role, 'new')
      t.match(tenant.xero('Contacts'), [{ ContactID: id, ContactStatus: 'ACTIVE' }])
      tenant.checkXero(t)
    })

    t.test(`given ${role}: deleted in a job before, then the archived contact blocks no new one`, async (t) => {
      const { tenant, id } = await open('after')
      await tenant.api('DELETE', `${role}/old`)
      await tenant.sync()
      await tenant.put(role, named('new'))
      await tenant.sync()
      await synced(t, tenant, role, 'new')
      t.match(contact(tenant, id), { ContactStatus: 'ARCHIVED' })
      t.not((await tenant.state(role, 'new')).xero.id, id)
      tenant.checkXero(t)
    })

    t.test(`given ${role}: another firm with the same mailbox, then it gets a contact of its own`, async (t) => {
      const { tenant, id } = await open('other')
      await tenant.api('DELETE', `${role}/old`)
      await tenant.put(role, named('new', { name: 'Horse' }))
      await tenant.sync()
      await synced(t, tenant, role, 'new')
      t.match(contact(tenant, id), { ContactStatus: 'ARCHIVED', Name: 'Cow' })
      t.match(contact(tenant, 'Horse'), { ContactStatus: 'ACTIVE' })
      tenant.checkXero(t)
    })
  }

  t.test('given a contact of both roles, and both under new ids, then it stays the one of both', async (t) => {
    const tenant = await openTenant(world, 'both')
    await tenant.put('customers', customer('c1', cow))
    await tenant.put('vendors', vendor('v1', cow))
    await tenant.sync()
    const [there] = tenant.xero('Contacts')
    await tenant.api('DELETE', 'customers/c1')
    await tenant.api('DELETE', 'vendors/v1')
    await tenant.put('customers', customer('c2', cow))
    await tenant.put('vendors', vendor('v2', cow))
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c2')
    await synced(t, tenant, 'vendors', 'v2')
    t.match(tenant.xero('Contacts'), [{ ContactID: there?.ContactID, ContactStatus: 'ACTIVE' }])
    for (const [role, id] of [
      ['customers', 'c1'],
      ['vendors', 'v1'],
    ] as const)
      t.match(await tenant.state(role, id), kept)
    tenant.checkXero(t)
  })

  t.test('given a contact of both roles, and a new id of one, then it stays the one of both', async (t) => {
    const tenant = await openTenant(world, 'one')
    await tenant.put('customers', customer('c1', cow))
    await tenant.put('vendors', vendor('v1', cow))
    await tenant.sync()
    const [there] = tenant.xero('Contacts')
    await tenant.put('customers', customer('c2', cow))
    await tenant.api('DELETE', 'customers/c1')
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c2')
    await synced(t, tenant, 'vendors', 'v1')
    t.match(tenant.xero('Contacts'), [{ ContactID: there?.ContactID, ContactStatus: 'ACTIVE' }])
    t.equal(tenant.xero('Contacts').length, 1)
    tenant.checkXero(t)
  })
})
