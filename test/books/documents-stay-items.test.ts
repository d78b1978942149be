// An invoice or bill with a change in the queue whose item is another one in Xero by now: deleted and handed over anew, or under
// another code. Nobody said that the line belongs there: it stays until it is asked for.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import type { Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, later, synced, writes } from './support/books.ts'
import { staying } from './support/staying.ts'
import { bothPaths, lineWithout, openTrader, service } from './support/trading.ts'

const keepItems = {
  ...inNewZealand,
  settings: { ...inNewZealand.settings, items: { ...inNewZealand.settings.items, onDelete: 'keep' } },
}

t.test('books: lines of documents stay at their items', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  for (const path of bothPaths) {
    const { make, documentOf, pull, quantity, there, ask } = staying(t, world, path)

    const account = path === 'invoices' ? { incomeAccount: '260' } : { expenseAccount: '310' }
    const standsOn = (tenant: Tenant) => there(tenant).LineItems[0].ItemCode
    async function another(name: string, without: string[] = [], options: typeof inNewZealand = keepItems) {
      const tenant = await openTrader(world, `${name}-${path}`, options)
      const named = (count: string, more: object = {}) =>
        make('d', [{ ...lineWithout('1', ...without), quantity: count, ...more }])
      await tenant.put(path, named('1'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      await tenant.api('DELETE', 'items/s1')
      await pull(tenant)
      await tenant.put('items', service('s1', { code: 'ELSE', name: 'Other', description: 'Other', ...account }))
      await pull(tenant)
      await synced(t, tenant, 'items', 's1')
      t.equal(itemIn(tenant, 'SKU-s1') !== undefined, options === keepItems)
      return { tenant, named }
    }

    t.test(`given ${path} of an item that was kept, when its id is another one, then the line stays`, async (t) => {
      const { tenant, named } = await another('item-kept')
      await tenant.put(path, named('2'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'SKU-s1')
      t.equal(quantity(tenant), 2)
      await ask(tenant)
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'ELSE')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} of an item that is gone, when its id is another one, then they move when asked`,
      async (t) => {
        const { tenant, named } = await another('item-gone', [], inNewZealand)
        for (const count of ['2', '1']) await tenant.put(path, named(count))
        tenant.mark()
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.strictSame(writes(tenant, '/Invoices'), [], 'nothing of it changed')
        await tenant.put(path, named('2'))
        await pull(tenant)
        t.match(await tenant.state(path, 'd'), { state: 'failed', lastError: { code: 'item_unknown' } })
        t.equal(standsOn(tenant), 'SKU-s1')
        await ask(tenant)
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(standsOn(tenant), 'ELSE')
        t.equal(quantity(tenant), 2)
        tenant.checkXero(t)
      },
    )

    t.test(
      `given ${path} of an item that got another code since, when they change, then they stay on it`,
      async (t) => {
        const { tenant, named } = await another('item-recoded')
        control.editItem(tenant.organisation, 'SKU-s1', { Code: 'RECODED' })
        later(world)
        await tenant.put(path, named('2'))
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        t.equal(standsOn(tenant), 'RECODED')
        t.equal(quantity(tenant), 2)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path} of the proxy item, when items are sent themselves, then lines go there`, async (t) => {
      const { items } = inNewZealand.settings
      const settings = { ...inNewZealand.settings, items: { ...items, syncNonInventory: false } }
      const tenant = await openTrader(world, `item-proxy-${path}`, { ...inNewZealand, settings })
      await tenant.put(path, documentOf())
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.not(standsOn(tenant), 'SKU-s1')
      await tenant.settings({ items: { syncNonInventory: true } })
      await tenant.api('POST', 'sync-queue-items', { recordType: 'item' })
      await tenant.put(path, documentOf('2'))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'SKU-s1')
      tenant.checkXero(t)
    })

    t.test(
      `given ${path} with the text of an item whose id is another one, when they change, then it stays`,
      async (t) => {
        const { tenant, named } = await another('item-text', ['description', 'taxCode'])
        const before = there(tenant).LineItems[0]
        await tenant.put(path, named('2'))
        await pull(tenant)
        await synced(t, tenant, path, 'd')
        const [after] = there(tenant).LineItems
        t.equal(after.Quantity, 2)
        for (const name of ['ItemCode', 'Description', 'TaxType']) t.equal(after[name], before[name], name)
        tenant.checkXero(t)
      },
    )

    t.test(`given ${path} of an item whose id is another one, when a line names another, then it moves`, async (t) => {
      const { tenant, named } = await another('item-named')
      await tenant.put('items', service('s2'))
      await tenant.put(path, named('1', { itemId: 's2' }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'SKU-s2')
      await tenant.put(path, named('1', { itemId: 's1' }))
      await pull(tenant)
      await synced(t, tenant, path, 'd')
      t.equal(standsOn(tenant), 'ELSE', 'named once more, it is the item of now')
      tenant.checkXero(t)
    })
  }
})
