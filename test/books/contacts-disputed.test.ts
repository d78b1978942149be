// A customer and a vendor of one company that were handed over with different values: they are one contact all the same. What only
// one of them says arrives; the field in which they differ, and nothing else, waits for a person.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, item, vendor } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, document, later, record, synced, writes } from './support/books.ts'

const roles = ['customers', 'vendors'] as const
const own = { customers: customer, vendors: vendor }
const ids = { customers: 'c', vendors: 'v' }
const otherThan = { customers: 'vendors', vendors: 'customers' } as const

async function idle(t: Parameters<typeof synced>[0], tenant: Tenant): Promise<void> {
  tenant.mark()
  await tenant.sync('full')
  await tenant.sync()
  t.strictSame(writes(tenant), [], 'nothing is written again')
}

t.test('books: contacts disputed', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const first of roles) {
    const second = otherThan[first]
    const one = own[first](ids[first], { name: 'Both Ltd', email: 'a@both.example', taxNumber: '1' })
    const other = own[second](ids[second], {
      name: 'Both Ltd',
      email: 'a@both.example',
      taxNumber: '2',
      firstName: 'F',
    })
    const numberOf = (tenant: Tenant) => tenant.xero('Contacts')[0]?.TaxNumber

    async function dispute(t: Parameters<typeof synced>[0], name: string): Promise<Tenant> {
      const tenant = await openTenant(world, `${name}-${second}`)
      await tenant.put(first, one)
      await tenant.sync()
      await tenant.put(second, other)
      await tenant.sync()
      await synced(t, tenant, first, ids[first])
      t.equal(tenant.xero('Contacts').length, 1)
      t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '1', FirstName: 'F', EmailAddress: 'a@both.example' })
      const state = await tenant.state(second, ids[second])
      const id = contact(tenant, 'Both Ltd').ContactID
      t.match(state, {
        state: 'conflict',
        xero: { id },
        lastError: { code: 'contact_disputed', candidates: [{ id }] },
      })
      t.strictSame(state.lastError.differences, [{ field: '/taxNumber', product: '2', xero: '1' }])
      return tenant
    }

    t.test(
      `given ${second} in dispute, when a person edits the very field, then that edit decides nothing`,
      async (t) => {
        const tenant = await dispute(t, 'edited')
        later(world)
        control.editContact(tenant.organisation, 'Both Ltd', { TaxNumber: '3' })
        await tenant.sync()
        await tenant.sync()
        t.equal(numberOf(tenant), '3', 'the edit of the person stands')
        t.match(await record(tenant, first, ids[first]), { taxNumber: '3' })
        const { state, lastError } = await tenant.state(second, ids[second])
        t.match({ state, code: lastError?.code }, { state: 'conflict', code: 'contact_disputed' })
        t.strictSame(lastError.differences, [{ field: '/taxNumber', product: '2', xero: '3' }])
        await idle(t, tenant)
      },
    )

    t.test(`given ${second} that differ in a field from the other role, then the rest of both arrives`, async (t) => {
      const tenant = await dispute(t, 'rest')
      await idle(t, tenant)
      t.match(await record(tenant, first, ids[first]), { firstName: 'F', taxNumber: '1' }, 'each fills the other')
      await tenant.put(second, { ...other, firstName: 'G' })
      await tenant.sync()
      t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '1', FirstName: 'G' }, 'a change of another field arrives')
      t.match(await tenant.state(second, ids[second]), { state: 'conflict', lastError: { code: 'contact_disputed' } })
      await idle(t, tenant)
      tenant.checkXero(t)
    })

    t.test(`given ${second} in dispute, when a setting is changed, then that decides nothing`, async (t) => {
      const tenant = await dispute(t, 'setting')
      for (const conflict of ['xero_wins', 'pending_wins']) {
        await tenant.settings({ [second]: { conflict } })
        await tenant.sync()
        t.match(await tenant.state(second, ids[second]), { state: 'conflict', lastError: { code: 'contact_disputed' } })
        t.equal(numberOf(tenant), '1')
        t.match(await record(tenant, first, ids[first]), { taxNumber: '1' })
      }
      tenant.checkXero(t)
    })

    t.test(`given ${second} in dispute, when the other role is renamed, then it stays one contact`, async (t) => {
      const tenant = await dispute(t, 'renamed')
      await tenant.put(first, { ...one, name: 'Both Limited of Bath' })
      await tenant.sync()
      await synced(t, tenant, first, ids[first])
      t.equal(tenant.xero('Contacts').length, 1)
      t.match(tenant.xero('Contacts')[0], { Name: 'Both Limited of Bath', TaxNumber: '1' })
      t.match(await record(tenant, second, ids[second]), { name: 'Both Limited of Bath' })
      t.match(await tenant.state(second, ids[second]), { state: 'conflict' })
      await tenant.put(second, { ...other, taxNumber: '1' })
      await tenant.sync()
      await synced(t, tenant, second, ids[second])
      t.equal(tenant.xero('Contacts').length, 1)
      t.match(tenant.xero('Contacts')[0], { Name: 'Both Limited of Bath' })
      await idle(t, tenant)
      tenant.checkXero(t)
    })

    t.test(`given ${second} in dispute, when they are linked to the contact once more, then they decide`, async (t) => {
      const tenant = await dispute(t, 'linked')
      const { candidates } = (await tenant.state(second, ids[second])).lastError
      const linked = await tenant.api('PUT', `${second}/${ids[second]}/link`, { xeroId: candidates[0].id })
      t.equal(linked.status, 200, JSON.stringify(linked.body))
      await tenant.sync()
      await synced(t, tenant, first, ids[first])
      await synced(t, tenant, second, ids[second])
      t.equal(numberOf(tenant), '2')
      t.match(await record(tenant, first, ids[first]), { taxNumber: '2' })
      await tenant.put(first, { ...one, firstName: 'H' })
      await tenant.sync()
      t.equal(numberOf(tenant), '2', 'the number as before is no change')
      await idle(t, tenant)
      tenant.checkXero(t)
    })

    t.test(
      `given an edit in Xero, when ${first} are linked to the same contact once more, then it stands`,
      async (t) => {
        const tenant = await openTenant(world, `again-${first}`)
        await tenant.put(first, one)
        await tenant.sync()
        later(world)
        control.editContact(tenant.organisation, 'Both Ltd', { Name: 'Both by hand', EmailAddress: 'p@both.example' })
        await tenant.sync()
        const { ContactID: xeroId } = contact(tenant, 'Both by hand')
        t.equal((await tenant.api('PUT', `${first}/${ids[first]}/link`, { xeroId })).status, 200)
        await tenant.sync()
        await synced(t, tenant, first, ids[first])
        t.match(contact(tenant, xeroId), { Name: 'Both by hand', EmailAddress: 'p@both.example' })
        tenant.checkXero(t)
      },
    )

    t.test(`given ${second} in dispute, when the other role says the same, then it is over`, async (t) => {
      const tenant = await dispute(t, 'alike')
      await tenant.put(first, { ...one, taxNumber: '2' })
      tenant.mark()
      await tenant.sync()
      await synced(t, tenant, first, ids[first])
      await synced(t, tenant, second, ids[second])
      t.equal(writes(tenant).length, 1)
      t.equal(numberOf(tenant), '2')
      await idle(t, tenant)
      tenant.checkXero(t)
    })

    t.test(`given ${second} that differ by spaces, case and separators, then nothing is in dispute`, async (t) => {
      const tenant = await openTenant(world, `format-${second}`)
      await tenant.put(
        first,
        own[first](ids[first], {
          name: 'Both Ltd',
          email: 'Office@Both.example',
          website: 'https://Both.example/',
          taxNumber: '53 004 085 616',
          phones: [{ kind: 'default', number: '+61 2 5550 1234' }],
          addresses: [{ kind: 'billing', lines: ['1 High Street'], city: 'Bath' }],
        }),
      )
      await tenant.sync()
      const was = contact(tenant, 'Both Ltd')
      await tenant.put(
        second,
        own[second](ids[second], {
          name: 'BOTH Ltd',
          email: 'office@both.example',
          website: 'http://both.example',
          taxNumber: '53004085616',
          phones: [{ kind: 'default', number: '+61-2-5550-1234' }],
          addresses: [{ kind: 'billing', lines: ['1 HIGH STREET '], city: 'bath' }],
        }),
      )
      await tenant.sync()
      await synced(t, tenant, first, ids[first])
      await synced(t, tenant, second, ids[second])
      t.strictSame(body(contact(tenant, was.ContactID)), body(was))
      await idle(t, tenant)
      tenant.checkXero(t)
    })
  }

  t.test('given a vendor in dispute, when a bill comes, then it goes to the contact', async (t) => {
    const tenant = await openTenant(world, 'bill')
    await tenant.put('customers', customer('c', { name: 'Both Ltd', taxNumber: '1' }))
    await tenant.put('vendors', vendor('v', { name: 'Both Ltd', taxNumber: '2' }))
    await tenant.put('items', item('i'))
    await tenant.put('bills', bill('b', 'v', ['i']))
    await tenant.sync()
    t.match(await tenant.state('vendors', 'v'), { state: 'conflict' })
    await synced(t, tenant, 'bills', 'b')
    t.equal(document(tenant, 'ACCPAY')?.Contact.ContactID, contact(tenant, 'Both Ltd').ContactID)
    tenant.checkXero(t)
  })

  t.test('given a person who edits another field, when both roles are in dispute, then the edit stands', async (t) => {
    const tenant = await openTenant(world, 'person')
    await tenant.put('customers', customer('c', { name: 'Both Ltd', taxNumber: '1' }))
    await tenant.put('vendors', vendor('v', { name: 'Both Ltd', taxNumber: '2' }))
    await tenant.sync()
    later(world)
    control.editContact(tenant.organisation, 'Both Ltd', { LastName: 'Person' })
    await idle(t, tenant)
    t.match(contact(tenant, 'Both Ltd'), { LastName: 'Person', TaxNumber: '1' })
    t.match(await record(tenant, 'vendors', 'v'), { lastName: 'Person' })
    t.match(await tenant.state('vendors', 'v'), { state: 'conflict', lastError: { code: 'contact_disputed' } })
    tenant.checkXero(t)
  })
})
