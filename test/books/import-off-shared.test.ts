// A customer and a vendor that are one contact, of which one learns nothing from Xero: what both say differently stays as it stands,
// and is told; it is not taken away from the other one.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, synced } from './support/books.ts'

t.test('books: a shared contact, import off', async (t) => {
  const world = await openWorld(t)
  for (const conflict of ['pending_wins', 'product_wins'] as const)
    for (const [first, second] of [
      ['customers', 'vendors'],
      ['vendors', 'customers'],
    ] as const)
      t.test(
        `given ${second} that learn nothing, when ${conflict}, then what ${first} say of an address stays`,
        async (t) => {
          const tenant = await openTenant(world, `${conflict}-${second}`)
          await tenant.settings({ [first]: { conflict }, [second]: { conflict, import: 'off' } })
          world.simulator.control.createContact(tenant.organisation, {
            Name: 'Both',
            Addresses: [{ AddressType: 'POBOX', AddressLine1: 'A street', Country: 'Land' }],
          })
          const address = { kind: 'billing', lines: ['1 Road'], city: 'Bath', postalCode: '48' }
          await tenant.put(first, { id: 'a', name: 'Both', addresses: [address] })
          await tenant.sync()
          const other = { kind: 'billing', lines: [], region: 'Avon', postalCode: '50' }
          await tenant.put(second, { id: 'b', name: 'Both', addresses: [other] })
          for (const times of ['once', 'twice']) {
            await tenant.sync()
            const [there] = contact(tenant, 'Both').Addresses.filter((one: { City?: string }) => one.City === 'Bath')
            const now = { AddressLine1: '1 Road', City: 'Bath', PostalCode: '48', Region: 'Avon', Country: 'Land' }
            t.match(there, now, times)
            t.match(await tenant.state(second, 'b'), {
              state: 'conflict',
              lastError: { code: 'contact_disputed', differences: [{ product: '50', xero: '48' }] },
            })
            await synced(t, tenant, first, 'a')
          }
          t.match((await tenant.api('GET', `${first}/a`)).body.record.addresses, [{ postalCode: '48' }])
          tenant.checkXero(t)
        },
      )
})
