// Persons of a contact of whom one side knows half a name: the same half, and nothing that says otherwise, is the same person.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, record, synced, writes } from './support/books.ts'

const person = (FirstName: string, LastName?: string, EmailAddress?: string) => ({
  FirstName,
  ...(LastName !== undefined && { LastName }),
  ...(EmailAddress !== undefined && { EmailAddress, IncludeInEmails: true }),
})

t.test('books: half-named persons', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const standing = (tenant: Tenant): string[] =>
    (contact(tenant, 'Half').ContactPersons ?? [])
      .map((one: Row) => [one.FirstName, one.LastName, one.EmailAddress].filter(Boolean).join(' '))
      .sort()

  async function met(name: string, persons: readonly object[], said: readonly object[], settings: object = {}) {
    const tenant = await openTenant(world, name, inNewZealand)
    await tenant.settings({ customers: settings })
    control.createContact(tenant.organisation, {
      ...{ Name: 'Half', FirstName: 'Main', LastName: 'Person' },
      ContactPersons: persons,
    })
    await hand(tenant, said)
    return tenant
  }
  async function hand(tenant: Tenant, contactPersons: readonly object[], more: object = {}): Promise<void> {
    await tenant.put('customers', { id: 'c', name: 'Half', email: 'main@half.example', contactPersons, ...more })
    await tenant.sync()
    await synced(t, tenant, 'customers', 'c')
    later(world)
  }

  for (const policy of ['pending_wins', 'xero_wins', 'product_wins'])
    for (const [name, said] of [
      ['first name', { firstName: 'P' }],
      ['last name', { lastName: 'Q' }],
    ] as const)
      t.test(`given ${policy} and a person known by the ${name}, then it stands once`, async (t) => {
        const tenant = await met(`half-${policy}-${name.slice(0, 4)}`, [person('P', 'Q', 'p@q.example')], [said], {
          conflict: policy,
        })
        t.strictSame(standing(tenant), ['P Q p@q.example'])
        t.match((await record(tenant, 'customers', 'c')).contactPersons, [{ firstName: 'P', email: 'p@q.example' }])
        await hand(tenant, [said], { email: 'other@half.example' })
        t.strictSame(standing(tenant), ['P Q p@q.example'], 'said once more')
        await hand(tenant, [{ ...said, email: 'new@q.example' }])
        t.strictSame(standing(tenant), ['P Q new@q.example'], 'with a mailbox of its own')
        tenant.mark()
        await tenant.sync('full')
        t.strictSame(writes(tenant), [])
        await hand(tenant, [])
        t.strictSame(standing(tenant), [], 'taken away')
        tenant.checkXero(t)
      })

  for (const [name, persons, said, stand] of [
    ['two of that name', [person('P', 'Q'), person('P', 'R')], { firstName: 'P' }, ['P', 'P Q', 'P R']],
    ['another last name', [person('P', 'Q')], { firstName: 'P', lastName: 'R' }, ['P Q', 'P R']],
    [
      'another mailbox',
      [person('P', 'Q', 'p@q.example')],
      { firstName: 'P', email: 'x@q.example' },
      ['P Q p@q.example', 'P x@q.example'],
    ],
    [
      'the mailbox of one of two',
      [person('P', 'Q', 'p@q.example'), person('P', 'R')],
      { firstName: 'P', email: 'p@q.example' },
      ['P Q p@q.example', 'P R'],
    ],
    ['half of it in Xero', [person('P')], { firstName: 'P', lastName: 'Q' }, ['P Q']],
  ] as const)
    t.test(`given ${name}, then nobody is taken for another one`, async (t) => {
      const tenant = await met(name.replaceAll(' ', '-'), persons, [said])
      t.strictSame(standing(tenant), stand)
      await hand(tenant, [said], { email: 'other@half.example' })
      t.strictSame(standing(tenant), stand, 'said once more')
      tenant.mark()
      await tenant.sync('full')
      t.strictSame(writes(tenant), [])
      tenant.checkXero(t)
    })

  for (const said of [{ firstName: 'P', email: 'p@q.example' }, { firstName: 'P' }])
    t.test(
      `given import off and ${Object.keys(said).join(' and ')}, when the mailbox changes, then it stands once`,
      async (t) => {
        const tenant = await met(`off-${Object.keys(said).length}`, [person('P', 'Q', 'p@q.example')], [said], {
          import: 'off',
        })
        t.strictSame(standing(tenant), ['P Q p@q.example'])
        const moved = { ...said, email: 'new@q.example' }
        await hand(tenant, [moved])
        t.strictSame(standing(tenant), ['P Q new@q.example'])
        await hand(tenant, [moved], { email: 'other@half.example' })
        t.strictSame(standing(tenant), ['P Q new@q.example'], 'with another field')
        await hand(tenant, [])
        t.strictSame(standing(tenant), [], 'taken away')
        tenant.checkXero(t)
      },
    )
})
