// A person merges contacts, and the product changes their records before a job sees it: what the product says arrives, or is shown.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, later, record, synced } from './support/books.ts'

t.test('books: said after a merge', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const status = (tenant: Tenant, name: string) => contact(tenant, name)?.ContactStatus
  const findings = async (tenant: Tenant) =>
    (await tenant.api('GET', 'findings')).body.items.map((one: Record<string, string>) => [one.code, one.recordId])
  const kept = (id: string) => [['contact_kept_active', id]]

  /** Two contacts, the first one of a record, merged into the second one. */
  async function merged(
    name: string,
    role: 'customers' | 'vendors',
    { isHeld = false, isSeen = false, policy = 'pending_wins', loser = {}, survivor = {} } = {},
  ): Promise<Tenant> {
    const tenant = await openTenant(world, name)
    await tenant.settings({ [role]: { conflict: policy } })
    await tenant.put(role, { id: 'a', name: 'One', ...loser })
    if (isHeld) await tenant.put(role, { id: 'b', name: 'Two' })
    await tenant.sync()
    if (!isHeld) control.createContact(tenant.organisation, { Name: 'Two', ...survivor })
    later(world)
    control.mergeContacts(tenant.organisation, 'One', 'Two')
    if (isSeen) await tenant.sync()
    return tenant
  }

  for (const role of ['customers', 'vendors'] as const) {
    for (const policy of ['pending_wins', 'xero_wins', 'product_wins'])
      t.test(
        `given ${role} with ${policy}, when one of a merged contact is made inactive, then it is shown`,
        async (t) => {
          const tenant = await merged(`said-${role}-${policy}`, role, { policy })
          await tenant.put(role, { id: 'a', name: 'One', active: false })
          await tenant.sync()
          await synced(t, tenant, role, 'a')
          t.match(await record(tenant, role, 'a'), { active: false })
          t.equal(status(tenant, 'Two'), 'ACTIVE', 'a contact that was met as active is not archived')
          t.strictSame(await findings(tenant), kept('a'))
          later(world)
          await tenant.sync('full')
          t.match(await record(tenant, role, 'a'), { active: false })
          t.strictSame(await findings(tenant), kept('a'))
          tenant.checkXero(t)
        },
      )

    for (const isSeen of [false, true])
      t.test(
        `given ${role} of which another is the contact that is left, ${isSeen ? 'after' : 'before'} a job saw the merge, then it goes with the last one`,
        async (t) => {
          const tenant = await merged(`said-${role}-held-${isSeen}`, role, { isHeld: true, isSeen })
          await tenant.put(role, { id: 'a', name: isSeen ? 'Two' : 'One', active: false })
          await tenant.sync()
          await synced(t, tenant, role, 'a', 'b')
          t.equal(status(tenant, 'Two'), 'ACTIVE')
          t.match(
            [await record(tenant, role, 'a'), await record(tenant, role, 'b')],
            [{ active: false }, { active: true }],
          )
          t.strictSame(await findings(tenant), kept('a'))
          await tenant.put(role, { id: 'b', name: 'Two', active: false })
          await tenant.sync()
          await synced(t, tenant, role, 'a', 'b')
          t.equal(status(tenant, 'Two'), 'ARCHIVED')
          t.strictSame(await findings(tenant), [])
          tenant.checkXero(t)
        },
      )

    t.test(
      `given inactive ${role} whose contact a person restored and merged, when it is active, then both are`,
      async (t) => {
        const tenant = await openTenant(world, `said-${role}-again`)
        await tenant.put(role, { id: 'a', name: 'One' })
        control.createContact(tenant.organisation, { Name: 'Two' })
        await tenant.sync()
        await tenant.put(role, { id: 'a', name: 'One', active: false })
        await tenant.sync()
        later(world)
        control.restoreContact(tenant.organisation, 'One')
        control.mergeContacts(tenant.organisation, 'One', 'Two')
        await tenant.put(role, { id: 'a', name: 'One', active: true })
        await tenant.sync()
        await synced(t, tenant, role, 'a')
        t.match(await record(tenant, role, 'a'), { active: true })
        t.equal(status(tenant, 'Two'), 'ACTIVE')
        t.strictSame(await findings(tenant), [])
        tenant.checkXero(t)
      },
    )
  }

  const address = (Line: string, City: string) => ({
    Addresses: [{ AddressType: 'POBOX', AddressLine1: Line, City, PostalCode: '1000' }],
  })
  const billing = (line: string, city: string) => ({
    addresses: [{ kind: 'billing', lines: [line], city, postalCode: '2000' }],
  })

  t.test('given a part of an address that changed, then only that part goes to the contact that is left', async (t) => {
    const survivor = { EmailAddress: 'two@x.example', ...address('2 Second Street', 'Wells') }
    const loser = { email: 'one@x.example', ...billing('1 First Street', 'Bath') }
    const tenant = await merged('said-parts', 'customers', { loser, survivor })
    await tenant.put('customers', { id: 'a', name: 'One', ...loser, ...billing('1 First Street', 'Bristol') })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'a')
    const { Addresses, EmailAddress } = contact(tenant, 'Two')
    const [now] = Addresses.filter(({ City }: Record<string, string>) => City)
    t.match(now, { AddressLine1: '2 Second Street', City: 'Bristol', PostalCode: '1000' })
    t.equal(EmailAddress, 'two@x.example', 'what the product says as before is no change')
    tenant.checkXero(t)
  })

  t.test(
    'given a street said anew, and a city that only the lost contact had, then the street goes alone',
    async (t) => {
      const tenant = await openTenant(world, 'said-street')
      const street = (line: string) => ({ name: 'One', addresses: [{ kind: 'billing', lines: [line] }] })
      await tenant.put('customers', { id: 'a', ...street('1 First Street') })
      await tenant.sync()
      control.editContact(tenant.organisation, 'One', address('1 First Street', 'Bath'))
      later(world)
      await tenant.sync()
      t.match((await record(tenant, 'customers', 'a')).addresses, [{ city: 'Bath' }])
      control.createContact(tenant.organisation, { Name: 'Two' })
      later(world)
      control.mergeContacts(tenant.organisation, 'One', 'Two')
      await tenant.put('customers', { id: 'a', ...street('3 Third Street') })
      await tenant.sync()
      await synced(t, tenant, 'customers', 'a')
      const [now] = contact(tenant, 'Two').Addresses.filter((one: Record<string, string>) => one.AddressLine1)
      t.equal(now.AddressLine1, '3 Third Street')
      t.equal(now.City ?? '', '')
      tenant.checkXero(t)
    },
  )

  t.test('given fields that both contacts had alike, when the product takes one away, then it goes', async (t) => {
    const same = { TaxNumber: '123', AccountNumber: 'ACC' }
    const tenant = await merged('said-taken', 'customers', {
      loser: { taxNumber: '123', email: 'one@x.example' },
      survivor: { ...same, EmailAddress: 'two@x.example' },
    })
    await tenant.put('customers', { id: 'a', name: 'One' })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'a')
    t.notOk(contact(tenant, 'Two').TaxNumber)
    t.match(contact(tenant, 'Two'), { EmailAddress: 'two@x.example', AccountNumber: 'ACC' })
    t.match(await record(tenant, 'customers', 'a'), { email: 'two@x.example' })
    tenant.checkXero(t)
  })

  t.test(
    'given xero_wins, when only the product changed a field, then it arrives in the contact that is left',
    async (t) => {
      const tenant = await merged('said-xero', 'customers', {
        policy: 'xero_wins',
        loser: { email: 'same@x.example', taxNumber: '1' },
        survivor: { EmailAddress: 'same@x.example', TaxNumber: '2' },
      })
      await tenant.put('customers', { id: 'a', name: 'One', email: 'new@x.example', taxNumber: '3' })
      await tenant.sync()
      await synced(t, tenant, 'customers', 'a')
      t.match(contact(tenant, 'Two'), { EmailAddress: 'new@x.example', TaxNumber: '2' })
      t.match(await record(tenant, 'customers', 'a'), { email: 'new@x.example', taxNumber: '2' })
      tenant.checkXero(t)
    },
  )

  for (const role of ['customers', 'vendors'] as const)
    t.test(
      `given ${role} with xero_wins and a contact that lacks what the product changed, then it arrives`,
      async (t) => {
        const address = { kind: 'billing', lines: ['1 Road'], city: 'Old' }
        const tenant = await merged(`said-lacks-${role}`, role, {
          policy: 'xero_wins',
          loser: { email: 'old@x.example', addresses: [address] },
          survivor: { Addresses: [{ AddressType: 'POBOX', AddressLine1: '2 Street' }] },
        })
        await tenant.put(role, {
          id: 'a',
          name: 'One',
          email: 'new@x.example',
          addresses: [{ ...address, city: 'New' }],
        })
        await tenant.sync()
        await synced(t, tenant, role, 'a')
        const left = contact(tenant, 'Two')
        t.match(left, { EmailAddress: 'new@x.example' })
        const billing = left.Addresses.find(({ AddressType }: { AddressType: string }) => AddressType === 'POBOX')
        t.match(billing, { AddressLine1: '2 Street', City: 'New' })
        t.match(await record(tenant, role, 'a'), { email: 'new@x.example' })
        tenant.checkXero(t)
      },
    )
})
