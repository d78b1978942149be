// Contacts that people merge, restore or cut down while the engine is at work, and lists that show only a part of them.
import t from 'tap'
import type { AnswerMaker } from '../../src/simulator/answer-fault.ts'
import { openWorld } from '../support/house.ts'
import { customer, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, document, later, record, synced, writes } from './support/books.ts'
import { saleTo } from './support/trading.ts'

t.test('books: contacts midway', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function ready(name: string) {
    const tenant = await openTenant(world, name)
    await tenant.put('items', item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1', { name: 'Loser Ltd' }))
    await tenant.sync()
    return tenant
  }

  t.test('given a merge while a job stands between contacts and invoices, then it needs nobody', async (t) => {
    const tenant = await ready('midway')
    const survivor = control.createContact(tenant.organisation, { Name: 'Survivor Ltd' })
    later(world)
    const merging: AnswerMaker = () => {
      control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
      return undefined
    }
    const target = { method: 'PUT', path: '/Contacts', tenantId: tenant.organisationId }
    control.faults({ kind: 'answer', ...target, answer: merging })
    await tenant.put('customers', customer('c2'))
    await tenant.put('invoices', saleTo('d1'), saleTo('d2', 'c2'))
    await tenant.sync()
    t.equal(contact(tenant, 'Loser Ltd').ContactStatus, 'ARCHIVED', 'the merge came in the middle of the job')
    await synced(t, tenant, 'invoices', 'd2')
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    t.equal(document(tenant, 'INV-d1')?.Contact.ContactID, survivor.ContactID)
    t.match(contact(tenant, survivor.ContactID), { ContactStatus: 'ACTIVE', Name: 'Survivor Ltd' })
    t.strictSame(await tenant.queue(), [])
    tenant.checkXero(t)
  })

  t.test('given a survivor that is another customer of ours, then it lives as long as one of the two', async (t) => {
    const tenant = await ready('two-on-one')
    await tenant.put('customers', customer('c2', { name: 'Survivor Ltd' }))
    await tenant.sync()
    const { id } = (await tenant.state('customers', 'c2')).xero
    later(world)
    control.mergeContacts(tenant.organisation, 'Loser Ltd', 'Survivor Ltd')
    await tenant.sync()
    await tenant.put('invoices', saleTo('d1'), saleTo('d2', 'c2'))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1', 'd2')
    for (const number of ['INV-d1', 'INV-d2']) t.equal(document(tenant, number).Contact.ContactID, id)
    t.match(contact(tenant, id), { Name: 'Survivor Ltd', EmailAddress: 'c2@example.com' })
    await tenant.api('DELETE', 'customers/c1')
    await tenant.sync()
    t.match(contact(tenant, id), { ContactStatus: 'ACTIVE', Name: 'Survivor Ltd', EmailAddress: 'c2@example.com' })
    await synced(t, tenant, 'customers', 'c2')
    await tenant.put('invoices', saleTo('d3', 'c2'))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd3')
    await tenant.api('DELETE', 'customers/c2')
    await tenant.sync()
    t.match(contact(tenant, id), { ContactStatus: 'ARCHIVED' })
    tenant.checkXero(t)
  })

  t.test('given a contact that the product archived and a person restored, then it is taken up again', async (t) => {
    const tenant = await ready('restored')
    const { id } = (await tenant.state('customers', 'c1')).xero
    await tenant.api('DELETE', 'customers/c1')
    await tenant.sync()
    t.equal(contact(tenant, id).ContactStatus, 'ARCHIVED')
    later(world)
    control.restoreContact(tenant.organisation, id)
    await tenant.put('customers', customer('c1', { name: 'Loser Ltd' }))
    await tenant.put('invoices', saleTo('d1'))
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c1')
    await synced(t, tenant, 'invoices', 'd1')
    t.equal((await tenant.state('customers', 'c1')).xero.id, id)
    t.strictSame(
      tenant.xero('Contacts').map((one) => [one.ContactID, one.ContactStatus]),
      [[id, 'ACTIVE']],
    )
    tenant.checkXero(t)
  })

  t.test('given pages that end early or a list that lacks half, then nothing of ours is let go', async (t) => {
    const tenant = await openTenant(world, 'pages')
    control.bulk(tenant.organisation, { contacts: 2_040 })
    // The last of them, on the third page, and half of twenty more.
    const names = tenant.xero('Contacts').map((one) => String(one.Name))
    const ours = [...names.slice(0, 10), ...names.slice(-10)]
    await tenant.put('customers', ...ours.map((name, n) => ({ id: `c${n}`, name })))
    await tenant.sync()
    const before = tenant.xero('Contacts')
    const links = await Promise.all(ours.map(async (_, n) => (await tenant.state('customers', `c${n}`)).xero?.id))
    t.ok(links.every(Boolean))
    for (const rows of [{ as: 'empty' }, { share: 0.5 }, { as: 'absent' }, { as: 'null' }] as const) {
      later(world)
      const target = { method: 'GET', path: '/Contacts', tenantId: tenant.organisationId }
      control.faults({ kind: 'answer', ...target, skip: rows.as ? 1 : 0, times: 3, answer: { rows } })
      await tenant.sync('full')
      control.clearFaults()
      for (const [n, id] of links.entries()) {
        const state = await tenant.state('customers', `c${n}`)
        t.match(state, { state: 'synced', xero: { id } }, `${JSON.stringify(rows)} ${n}`)
      }
    }
    tenant.mark()
    await tenant.sync('full')
    t.strictSame(writes(tenant), [], 'and nothing of it was written')
    t.strictSame(tenant.xero('Contacts'), before)
    tenant.checkXero(t)
  })

  t.test('given a long phone beside an area code in Xero, then no other number is made of it', async (t) => {
    const tenant = await openTenant(world, 'phones')
    const Phones = [{ PhoneType: 'DEFAULT', PhoneNumber: '555 0101', PhoneAreaCode: '09', PhoneCountryCode: '64' }]
    control.createContact(tenant.organisation, { Name: 'Ann', Phones })
    control.createContact(tenant.organisation, { Name: 'Bob', Phones })
    const longest = '+64 9 555 0101 extension 1234567890 or 0987654321 '.trim().padEnd(50, '0')
    const put = (id: string, name: string, number: string) =>
      tenant.api('PUT', `customers/${id}`, { name, phones: [{ kind: 'default', number }] })
    t.equal((await put('a', 'Ann', longest)).status, 201)
    t.equal((await put('b', 'Bob', `${longest}1`)).status, 422, 'longer than Xero takes')
    await tenant.put('customers', { id: 'b', name: 'Bob', phones: [{ kind: 'default', number: '64 09 555 0101' }] })
    await tenant.sync()
    const phone = (name: string) =>
      contact(tenant, name).Phones.find((one: { PhoneType: string }) => one.PhoneType === 'DEFAULT')
    const whole = ({ PhoneCountryCode, PhoneAreaCode, PhoneNumber }: Record<string, string>) =>
      [PhoneCountryCode, PhoneAreaCode, PhoneNumber].filter(Boolean).join(' ')
    const ann = await tenant.state('customers', 'a')
    if (ann.state === 'synced') t.equal(whole(phone('Ann')), longest)
    else t.match([phone('Ann'), ann.lastError], [Phones[0], { action: String }])
    t.match(phone('Bob'), Phones[0], 'the same number in one text')
    await tenant.sync('full')
    t.match(await record(tenant, 'customers', 'b'), { phones: [{ number: '64 09 555 0101' }] })
    tenant.checkXero(t)
  })
})
