// Codes of items that change on both sides between two jobs.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { document, itemIn, later, record, synced } from './support/books.ts'
import { service } from './support/trading.ts'

t.test('books: items recoded', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  async function ready(name: string, count: number, settings: object = {}) {
    const tenant = await openTenant(world, name)
    await tenant.settings(settings)
    await tenant.put('items', ...Array.from({ length: count }, (_, n) => service(`s${n + 1}`)))
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    later(world)
    return tenant
  }

  for (const conflict of ['pending_wins', 'xero_wins', 'product_wins'] as const) {
    t.test(`given the same new code on both sides (${conflict}), then both agree without a word`, async (t) => {
      const tenant = await ready(`same-${conflict}`, 2, { items: { conflict } })
      control.editItem(tenant.organisation, 'SKU-s1', { Code: 'NEW-1' })
      await tenant.put('items', service('s1', { code: 'NEW-1' }))
      await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
      await tenant.sync()
      await synced(t, tenant, 'items', 's1')
      await synced(t, tenant, 'invoices', 'd1')
      t.equal(document(tenant, 'INV-d1').LineItems[0].ItemCode, 'NEW-1')
      t.equal(tenant.xero('Items').length, 2)
      t.strictSame((await tenant.api('GET', 'findings')).body.items, [])
      tenant.checkXero(t)
    })

    t.test(`given two different new codes (${conflict}), then one counts and nothing is made twice`, async (t) => {
      const tenant = await ready(`different-${conflict}`, 2, { items: { conflict } })
      const { ItemID } = itemIn(tenant, 'SKU-s1')
      control.editItem(tenant.organisation, 'SKU-s1', { Code: 'THEIRS' })
      await tenant.put('items', service('s1', { code: 'OURS' }))
      await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
      await tenant.sync()
      await tenant.sync()
      const code = conflict === 'xero_wins' ? 'THEIRS' : 'OURS'
      await synced(t, tenant, 'items', 's1')
      await synced(t, tenant, 'invoices', 'd1')
      t.equal(itemIn(tenant, ItemID).Code, code)
      t.equal((await record(tenant, 'items', 's1')).code, code)
      t.equal(document(tenant, 'INV-d1').LineItems[0].ItemCode, code)
      t.equal(tenant.xero('Items').length, 2)
      tenant.checkXero(t)
    })
  }

  t.test('given a code that a person changes in Xero, then the record shows it as the number there', async (t) => {
    const tenant = await ready('shown', 2)
    const number = async (id: string) => (await tenant.state('items', id)).xero.number
    control.editItem(tenant.organisation, 'SKU-s1', { Code: 'MINE' })
    await tenant.sync()
    t.strictSame([await number('s1'), await number('s2')], ['MINE', 'SKU-s2'])
    await tenant.settings({ items: { import: 'off' } })
    control.editItem(tenant.organisation, 'SKU-s2', { Code: 'OTHER' })
    await tenant.sync('full')
    t.equal(await number('s2'), 'OTHER', 'with imports off, too')
  })

  t.test('given a code that both sides take from a deleted item, then it is free', async (t) => {
    const tenant = await ready('of-deleted', 3)
    const [first, second] = ['SKU-s1', 'SKU-s2'].map((code) => itemIn(tenant, code).ItemID)
    control.deleteItem(tenant.organisation, 'SKU-s3')
    control.editItem(tenant.organisation, 'SKU-s1', { Code: 'SKU-s3' })
    await tenant.put('items', service('s1', { code: 'SKU-s3' }))
    await tenant.put('invoices', invoice('d1', 'c1', ['s1', 's2']))
    await tenant.sync()
    await tenant.sync('full')
    await synced(t, tenant, 'items', 's1', 's2')
    await synced(t, tenant, 'invoices', 'd1')
    t.strictSame(
      document(tenant, 'INV-d1').LineItems.map((one: { Item: { ItemID: string } }) => one.Item.ItemID),
      [first, second],
    )
    t.equal(itemIn(tenant, first).Code, 'SKU-s3')
    t.equal(tenant.xero('Items').length, 2)
    tenant.checkXero(t)
  })

  t.test(
    'given a code that the product takes from an item deleted in Xero, then the others stay as they are',
    async (t) => {
      const tenant = await ready('taken-over', 3)
      const first = itemIn(tenant, 'SKU-s1').ItemID
      control.deleteItem(tenant.organisation, 'SKU-s3')
      await tenant.put('items', service('s1', { code: 'SKU-s3' }))
      await tenant.sync()
      await tenant.sync('full')
      await synced(t, tenant, 'items', 's1', 's2')
      t.equal(itemIn(tenant, first).Code, 'SKU-s3')
      t.equal(tenant.xero('Items').length, 2)
      tenant.checkXero(t)
    },
  )
})
