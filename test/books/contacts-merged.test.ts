// Cases 01 and 12: contacts that people merge or archive in Xero.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, document, later, synced, writes } from './support/books.ts'
import { purchaseFrom, saleTo, service } from './support/trading.ts'

t.test('books: contacts merged', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** A customer or vendor of ours that stands in Xero. */
  async function linked(tenant: Tenant, role: 'customers' | 'vendors', id: string, name: string) {
    await tenant.put('items', service('s1'))
    await tenant.put(role, role === 'customers' ? customer(id, { name }) : vendor(id, { name }))
    await tenant.sync()
    return (await tenant.state(role, id)).xero.id as string
  }

  for (const role of ['customers', 'vendors'] as const) {
    const put = (tenant: Tenant, id: string) =>
      role === 'customers' ? tenant.put('invoices', saleTo(id)) : tenant.put('bills', purchaseFrom(id))
    const [type, own, documents] = role === 'customers' ? ['ACCREC', 'c1', 'invoices'] : ['ACCPAY', 'v1', 'bills']

    t.test(`01 given ${role}: merged by a person, then documents go to the survivor`, async (t) => {
      const tenant = await openTenant(world, `merged-${role}`)
      await linked(tenant, role, own, 'Loser Ltd')
      const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
      later(world)
      control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
      await tenant.sync()
      await put(tenant, 'd1')
      await tenant.sync()
      await synced(t, tenant, documents, 'd1')
      t.equal(document(tenant, type)?.Contact.ContactID, survivor.ContactID)
      t.match(contact(tenant, survivor.ContactID), { ContactStatus: 'ACTIVE', Name: 'Survivor Ltd' })
      t.equal((await tenant.state(role, own)).xero.id, survivor.ContactID, 'the link went along')
      t.ok(
        (await tenant.changes()).some((change) => change.recordId === own),
        'told in the feed',
      )
      await tenant.sync()
      t.match(contact(tenant, survivor.ContactID), { ContactStatus: 'ACTIVE' })
      tenant.checkXero(t)
    })

    t.test(`01 given ${role}: merged and then linked by hand to the survivor, then it stays active`, async (t) => {
      const tenant = await openTenant(world, `remedy-${role}`)
      await linked(tenant, role, own, 'Loser Ltd')
      const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
      later(world)
      control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
      await tenant.sync()
      const { xero } = await tenant.state(role, own)
      if (xero?.id !== survivor.ContactID) {
        await tenant.api('DELETE', `${role}/${own}/link`)
        const link = await tenant.api('PUT', `${role}/${own}/link`, { xeroId: survivor.ContactID })
        t.equal(link.status, 200, JSON.stringify(link.body))
      }
      await put(tenant, 'd1')
      await tenant.sync()
      await tenant.sync()
      t.match(contact(tenant, survivor.ContactID), { ContactStatus: 'ACTIVE' })
      await synced(t, tenant, documents, 'd1')
      tenant.checkXero(t)
    })

    t.test(
      `01 given ${role}: archived by a person and then linked elsewhere, then that one stays active`,
      async (t) => {
        const tenant = await openTenant(world, `elsewhere-${role}`)
        const old = await linked(tenant, role, own, 'Old Ltd')
        const other = control.createContact(tenant.organisation, { Name: 'Other Ltd', EmailAddress: 'o@other.example' })
        later(world)
        control.archiveContact(tenant.organisation, old)
        await tenant.sync()
        await tenant.api('DELETE', `${role}/${own}/link`)
        const link = await tenant.api('PUT', `${role}/${own}/link`, { xeroId: other.ContactID })
        t.equal(link.status, 200, JSON.stringify(link.body))
        await put(tenant, 'd1')
        await tenant.sync()
        await tenant.sync()
        t.match(contact(tenant, other.ContactID), { ContactStatus: 'ACTIVE' })
        await synced(t, tenant, documents, 'd1')
        t.equal(document(tenant, type)?.Contact.ContactID, other.ContactID)
        tenant.checkXero(t)
      },
    )
  }

  t.test(
    '01 given a contact that was merged, when a record is linked to it by hand, then the other one is named',
    async (t) => {
      const tenant = await openTenant(world, 'linked-to-lost')
      const lost = control.createContact(tenant.organisation, { Name: 'Loser Ltd' })
      const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
      await tenant.sync()
      later(world)
      control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
      await tenant.sync('full')
      await tenant.put('customers', customer('c1', { name: 'Somebody' }))
      const refused = await tenant.api('PUT', 'customers/c1/link', { xeroId: lost.ContactID })
      t.equal(refused.status, 422)
      t.match(refused.body.errors, [{ pointer: '/xeroId', action: new RegExp(String(survivor.ContactID)) }])
      t.equal((await tenant.api('PUT', 'customers/c1/link', { xeroId: survivor.ContactID })).status, 200)
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c1')
      t.equal((await tenant.state('customers', 'c1')).xero.id, survivor.ContactID)
      tenant.checkXero(t)
    },
  )

  t.test('01 given a deletion of what a person merged meanwhile, then the other contact stays active', async (t) => {
    const tenant = await openTenant(world, 'deleted-loser')
    await linked(tenant, 'customers', 'c1', 'Loser Ltd')
    const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd', EmailAddress: 's@s.example' })
    later(world)
    control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
    await tenant.api('DELETE', 'customers/c1')
    await tenant.sync()
    await tenant.sync()
    const state = await tenant.state('customers', 'c1')
    t.match(
      contact(tenant, survivor.ContactID),
      { ContactStatus: 'ACTIVE', EmailAddress: 's@s.example' },
      JSON.stringify(state),
    )
    t.strictSame(await tenant.queue(), [])
    tenant.checkXero(t)
  })

  t.test('01 given several customers merged into one, and a chain, then all follow to its end', async (t) => {
    const tenant = await openTenant(world, 'chain')
    await tenant.put('items', service('s1'))
    await tenant.put('customers', ...['a', 'b', 'c'].map((id) => customer(id, { name: `Loser ${id}` })))
    await tenant.sync()
    control.createContact(tenant.organisation, { Name: 'Middle' })
    const last = control.createContact(tenant.organisation, { Name: 'Last' })
    later(world)
    control.mergeContacts(tenant.organisation, 'Loser a', 'Middle')
    control.mergeContacts(tenant.organisation, 'Loser b', 'Middle')
    control.mergeContacts(tenant.organisation, 'Middle', 'Last')
    control.mergeContacts(tenant.organisation, 'Loser c', 'Last')
    await tenant.sync()
    await tenant.put('invoices', ...['a', 'b', 'c'].map((id) => saleTo(id, id)))
    await tenant.sync()
    for (const id of ['a', 'b', 'c'])
      t.equal(document(tenant, `INV-${id}`)?.Contact.ContactID, last.ContactID, `the invoice of ${id}`)
    t.match(contact(tenant, last.ContactID), { ContactStatus: 'ACTIVE', Name: 'Last' })
    tenant.checkXero(t)
  })

  t.test('01 given a survivor that is archived itself, then the document says so before a call is made', async (t) => {
    const tenant = await openTenant(world, 'archived-survivor')
    await linked(tenant, 'customers', 'c1', 'Loser Ltd')
    control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
    later(world)
    control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
    control.archiveContact(tenant.organisation, 'Survivor Ltd')
    await tenant.sync()
    tenant.mark()
    await tenant.put('invoices', saleTo('d1'))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'd1'), { lastError: { code: 'contact_archived' } })
    t.strictSame(writes(tenant), [])
    t.ok(tenant.xero('Contacts').every((one) => one.ContactStatus === 'ARCHIVED'))
  })

  t.test('12 given a contact archived by a person, then invoices say so at once and no call is spent', async (t) => {
    const tenant = await openTenant(world, 'archived')
    const id = await linked(tenant, 'customers', 'c1', 'Ann')
    later(world)
    control.archiveContact(tenant.organisation, id)
    await tenant.put('invoices', saleTo('d1'))
    await tenant.sync()
    const { lastError } = await tenant.state('invoices', 'd1')
    t.match(lastError, { code: 'contact_archived', candidates: [{ id, url: /Contact/ }] })
    t.notMatch(lastError.candidates[0].url, /InvoiceID/)
    tenant.mark()
    await tenant.put('invoices', saleTo('d2'))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'd2'), { lastError: { code: 'contact_archived' } })
    t.strictSame(writes(tenant), [], 'no write call for what is known')
    later(world)
    control.restoreContact(tenant.organisation, id)
    await tenant.sync()
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1', 'd2')
    tenant.checkXero(t)
  })
})
