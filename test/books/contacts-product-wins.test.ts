// Two records of one contact that both win over Xero: what one of them writes is no change of Xero's to the other.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { contact, later, record, synced, writes } from './support/books.ts'

t.test('books: contacts where the product wins', async (t) => {
  const world = await openWorld(t)
  for (const isOne of [false, true])
    t.test(`given ${isOne ? 'one role' : 'both roles'} with product_wins, then nothing flips`, async (t) => {
      const tenant = await openTenant(world, `wins-${isOne}`)
      const wins = { conflict: 'product_wins' }
      await tenant.settings({ customers: wins, ...(!isOne && { vendors: wins }) })
      await tenant.put('customers', { id: 'c', name: 'Sp Two', email: 'c@x.example' })
      await tenant.put('vendors', { id: 'v', name: 'Sp Two', email: 'c@x.example' })
      await tenant.sync()
      await synced(t, tenant, 'customers', 'c')
      await synced(t, tenant, 'vendors', 'v')
      await tenant.put('customers', { id: 'c', name: 'Sp Two renamed', email: 'c2@x.example' })
      await tenant.sync()
      t.match(await record(tenant, 'vendors', 'v'), { name: 'Sp Two renamed', email: 'c2@x.example' })
      await tenant.put('vendors', { id: 'v', name: 'Sp Three', email: 'v@x.example' })
      await tenant.sync()
      t.match(await record(tenant, 'customers', 'c'), { name: 'Sp Three', email: 'v@x.example' })
      later(world)
      world.simulator.control.editContact(tenant.organisation, 'Sp Three', { LastName: 'Person' })
      await tenant.sync()
      await tenant.sync()
      tenant.mark()
      await tenant.sync()
      await tenant.sync('full')
      t.strictSame(writes(tenant), [], 'no write in idle jobs')
      t.match(contact(tenant, 'Sp Three'), { EmailAddress: 'v@x.example' })
      tenant.checkXero(t)
    })
})
