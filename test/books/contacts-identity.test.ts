// Cases 04 and 21: who is who. A mailbox makes no two contacts one; a customer and a vendor may be one.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { body, contact, synced } from './support/books.ts'
import { saleTo, service } from './support/trading.ts'

t.test('books: contacts identity', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  t.test('04 given a mailbox that several share, then nobody takes over the contact of another', async (t) => {
    const tenant = await openTenant(world, 'mailbox')
    const beta = control.createContact(tenant.organisation, { Name: 'Beta Ltd', EmailAddress: 'books@agency.example' })
    await tenant.put('customers', customer('a', { name: 'Alpha Ltd', email: 'books@agency.example' }))
    await tenant.put('customers', customer('g', { name: 'Gamma Retail', email: 'office@group.example' }))
    await tenant.put('vendors', vendor('d', { name: 'Delta Supplies', email: 'office@group.example' }))
    await tenant.sync()
    await tenant.sync()
    t.equal(contact(tenant, beta.ContactID).Name, 'Beta Ltd')
    const [gamma, delta] = [await tenant.state('customers', 'g'), await tenant.state('vendors', 'd')]
    t.ok(gamma.state === 'conflict' || delta.state === 'conflict' || gamma.xero.id !== delta.xero.id)
    for (const [state, name] of [
      [gamma, 'Gamma Retail'],
      [delta, 'Delta Supplies'],
    ])
      if (state.state === 'synced') t.equal(contact(tenant, state.xero.id).Name, name)
    const alpha = await tenant.state('customers', 'a')
    t.match(alpha, { state: 'conflict', lastError: { candidates: [{ id: beta.ContactID, name: 'Beta Ltd' }] } })
    tenant.checkXero(t)
  })

  t.test('04 given tax numbers that are parted otherwise, then each contact is met', async (t) => {
    const tenant = await openTenant(world, 'parted')
    const held = [
      { Name: 'Parted', TaxNumber: 'GB 123 456' },
      { Name: 'Other Parted', TaxNumber: 'NZ99888777' },
    ].map((one) => control.createContact(tenant.organisation, one))
    await tenant.put('customers', customer('p1', { name: 'Parted Ltd', taxNumber: 'GB123456' }))
    await tenant.put('vendors', vendor('p2', { name: 'Other Parted Ltd', taxNumber: 'NZ 99-888.777' }))
    await tenant.sync()
    t.equal((await tenant.state('customers', 'p1')).xero?.id, held[0]?.ContactID)
    t.equal((await tenant.state('vendors', 'p2')).xero?.id, held[1]?.ContactID)
    t.equal(tenant.xero('Contacts').length, 2)
  })

  t.test('04 given placeholder and coincidental numbers, then different companies stay apart', async (t) => {
    const tenant = await openTenant(world, 'placeholders')
    const names = ['North', 'South', 'West', 'East']
    const numbers = ['N/A', '0', 'none', '-']
    const held = names.map((name, index) =>
      control.createContact(tenant.organisation, { Name: `${name} Ltd`, TaxNumber: numbers[index] }),
    )
    const account = control.createContact(tenant.organisation, { Name: 'First Ltd', AccountNumber: '1001' })
    await tenant.put(
      'customers',
      ...names.map((name, index) => customer(name, { name: `New ${name}`, taxNumber: numbers[index] })),
    )
    await tenant.put('vendors', vendor('acc', { name: 'Second Ltd', accountNumber: '1001' }))
    await tenant.sync()
    for (const was of held) t.strictSame(body(contact(tenant, was.ContactID)), body(was), String(was.Name))
    t.equal(contact(tenant, account.ContactID).Name, 'First Ltd')
    for (const name of names) {
      const state = await tenant.state('customers', name)
      t.ok(state.state === 'conflict' || contact(tenant, state.xero.id).Name === `New ${name}`, JSON.stringify(state))
    }
    tenant.checkXero(t)
  })

  t.test('04 given an archived namesake or mailbox, then a new customer is created all the same', async (t) => {
    const tenant = await openTenant(world, 'archived-namesake')
    control.createContact(tenant.organisation, { Name: 'Ghost Ltd', EmailAddress: 'g@ghost.example' })
    control.createContact(tenant.organisation, {
      Name: 'Phantom',
      EmailAddress: 'p@ghost.example',
      AccountNumber: 'P1',
    })
    control.archiveContact(tenant.organisation, 'Ghost Ltd')
    control.archiveContact(tenant.organisation, 'Phantom')
    await tenant.put('items', service('s1'))
    await tenant.put('customers', customer('c1', { name: 'Ghost Ltd', email: 'g@ghost.example' }))
    await tenant.put('customers', customer('c2', { name: 'Spirit', email: 'p@ghost.example' }))
    await tenant.put('invoices', saleTo('d1'), saleTo('d2', 'c2'))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1', 'd2')
    t.equal(tenant.xero('Contacts').filter((one) => one.ContactStatus === 'ACTIVE').length, 2)
    tenant.checkXero(t)
  })

  t.test('04 given the same name and mailbox, then the contact is found, and not by the wrong one first', async (t) => {
    const tenant = await openTenant(world, 'same')
    const [ann, bob] = ['Ann Ltd', 'Bob Ltd'].map((Name) =>
      control.createContact(tenant.organisation, { Name, EmailAddress: 'both@shared.example' }),
    )
    await tenant.put(
      'customers',
      customer('b', { name: 'Bob Ltd', email: 'both@shared.example' }),
      customer('a', { name: 'ANN LTD', email: 'both@shared.example' }),
    )
    await tenant.sync()
    t.equal((await tenant.state('customers', 'a')).xero?.id, ann?.ContactID)
    t.equal((await tenant.state('customers', 'b')).xero?.id, bob?.ContactID)
    t.equal(tenant.xero('Contacts').length, 2)
    tenant.checkXero(t)
  })

  t.test('21 given a customer and a vendor that are one contact, then its number does not flip', async (t) => {
    const tenant = await openTenant(world, 'number')
    const both = control.createContact(tenant.organisation, { Name: 'Both Ltd' })
    await tenant.put('customers', { id: 'c1', name: 'Both Ltd' })
    await tenant.put('vendors', { id: 'v1', name: 'Both Ltd' })
    const first = await tenant.sync()
    t.equal(first.status, 'completed', JSON.stringify(await tenant.errors(first.id)))
    await synced(t, tenant, 'customers', 'c1')
    await synced(t, tenant, 'vendors', 'v1')
    t.equal(tenant.xero('Contacts').length, 1)
    const number = contact(tenant, both.ContactID).ContactNumber
    t.ok(number)
    await tenant.put('customers', { id: 'c1', name: 'Both Ltd', firstName: 'C' })
    await tenant.sync()
    t.equal(contact(tenant, both.ContactID).ContactNumber, number)
    await tenant.put('vendors', { id: 'v1', name: 'Both Ltd', lastName: 'V' })
    await tenant.sync()
    t.match(contact(tenant, both.ContactID), { ContactNumber: number, FirstName: 'C', LastName: 'V' })
    await tenant.api('DELETE', 'customers/c1')
    await tenant.sync()
    t.match(contact(tenant, both.ContactID), { ContactStatus: 'ACTIVE', FirstName: 'C', LastName: 'V' })
    await tenant.api('DELETE', 'vendors/v1')
    await tenant.sync()
    t.match(contact(tenant, both.ContactID), { ContactStatus: 'ARCHIVED' })
    tenant.checkXero(t)
  })
})
