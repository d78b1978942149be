// Records that are one contact: a customer and a vendor, or customers that a person merged in Xero. Each may be changed, and
// none is written over another without a word.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, later, record, synced, writes } from './support/books.ts'

/** Two records whose contacts a person merged into that of the second. */
async function openMerged(world: World, name: string, role: 'customers' | 'vendors'): Promise<Tenant> {
  const tenant = await openTenant(world, name)
  await tenant.put(role, { id: 'a', name: 'One' }, { id: 'b', name: 'Two', email: 'two@x.example' })
  await tenant.sync()
  later(world)
  world.simulator.control.mergeContacts(tenant.organisation, 'One', 'Two')
  await tenant.sync()
  return tenant
}

async function idle(t: Parameters<typeof synced>[0], tenant: Tenant): Promise<void> {
  tenant.mark()
  await tenant.sync('full')
  await tenant.sync()
  t.strictSame(writes(tenant), [], 'nothing is written again')
}

t.test('books: contacts shared', async (t) => {
  const world = await openWorld(t)

  for (const role of ['customers', 'vendors'] as const) {
    t.test(
      `given merged ${role}, when both are changed in turn, then each change arrives and nothing flips`,
      async (t) => {
        const tenant = await openMerged(world, `merged-${role}`, role)
        const number = contact(tenant, 'Two').ContactNumber
        await tenant.put(role, { id: 'a', name: 'One', firstName: 'A' })
        await tenant.sync()
        await synced(t, tenant, role, 'a', 'b')
        t.match(
          contact(tenant, 'Two'),
          { Name: 'Two', FirstName: 'A', ContactNumber: number },
          'the name is handed over as before',
        )
        await tenant.put(role, { id: 'b', name: 'Two', email: 'two@x.example', lastName: 'B' })
        await tenant.sync()
        await synced(t, tenant, role, 'a', 'b')
        const whole = {
          Name: 'Two',
          FirstName: 'A',
          LastName: 'B',
          EmailAddress: 'two@x.example',
          ContactNumber: number,
        }
        t.match(contact(tenant, 'Two'), whole)
        await tenant.put(role, { id: 'a', name: 'Uno', firstName: 'A' })
        await tenant.sync()
        await synced(t, tenant, role, 'a', 'b')
        t.match(contact(tenant, 'Uno'), { ...whole, Name: 'Uno' }, 'a new name is a change')
        t.match(await record(tenant, role, 'b'), { name: 'Uno' })
        await tenant.put(role, { id: 'b', name: 'Two', email: 'two@x.example' })
        await tenant.sync()
        await synced(t, tenant, role, 'a', 'b')
        t.notOk(contact(tenant, 'Uno').LastName, 'the old name once more is none')
        await idle(t, tenant)
        tenant.checkXero(t)
      },
    )

    t.test(`given merged ${role}, when both are changed in one job, then both changes arrive`, async (t) => {
      const tenant = await openMerged(world, `merged-both-${role}`, role)
      await tenant.put(role, { id: 'a', name: 'One', firstName: 'A' }, { id: 'b', name: 'Two', lastName: 'B' })
      await tenant.sync()
      await synced(t, tenant, role, 'a', 'b')
      t.match(contact(tenant, 'Two'), { Name: 'Two', FirstName: 'A', LastName: 'B' })
      t.notOk(contact(tenant, 'Two').EmailAddress)
      await idle(t, tenant)
      tenant.checkXero(t)
    })

    t.test(`given merged ${role} that get different names in one job, then a conflict shows both`, async (t) => {
      const tenant = await openMerged(world, `merged-names-${role}`, role)
      await tenant.put(role, { id: 'a', name: 'Uno' }, { id: 'b', name: 'Due', email: 'two@x.example' })
      await tenant.sync()
      t.match(contact(tenant, 'Two'), { Name: 'Two' })
      for (const [id, product, xero] of [
        ['a', 'Uno', 'Due'],
        ['b', 'Due', 'Uno'],
      ])
        t.match(await tenant.state(role, String(id)), {
          state: 'conflict',
          lastError: { code: 'contact_disputed', differences: [{ field: '/name', product, xero }] },
        })
      await idle(t, tenant)
      await tenant.put(role, { id: 'a', name: 'Due' })
      await tenant.sync()
      await synced(t, tenant, role, 'a', 'b')
      t.ok(contact(tenant, 'Due'))
      tenant.checkXero(t)
    })

    t.test(`given merged ${role}, when one is unlinked, then it gets a contact of its own again`, async (t) => {
      const tenant = await openMerged(world, `unlinked-${role}`, role)
      await tenant.put(role, { id: 'a', name: 'One', email: 'one@x.example' })
      await tenant.sync()
      const survivor = (await tenant.state(role, 'b')).xero.id
      t.equal((await tenant.api('DELETE', `${role}/a/link`)).status, 200)
      await tenant.sync()
      await synced(t, tenant, role, 'a', 'b')
      t.not((await tenant.state(role, 'a')).xero.id, survivor)
      t.match(contact(tenant, (await tenant.state(role, 'a')).xero.id), { Name: 'One', EmailAddress: 'one@x.example' })
      t.match(contact(tenant, survivor), { Name: 'Two', ContactStatus: 'ACTIVE' })
      await idle(t, tenant)
      tenant.checkXero(t)
    })
  }

  const customer = {
    id: 'c',
    name: 'Both Ltd',
    email: 'c@both.example',
    taxNumber: '1',
    phones: [{ kind: 'default', number: '11111' }],
    addresses: [{ kind: 'billing', lines: ['1 C Street'], city: 'C' }],
  }
  const vendor = {
    id: 'v',
    name: 'BOTH Ltd',
    email: 'v@both.example',
    taxNumber: '2',
    phones: [{ kind: 'default', number: '22222' }],
    addresses: [{ kind: 'billing', lines: ['1 C Street'], city: 'V', region: 'R' }],
  }

  for (const isThere of [false, true])
    t.test(
      `given both roles of ${isThere ? 'a known' : 'a new'} contact that disagree, then a conflict shows both`,
      async (t) => {
        const tenant = await openTenant(world, `roles-${isThere}`)
        if (isThere) world.simulator.control.createContact(tenant.organisation, { Name: 'Both Ltd' })
        await tenant.put('customers', customer)
        await tenant.put('vendors', vendor)
        await tenant.sync()
        await synced(t, tenant, 'customers', 'c')
        const { state, lastError } = await tenant.state('vendors', 'v')
        t.equal(state, 'conflict')
        t.match(lastError, { code: 'contact_disputed', candidates: [{ name: 'Both Ltd' }] })
        t.strictSame(
          lastError.differences
            .map(({ field, product, xero }: Record<string, string>) => [field, product, xero])
            .sort(),
          [
            ['/addresses/billing/city', 'V', 'C'],
            ['/email', 'v@both.example', 'c@both.example'],
            ['/phones/default/number', '22222', '11111'],
            ['/taxNumber', '2', '1'],
          ],
        )
        t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '1', EmailAddress: 'c@both.example' })
        await idle(t, tenant)
        if (isThere)
          await tenant.put('vendors', {
            ...customer,
            id: 'v',
            addresses: vendor.addresses.map((one) => ({ ...one, city: 'C' })),
          })
        else await tenant.api('PUT', 'vendors/v/link', { xeroId: contact(tenant, 'Both Ltd').ContactID })
        await tenant.sync()
        await synced(t, tenant, 'customers', 'c')
        await synced(t, tenant, 'vendors', 'v')
        t.equal(tenant.xero('Contacts').length, 1)
        const now = tenant.xero('Contacts')[0]
        t.match(now, { TaxNumber: isThere ? '1' : '2', EmailAddress: isThere ? 'c@both.example' : 'v@both.example' })
        t.equal(now.Addresses.find((one: Record<string, string>) => one.AddressType === 'POBOX').Region, 'R')
        await tenant.put('customers', { ...customer, firstName: 'F' })
        await tenant.sync()
        t.match(
          tenant.xero('Contacts')[0],
          { FirstName: 'F', EmailAddress: now.EmailAddress },
          'what was decided stays',
        )
        tenant.checkXero(t)
      },
    )

  t.test('given both roles that change a field differently in one job, then a conflict shows both', async (t) => {
    const tenant = await openTenant(world, 'roles-later')
    await tenant.put('customers', { id: 'c', name: 'Both Ltd', taxNumber: '1' })
    await tenant.put('vendors', { id: 'v', name: 'Both Ltd', taxNumber: '1' })
    await tenant.sync()
    await synced(t, tenant, 'vendors', 'v')
    await tenant.put('customers', { id: 'c', name: 'Both Ltd', taxNumber: '2', firstName: 'F' })
    await tenant.put('vendors', { id: 'v', name: 'Both Ltd', taxNumber: '3', lastName: 'L' })
    await tenant.sync()
    t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '1' })
    for (const [role, id, product, xero] of [
      ['customers', 'c', '2', '3'],
      ['vendors', 'v', '3', '2'],
    ] as const)
      t.match(await tenant.state(role, id), {
        state: 'conflict',
        lastError: { code: 'contact_disputed', differences: [{ field: '/taxNumber', product, xero }] },
      })
    const [item] = (await tenant.queue()).filter(({ recordType }) => recordType === 'vendor')
    t.equal((await tenant.api('DELETE', `sync-queue-items/${item.id}?force=true`)).status, 200)
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c')
    t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '2', FirstName: 'F' })
    await tenant.put('vendors', { id: 'v', name: 'Both Ltd', taxNumber: '2', lastName: 'L' })
    await tenant.sync()
    await synced(t, tenant, 'vendors', 'v')
    t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '2', FirstName: 'F', LastName: 'L' })
    tenant.checkXero(t)
  })

  t.test('given xero_wins, then the role that comes second takes over what stands there, and is told', async (t) => {
    const tenant = await openTenant(world, 'roles-xero')
    await tenant.settings({ customers: { conflict: 'xero_wins' }, vendors: { conflict: 'xero_wins' } })
    await tenant.put('customers', { id: 'c', name: 'Both Ltd', taxNumber: '1' })
    await tenant.put('vendors', { id: 'v', name: 'Both Ltd', taxNumber: '2' })
    await tenant.sync()
    await synced(t, tenant, 'vendors', 'v')
    t.match(contact(tenant, 'Both Ltd'), { TaxNumber: '1' })
    t.match(await tenant.changes(), [{ recordType: 'vendor', record: { taxNumber: '1' } }])
    tenant.checkXero(t)
  })
})
