// An item whose creation or first change was not answered has the account of the settings in Xero. That is nobody's edit: an account that the product
// gives the record before the item is found arrives, whoever wins.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, synced } from './support/books.ts'

const minute = 60_000

t.test('books: an account that is said while no answer has come', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  t.afterEach(() => control.clearFaults())

  const ways = [
    ['a new item', 'PUT', () => undefined],
    ['an item of the books', 'POST', (o: string) => control.createItem(o, { Code: 'IT', Name: 'it' })],
  ] as const

  for (const [what, method, prepare] of ways)
    for (const mode of ['off', 'updates_and_new'])
      for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'])
        t.test(`given ${what}, import ${mode} and ${conflict}, then the account arrives`, async (t) => {
          const name = `${method}-${mode}-${conflict}`.replaceAll('_', '-').toLowerCase()
          const tenant = await openTenant(world, name, inNewZealand)
          await tenant.settings({ items: { conflict, import: mode } })
          prepare(tenant.organisation)
          control.faults({ kind: 'lost_response', method, path: '/Items', tenantId: tenant.organisationId, times: 3 })
          const item = { id: 'i1', kind: 'service', code: 'IT', name: 'it', salePrice: '5' }
          await tenant.put('items', item)
          await tenant.startJob()
          await world.work({ forMs: 4 * minute })
          await tenant.put('items', { ...item, incomeAccount: '260' })
          await world.work()
          await tenant.sync()
          await synced(t, tenant, 'items', 'i1')
          t.equal(itemIn(tenant, 'IT').SalesDetails.AccountCode, '260')
          tenant.checkXero(t)
        })
})
