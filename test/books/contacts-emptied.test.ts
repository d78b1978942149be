// A person empties an address in Xero while the product says one part of it anew: what each side did is done, and nothing else.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { contact, inNewZealand, later, type Row, synced } from './support/books.ts'

const empty = { AddressLine1: '', AddressLine2: '', City: '', Region: '', PostalCode: '', Country: '' }
const address = { AddressType: 'STREET', ...empty, City: 'Perth', Region: 'WA', PostalCode: '6000' }

const addressOf = (tenant: Tenant): Row => {
  const found = contact(tenant, 'Emptied').Addresses.find(({ AddressType }: Row) => AddressType === 'STREET') ?? {}
  return Object.fromEntries(Object.entries(found).filter(([name, value]) => name !== 'AddressType' && value))
}

t.test('books: an address that a person empties', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const policy of ['pending_wins', 'xero_wins', 'product_wins'])
    for (const mode of ['updates_and_new', 'off']) {
      const met = async (name: string, said: object): Promise<Tenant> => {
        const tenant = await openTenant(world, `${name}-${policy}-${mode}`, inNewZealand)
        await tenant.settings({ customers: { conflict: policy, import: mode } })
        control.createContact(tenant.organisation, { Name: 'Emptied', Addresses: [address] })
        await tenant.put('customers', { id: 'c1', name: 'Emptied', ...said })
        await tenant.sync()
        t.match(addressOf(tenant), { City: 'Perth' })
        later(world)
        control.editContact(tenant.organisation, 'Emptied', { Addresses: [{ ...address, ...empty }] })
        later(world)
        return tenant
      }

      t.test(`given ${policy}, import ${mode} and a street said meanwhile, then the street alone stands`, async (t) => {
        const tenant = await met('street', {})
        const street = { kind: 'shipping', lines: ['2 Street'] }
        await tenant.put('customers', { id: 'c1', name: 'Emptied', addresses: [street] })
        await tenant.sync()
        t.strictSame(addressOf(tenant), { AddressLine1: '2 Street' })
        await synced(t, tenant, 'customers', 'c1')
        tenant.checkXero(t)
      })

      t.test(`given ${policy}, import ${mode} and nothing said meanwhile, then it stays empty`, async (t) => {
        const tenant = await met('silent', {})
        await tenant.put('customers', { id: 'c1', name: 'Emptied', phones: [{ kind: 'default', number: '5550199' }] })
        await tenant.sync()
        t.strictSame(addressOf(tenant), {})
        await synced(t, tenant, 'customers', 'c1')
        tenant.checkXero(t)
      })
    }
})
