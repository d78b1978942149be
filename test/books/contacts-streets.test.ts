// The street of an address has several lines. A person changes one of them in Xero and the product another: both stand.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, record, synced, writes } from './support/books.ts'

const names = ['AddressLine1', 'AddressLine2', 'AddressLine3', 'AddressLine4']

t.test('books: lines of a street', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const standing = (tenant: Tenant): string[] => {
    const street = contact(tenant, 'Street').Addresses.find((one: Row) => one.AddressType === 'POBOX')
    return names.map((name) => street[name]).filter(Boolean)
  }
  const said = (lines: readonly string[], more: object = {}) => ({
    ...{ id: 'c', name: 'Street', ...more },
    addresses: [{ kind: 'billing', lines, city: 'Bath' }],
  })

  interface Case {
    readonly name: string
    readonly before: readonly string[]
    readonly person: readonly string[]
    readonly product: readonly string[]
    readonly both: readonly string[]
    /** Where both changed the same: it is as one of them says. */
    readonly isOne?: boolean
  }
  const cases: readonly Case[] = [
    {
      name: 'line 1 by a person, line 2 by the product',
      ...{ before: ['1 Road', 'Level 1'], person: ['1A Road', 'Level 1'], product: ['1 Road', 'Level 2'] },
      both: ['1A Road', 'Level 2'],
    },
    {
      name: 'line 2 by a person, line 1 by the product',
      ...{ before: ['1 Road', 'Level 1'], person: ['1 Road', 'Level 2'], product: ['9 Way', 'Level 1'] },
      both: ['9 Way', 'Level 2'],
    },
    {
      name: 'a line put before by a person, the last one by the product',
      ...{ before: ['1 Road', 'Mall'], person: ['Level 3', '1 Road', 'Mall'], product: ['1 Road', 'Shop 2'] },
      both: ['Level 3', '1 Road', 'Shop 2'],
    },
    {
      name: 'line 1 by a person, a line added by the product',
      ...{ before: ['1 Road'], person: ['1A Road'], product: ['1 Road', 'Level 2'] },
      both: ['1A Road', 'Level 2'],
    },
    {
      name: 'line 1 by a person, line 2 taken away by the product',
      ...{ before: ['1 Road', 'Level 1'], person: ['1A Road', 'Level 1'], product: ['1 Road'] },
      both: ['1A Road'],
    },
    {
      name: 'a line added by a person, another street by the product',
      ...{ before: ['1 Road'], person: ['1 Road', 'Gate 2'], product: ['9 Way'] },
      both: ['9 Way'],
      isOne: true,
    },
    {
      name: 'line 2 by both',
      ...{ before: ['1 Road', 'Level 1'], person: ['1 Road', 'Level 2'], product: ['1 Road', 'Level 3'] },
      both: ['1 Road', 'Level 3'],
      isOne: true,
    },
  ]
  for (const [index, { name, before, person, product, both, isOne = false }] of cases.entries()) {
    const open = async (kind: string, policy = 'pending_wins', more: object = {}): Promise<Tenant> => {
      const seed = { ...inNewZealand.seed, partsReplaced: true }
      const tenant = await openTenant(world, `${kind}-${policy}-${index}`, { ...inNewZealand, seed })
      await tenant.settings({ customers: { conflict: policy, ...more } })
      await tenant.put('customers', said(before))
      await tenant.sync()
      later(world)
      control.editContact(tenant.organisation, 'Street', {
        Addresses: [
          { AddressType: 'POBOX', City: 'Bath', ...Object.fromEntries(person.map((line, at) => [names[at], line])) },
        ],
      })
      return tenant
    }
    const ends = async (tenant: Tenant, lines: readonly string[]): Promise<void> => {
      t.strictSame(standing(tenant), lines)
      await synced(t, tenant, 'customers', 'c')
      later(world)
      tenant.mark()
      await tenant.sync('full')
      t.strictSame(writes(tenant), [])
      tenant.checkXero(t)
    }

    for (const policy of ['pending_wins', 'xero_wins'])
      t.test(`given ${policy}, when ${name} change at once, then ${isOne ? 'one' : 'both'} stands`, async (t) => {
        const tenant = await open('once', policy)
        await tenant.put('customers', said(product))
        await tenant.sync()
        const lines = isOne && policy === 'xero_wins' ? person : both
        await ends(tenant, lines)
        t.match((await record(tenant, 'customers', 'c')).addresses, [{ lines }])
      })

    t.test(`given ${name}, one after the other, then it is the same`, async () => {
      const tenant = await open('after')
      await tenant.sync()
      await tenant.put('customers', said(product))
      await tenant.sync()
      await ends(tenant, both)
    })

    t.test(`given import off, when ${name} change, then it is the same`, async (t) => {
      const tenant = await open('off', 'pending_wins', { import: 'off' })
      await tenant.put('customers', said(product))
      await tenant.sync()
      await ends(tenant, both)
      await tenant.put('customers', said(product, { firstName: 'F' }))
      await tenant.sync()
      t.strictSame(standing(tenant), both, 'with another field')
    })
  }

  t.test('given product_wins, then the street is as the product says it', async (t) => {
    const tenant = await openTenant(world, 'wins')
    await tenant.settings({ customers: { conflict: 'product_wins' } })
    await tenant.put('customers', said(['1 Road', 'Level 1']))
    await tenant.sync()
    later(world)
    control.editContact(tenant.organisation, 'Street', {
      Addresses: [{ AddressType: 'POBOX', AddressLine1: '1A Road', AddressLine2: 'Level 1', City: 'Bath' }],
    })
    await tenant.put('customers', said(['1 Road', 'Level 2']))
    await tenant.sync()
    t.strictSame(standing(tenant), ['1 Road', 'Level 2'])
    await synced(t, tenant, 'customers', 'c')
  })

  for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'])
    t.test(
      `given ${conflict}, when the product, which never said a street, says none again, then it stays`,
      async (t) => {
        const tenant = await openTenant(world, `none-${conflict}`.replaceAll('_', '-'))
        await tenant.settings({ customers: { conflict } })
        const Addresses = [{ AddressType: 'POBOX', AddressLine1: '1 Road', City: 'Bath' }]
        control.createContact(tenant.organisation, { Name: 'Street', Addresses })
        await tenant.put('customers', said([]))
        await tenant.sync()
        later(world)
        await tenant.put('customers', said([], { firstName: 'F' }))
        await tenant.sync()
        t.strictSame(standing(tenant), ['1 Road'])
        t.match((await record(tenant, 'customers', 'c')).addresses, [{ lines: ['1 Road'] }])
        await synced(t, tenant, 'customers', 'c')
      },
    )
})
