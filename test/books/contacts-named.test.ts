// A contact in Xero whose very name a customer or vendor bears is that record's, also where a record of the other role comes first
// and fits it by a weaker key: history and open bills of the one would stand under the name of the other.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, synced } from './support/books.ts'

const keys = [
  {
    by: 'a mailbox',
    settings: { onEmailOnly: 'match' },
    standing: { EmailAddress: 'x@x.example' },
    ours: { email: 'x@x.example' },
  },
  { by: 'a tax number', settings: { onNumberOnly: 'match' }, standing: { TaxNumber: 'T1' }, ours: { taxNumber: 'T1' } },
] as const
/** Names that are other names, and that are other spellings of one: the second pair is taken for one by itself. */
const names = [
  ['Rich', 'Poor'],
  ['Acme Limited', 'Acme Ltd'],
] as const

t.test('books: contacts named', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  for (const { by, settings, standing, ours } of keys)
    for (const [theirs, own] of names)
      for (const [weak, bearer] of [
        ['customers', 'vendors'],
        ['vendors', 'customers'],
      ] as const)
        t.test(
          `given ${weak} "${own}" by ${by}, when ${bearer} bear its name "${theirs}", then it is theirs`,
          async (t) => {
            const tenant = await openTenant(world, `${weak}-${own}-${by.at(-1)}`.replaceAll(' ', '-'))
            await tenant.settings({ [weak]: settings })
            const was = control.createContact(tenant.organisation, { Name: theirs, FirstName: 'Fay', ...standing })
            await tenant.put(weak, { id: 'w', name: own, ...ours })
            await tenant.put(bearer, { id: 'b', name: theirs })
            await tenant.sync()
            await synced(t, tenant, bearer, 'b')
            t.equal((await tenant.state(bearer, 'b')).xero.id, was.ContactID)
            t.match(contact(tenant, was.ContactID), { Name: theirs, FirstName: 'Fay' })
            // Customers are linked first: vendors meet a contact that is somebody's already, and the two dispute its name.
            if (weak === 'customers') t.not((await tenant.state('customers', 'w')).xero.id, was.ContactID)
            else t.match(await tenant.state('vendors', 'w'), { lastError: { code: 'contact_disputed' } })
            tenant.checkXero(t)
          },
        )

  for (const role of ['customers', 'vendors'] as const)
    t.test(`given two ${role} that exchange their account numbers, then the remedy lets both arrive`, async (t) => {
      const tenant = await openTenant(world, `exchanged-${role}`)
      const [a, b] = [
        { id: 'a', name: 'Ann' },
        { id: 'b', name: 'Bob' },
      ]
      await tenant.put(role, { ...a, accountNumber: '1' }, { ...b, accountNumber: '2' })
      await tenant.sync()
      await tenant.put(role, { ...a, accountNumber: '2' }, { ...b, accountNumber: '1' })
      await tenant.sync()
      const { lastError } = await tenant.state(role, 'a')
      t.match(lastError, { code: 'account_number_taken', action: /give one of them a third number/ })
      await tenant.put(role, { ...a, accountNumber: 'for the moment' })
      await tenant.sync()
      await tenant.sync()
      await tenant.put(role, { ...a, accountNumber: '2' })
      await tenant.sync()
      await synced(t, tenant, role, 'a', 'b')
      t.match([contact(tenant, 'Ann').AccountNumber, contact(tenant, 'Bob').AccountNumber], ['2', '1'])
      tenant.checkXero(t)
    })
})
