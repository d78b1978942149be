// The contact number that the service gives marks a contact that it created. A contact of the books keeps its own number or none,
// where ours stands on another contact already: one that was merged away or archived keeps it for ever.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, later, synced, writes } from './support/books.ts'

t.test('books: contact numbers', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const role of ['customers', 'vendors'] as const) {
    const own = role === 'customers' ? customer : vendor

    for (const isSeen of [true, false])
      t.test(
        `given ${role}: ours merged into one of the books${isSeen ? '' : ' in the same job'}, then a change arrives and sends no number`,
        async (t) => {
          const tenant = await openTenant(world, `merged-${role}-${isSeen}`)
          const survivor = control.createContact(tenant.organisation, { Name: 'Outsider Two' })
          await tenant.put(role, own('mo2', { name: 'Dup Two' }))
          await tenant.sync()
          later(world)
          control.mergeContacts(tenant.organisation, 'Dup Two', 'Outsider Two')
          if (isSeen) await tenant.sync()
          tenant.mark()
          await tenant.put(role, own('mo2', { name: 'Dup Two', email: 'mo2@x.example' }))
          await tenant.sync()
          await synced(t, tenant, role, 'mo2')
          const after = contact(tenant, survivor.ContactID)
          t.match(after, { EmailAddress: 'mo2@x.example', ContactStatus: 'ACTIVE' })
          t.notOk(after.ContactNumber)
          t.equal(writes(tenant).length, 1, 'one call')
          await tenant.put(role, own('mo2', { name: 'Dup Three', email: 'mo2@x.example' }))
          await tenant.sync()
          await synced(t, tenant, role, 'mo2')
          t.match(contact(tenant, survivor.ContactID), { Name: 'Dup Three' })
          tenant.checkXero(t)
        },
      )

    t.test(`given ${role}: ours archived, when linked to another contact, then the change arrives there`, async (t) => {
      const tenant = await openTenant(world, `archived-${role}`)
      await tenant.put(role, own('ar1', { name: 'Ar One' }))
      await tenant.sync()
      const target = control.createContact(tenant.organisation, { Name: 'Target' })
      later(world)
      control.archiveContact(tenant.organisation, 'Ar One')
      await tenant.put(role, own('ar1', { name: 'Ar One', email: 'ar@x.example' }))
      await tenant.sync()
      t.match(await tenant.state(role, 'ar1'), { lastError: { code: 'contact_archived' } })
      t.equal((await tenant.api('PUT', `${role}/ar1/link`, { xeroId: target.ContactID })).status, 200)
      await tenant.sync()
      await synced(t, tenant, role, 'ar1')
      t.match(contact(tenant, target.ContactID), { Name: 'Ar One', EmailAddress: 'ar@x.example' })
      t.notOk(contact(tenant, target.ContactID).ContactNumber)
      tenant.checkXero(t)
    })

    t.test(`given ${role}: ours takes a name that is taken, when linked there, then the change arrives`, async (t) => {
      const tenant = await openTenant(world, `name-${role}`)
      const target = control.createContact(tenant.organisation, { Name: 'Nm Taken' })
      await tenant.put(role, own('nt1', { name: 'Nm One' }))
      await tenant.sync()
      await tenant.put(role, own('nt1', { name: 'Nm Taken', email: 'nt@x.example' }))
      await tenant.sync()
      const { lastError } = await tenant.state(role, 'nt1')
      t.match(lastError, { code: 'contact_name_taken', candidates: [{ id: target.ContactID }] })
      t.equal((await tenant.api('DELETE', `${role}/nt1/link`)).status, 200)
      t.equal((await tenant.api('PUT', `${role}/nt1/link`, { xeroId: target.ContactID })).status, 200)
      await tenant.sync()
      await synced(t, tenant, role, 'nt1')
      t.match(contact(tenant, target.ContactID), { Name: 'Nm Taken', EmailAddress: 'nt@x.example' })
      t.notOk(contact(tenant, target.ContactID).ContactNumber)
      tenant.checkXero(t)
    })

    t.test(
      `given ${role}: Xero refuses the number of a contact of the books, then the change goes without`,
      async (t) => {
        const tenant = await openTenant(world, `refused-${role}`)
        const known = control.createContact(tenant.organisation, { Name: 'Known' })
        const messages = ['Another contact has this contact number. The contact number must be unique.']
        const target = { method: 'POST', path: '/Contacts', tenantId: tenant.organisationId }
        control.faults({ kind: 'answer', ...target, times: 1, answer: { messages } })
        await tenant.put(role, own('k1', { name: 'Known' }))
        tenant.mark()
        await tenant.sync()
        await synced(t, tenant, role, 'k1')
        t.match(contact(tenant, known.ContactID), { EmailAddress: own('k1').email })
        t.notOk(contact(tenant, known.ContactID).ContactNumber)
        t.equal(writes(tenant).length, 2, 'with the number, and without')
        tenant.mark()
        await tenant.put(role, own('k1', { name: 'Known', firstName: 'Ann' }))
        await tenant.sync()
        await synced(t, tenant, role, 'k1')
        t.equal(writes(tenant).length, 1)
        t.match(contact(tenant, known.ContactID), { FirstName: 'Ann' })
        tenant.checkXero(t)
      },
    )
  }

  t.test(
    'given another company with our number, when the told steps are taken, then ours is created beside it',
    async (t) => {
      const tenant = await openTenant(world, 'foreign-number')
      const other = control.createContact(tenant.organisation, { Name: 'Other Firm', ContactNumber: 'C-n1' })
      await tenant.put('customers', customer('n1', { name: 'New Firm' }))
      await tenant.sync()
      const { state, lastError } = await tenant.state('customers', 'n1')
      t.match([state, lastError?.code, lastError?.action], ['conflict', 'contact_ambiguous', /onNumberOnly .*"create"/])
      await tenant.settings({ customers: { onNumberOnly: 'create' } })
      await tenant.sync()
      await tenant.settings({ customers: { onNumberOnly: 'conflict' } })
      await synced(t, tenant, 'customers', 'n1')
      t.match(contact(tenant, 'Other Firm'), { ContactID: other.ContactID, ContactNumber: 'C-n1' })
      t.equal(contact(tenant, 'New Firm').ContactNumber, 'C-n1~2')
      await tenant.put('customers', customer('n1', { name: 'New Firm', email: 'n1@n.example' }))
      await tenant.sync()
      t.equal(contact(tenant, 'New Firm').EmailAddress, 'n1@n.example')
      t.equal(contact(tenant, 'Other Firm').Name, 'Other Firm')
      tenant.checkXero(t)
    },
  )
})
