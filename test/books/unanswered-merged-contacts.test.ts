// A person merges contacts, one of which was created by a call without an answer, or was edited where settings keep edits from
// the record. Each record is the contact that is left, and nothing that nobody said is written there.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, later, record, synced, writes } from './support/books.ts'
import { documentKinds, line, openTrader } from './support/trading.ts'

const sides = [
  { role: 'customers', id: 'c1', path: 'invoices' },
  { role: 'vendors', id: 'v1', path: 'bills' },
] as const

t.test('books: merged contacts of calls without an answer, and of edits that are kept out', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const workNow = async (): Promise<void> => {
    while (await world.house.turn());
  }

  for (const { role, id, path } of sides) {
    /** A record that Xero holds is merged into another one that was created without an answer. */
    async function openWithLost(name: string, isSeen: boolean): Promise<Tenant> {
      const tenant = await openTrader(world, `${name}-${path}`)
      const tenantId = tenant.organisationId
      await tenant.sync()
      later(world)
      await tenant.put(role, { id: 'lost', name: 'One', email: 'one@example.com' })
      if (isSeen) {
        // A document that waits for a limit: the lists are read again before it goes out, so that the merge is seen before the look-up.
        await tenant.put(path, documentKinds[path].make('d1', [line('1')]))
        control.faults({
          ...{ kind: 'http_429', problem: 'minute', retryAfter: 600 },
          ...{ method: 'PUT', path: '/Invoices', tenantId, times: 1 },
        })
      }
      control.faults({ kind: 'lost_response', method: 'PUT', path: '/Contacts', tenantId, times: 3 })
      await tenant.startJob()
      await workNow()
      t.equal((await tenant.state(role, 'lost')).state, 'uncertain')
      control.mergeContacts(tenant.organisation, (await record(tenant, role, id)).name, 'One')
      return tenant
    }

    for (const isSeen of [false, true])
      t.test(
        `given ${role} of which one is merged into the other, whose creation had no answer${isSeen ? ', and a job that sees the merge first' : ''}, then both are it`,
        async (t) => {
          const tenant = await openWithLost(`into-${isSeen}`, isSeen)
          const before = tenant.xero('Contacts').length
          await world.work()
          later(world)
          await tenant.sync()
          await synced(t, tenant, role, 'lost', id)
          if (isSeen) await synced(t, tenant, path, 'd1')
          const { ContactID } = contact(tenant, 'One')
          t.equal((await tenant.state(role, 'lost')).xero.id, ContactID, 'who created a contact is it')
          t.equal((await tenant.state(role, id)).xero.id, ContactID, 'and the other one follows')
          t.equal(tenant.xero('Contacts').length, before, 'nothing is created once more')
          await tenant.put(role, { id: 'lost', name: 'One', email: 'a@example.com' })
          await tenant.sync()
          await synced(t, tenant, role, 'lost', id)
          t.equal(contact(tenant, 'One').EmailAddress, 'a@example.com')
          later(world)
          tenant.mark()
          await tenant.sync('full')
          t.strictSame(writes(tenant, '/Contacts'), [], 'and then it is quiet')
          tenant.checkXero(t)
        },
      )

    t.test(
      `given ${role} that learn nothing, renamed in Xero and then merged, then the other name stays`,
      async (t) => {
        const tenant = await openTenant(world, `renamed-${role}`)
        await tenant.settings({ [role]: { import: 'off' } })
        await tenant.put(role, { id: 'a', name: 'One', email: 'one@example.com' })
        await tenant.sync()
        control.createContact(tenant.organisation, { Name: 'Books Ltd', EmailAddress: 'books@example.com' })
        later(world)
        control.editContact(tenant.organisation, contact(tenant, 'One').ContactID, { Name: 'By Hand' })
        await tenant.put(role, { id: 'a', name: 'One', email: 'first@example.com' })
        await tenant.sync()
        t.equal(contact(tenant, 'By Hand').EmailAddress, 'first@example.com')
        later(world)
        control.mergeContacts(tenant.organisation, 'By Hand', 'Books Ltd')
        await tenant.put(role, { id: 'a', name: 'One', email: 'second@example.com' })
        await tenant.sync()
        await synced(t, tenant, role, 'a')
        t.match(contact(tenant, 'Books Ltd'), { EmailAddress: 'second@example.com' })
        t.match(await record(tenant, role, 'a'), { name: 'One', email: 'second@example.com' })
        tenant.checkXero(t)
      },
    )

    for (const learns of ['updates', 'off'])
      t.test(
        `given ${role} with import ${learns}, whose change arrived without an answer before their contact was merged, then it went with that one`,
        async (t) => {
          const tenant = await openTenant(world, `arrived-${role}-${learns}`)
          await tenant.settings({ [role]: { import: learns } })
          const at = (address: object) => ({ Addresses: [{ AddressType: 'POBOX', ...address }] })
          control.createContact(tenant.organisation, { Name: 'One', ...at({ City: 'Perth' }) })
          control.createContact(tenant.organisation, {
            Name: 'Books Ltd',
            ...at({ AddressLine1: '1 Hill', Country: 'Fiji' }),
          })
          await tenant.put(role, { id: 'a', name: 'One', addresses: [{ kind: 'billing', lines: ['9 Street'] }] })
          const lost = { method: 'POST', path: '/Contacts', tenantId: tenant.organisationId, times: 3 }
          control.faults({ kind: 'lost_response', ...lost })
          await tenant.startJob()
          await workNow()
          t.equal((await tenant.state(role, 'a')).state, 'uncertain')
          const arrived = contact(tenant, 'One').Addresses.find(
            (one: { AddressType: string }) => one.AddressType === 'POBOX',
          )
          t.match(arrived, { AddressLine1: '9 Street', City: 'Perth' })
          later(world)
          control.mergeContacts(tenant.organisation, 'One', 'Books Ltd')
          await tenant.put(role, {
            ...{ id: 'a', name: 'One', email: 'new@example.com' },
            addresses: [{ kind: 'billing', lines: ['9 Street'] }],
          })
          await world.work()
          await tenant.sync()
          await synced(t, tenant, role, 'a')
          const left = contact(tenant, 'Books Ltd')
          t.equal(left.EmailAddress, 'new@example.com', 'what had not arrived goes to the contact that is left')
          const billing = left.Addresses.find((one: { AddressType: string }) => one.AddressType === 'POBOX')
          t.match(billing, { AddressLine1: '1 Hill', Country: 'Fiji' })
          tenant.checkXero(t)
        },
      )

    t.test(`given ${role} that learn nothing, when their contact is merged, then persons of both stay`, async (t) => {
      const tenant = await openTenant(world, `persons-${role}`)
      await tenant.settings({ [role]: { import: 'off' } })
      const ContactPersons = [{ FirstName: 'Max', LastName: 'Muster', EmailAddress: '', IncludeInEmails: false }]
      control.createContact(tenant.organisation, { Name: 'One', ContactPersons })
      control.createContact(tenant.organisation, { Name: 'Books Ltd', ContactPersons })
      await tenant.put(role, { id: 'a', name: 'One', email: 'one@example.com' })
      await tenant.sync()
      later(world)
      control.mergeContacts(tenant.organisation, 'One', 'Books Ltd')
      await tenant.put(role, { id: 'a', name: 'One', email: 'second@example.com' })
      await tenant.sync()
      await synced(t, tenant, role, 'a')
      t.match(contact(tenant, 'Books Ltd'), {
        EmailAddress: 'second@example.com',
        ContactPersons: [{ FirstName: 'Max', LastName: 'Muster' }],
      })
      tenant.checkXero(t)
    })
  }
})
