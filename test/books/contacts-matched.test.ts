// The contact that a new customer or vendor is: the one that bears its name, before any that shares a number or a mailbox with it; and
// where only those fit, a person decides.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { body, contact, later, synced } from './support/books.ts'

t.test('books: contacts matched', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const role of ['customers', 'vendors'] as const) {
    const marker = role === 'customers' ? 'C-r' : 'V-r'
    for (const [name, standing, ours] of [
      [
        'a mailbox, and another legal form',
        { Name: 'Alpha Pty Ltd', EmailAddress: 'a@x.example' },
        { name: 'Alpha Inc', email: 'a@x.example' },
      ],
      [
        'a mailbox, and no legal form',
        { Name: 'Alpha', EmailAddress: 'a@x.example' },
        { name: 'Alpha Inc', email: 'a@x.example' },
      ],
      [
        'a tax number, and the name of a branch',
        { Name: 'Bunnings Perth', TaxNumber: '51' },
        { name: 'Bunnings', taxNumber: '51' },
      ],
      [
        'an account number, and the name of a branch',
        { Name: 'Bunnings Perth', AccountNumber: '51' },
        { name: 'Bunnings', accountNumber: '51' },
      ],
      [
        'a contact number, and another name',
        { Name: 'Someone else', ContactNumber: marker, TaxNumber: 'T' },
        { name: 'Mine', email: 'm@x.example' },
      ],
    ] as const)
      t.test(`given a contact of ${name}, when ${role} come, then a conflict names it and it stays`, async (t) => {
        const tenant = await openTenant(world, `${role}-${name.replaceAll(/\W+/g, '-')}`)
        const was = control.createContact(tenant.organisation, standing)
        await tenant.put(role, { id: 'r', ...ours })
        await tenant.sync()
        t.match(await tenant.state(role, 'r'), {
          state: 'conflict',
          lastError: { code: 'contact_ambiguous', candidates: [{ id: was.ContactID, name: standing.Name }] },
        })
        t.strictSame(
          tenant.xero('Contacts').map((one) => body(one)),
          [body(was)],
        )
        await tenant.api('PUT', `${role}/r/link`, { xeroId: was.ContactID })
        await tenant.sync()
        await synced(t, tenant, role, 'r')
        t.match(contact(tenant, was.ContactID), { Name: ours.name })
        tenant.checkXero(t)
      })

    t.test(`given contacts of the name, and of the numbers of ${role}, then the name decides`, async (t) => {
      const tenant = await openTenant(world, `names-${role}`)
      const others = [
        control.createContact(tenant.organisation, { Name: 'Bunnings Perth', TaxNumber: '51', ContactNumber: marker }),
        control.createContact(tenant.organisation, { Name: 'Bunnings Hobart', AccountNumber: 'B1' }),
      ]
      const own = control.createContact(tenant.organisation, { Name: 'Bunnings' })
      await tenant.put(role, { id: 'r', name: 'Bunnings', taxNumber: '51' })
      await tenant.sync()
      await synced(t, tenant, role, 'r')
      t.equal((await tenant.state(role, 'r')).xero.id, own.ContactID)
      for (const was of others) t.strictSame(body(contact(tenant, was.ContactID)), body(was))
      tenant.checkXero(t)
    })

    t.test(
      `given onEmailOnly "create" and two contacts of a mailbox, when ${role} come, then one is created`,
      async (t) => {
        const tenant = await openTenant(world, `create-${role}`)
        await tenant.settings({ [role]: { onEmailOnly: 'create' } })
        for (const Name of ['One', 'Two'])
          control.createContact(tenant.organisation, { Name, EmailAddress: 'b@x.example' })
        await tenant.put(role, { id: 'r', name: 'Three', email: 'b@x.example' })
        await tenant.sync()
        await synced(t, tenant, role, 'r')
        t.strictSame(
          tenant
            .xero('Contacts')
            .map(({ Name }) => Name)
            .sort(),
          ['One', 'Three', 'Two'],
        )
        tenant.checkXero(t)
      },
    )

    t.test(
      `given ${role} merged into a contact of a person's, when they are changed, then the change arrives`,
      async (t) => {
        const tenant: Tenant = await openTenant(world, `number-${role}`)
        await tenant.put(role, { id: 'r', name: 'Loser' })
        await tenant.sync()
        const survivor = control.createContact(tenant.organisation, { Name: 'Survivor' })
        later(world)
        control.mergeContacts(tenant.organisation, 'Loser', 'Survivor')
        await tenant.sync()
        await tenant.put(role, { id: 'r', name: 'Loser', firstName: 'F' })
        await tenant.sync()
        await synced(t, tenant, role, 'r')
        t.match(contact(tenant, survivor.ContactID), { FirstName: 'F', ContactStatus: 'ACTIVE' })
        tenant.checkXero(t)
      },
    )

    t.test(
      `given two ${role} that exchange their names, when one steps aside for a job, then both arrive`,
      async (t) => {
        const tenant = await openTenant(world, `swapped-${role}`)
        await tenant.put(role, { id: 'a', name: 'Ann' }, { id: 'b', name: 'Bob' })
        await tenant.sync()
        const [a, b] = [contact(tenant, 'Ann').ContactID, contact(tenant, 'Bob').ContactID]
        await tenant.put(role, { id: 'a', name: 'Bob' }, { id: 'b', name: 'Ann' })
        await tenant.sync()
        for (const id of ['a', 'b'])
          t.match(await tenant.state(role, id), { lastError: { code: 'contact_name_taken' } })
        await tenant.put(role, { id: 'a', name: 'Bob (for the moment)' })
        await tenant.sync()
        await tenant.sync()
        await synced(t, tenant, role, 'a', 'b')
        await tenant.put(role, { id: 'a', name: 'Bob' })
        await tenant.sync()
        await synced(t, tenant, role, 'a', 'b')
        t.match([contact(tenant, a).Name, contact(tenant, b).Name], ['Bob', 'Ann'])
        tenant.checkXero(t)
      },
    )
  }
})
