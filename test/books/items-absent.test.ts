// Case 02: lists that lack items.
import t from 'tap'
import type { AnswerChange } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { hour, itemIn, later, synced, writes } from './support/books.ts'
import { allItemsThere, deletionsTold, oddItemLists } from './support/odd-answers.ts'
import { openWithItems, service } from './support/trading.ts'

t.test('books: items absent', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator

  /** An answer that one organisation's list of items gets instead of Xero's. */
  const oddItems = oddItemLists(world)
  const noMore = () => control.clearFaults()

  const oddLists: Record<string, AnswerChange> = {
    empty: { rows: { as: 'empty' } },
    bare: { json: { Items: [] } },
    half: { rows: { share: 0.5 } },
    null: { rows: { as: 'null' } },
    absent: { rows: { as: 'absent' } },
  }
  for (const [what, answer] of Object.entries(oddLists)) {
    for (const count of [4, 20]) {
      t.test(`02 given ${count} items and one answer with its list ${what}, then no item is deleted`, async (t) => {
        const { tenant, ids } = await openWithItems(world, `list-${what}-${count}`, count)
        later(world)
        oddItems(tenant, answer)
        const id = await tenant.startJob('full')
        await world.work()
        noMore()
        t.ok((await tenant.job(id)).completedAt)
        await tenant.sync()
        await allItemsThere(t, tenant, ids)
        await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
        await tenant.sync()
        await synced(t, tenant, 'invoices', 'd1')
        tenant.checkXero(t)
      })
    }
  }

  for (const [had, gone] of [
    [4, 1],
    [3, 3],
    [1, 1],
    [20, 2],
  ] as const)
    t.test(`02 given ${had} items, when ${gone} are really deleted, then that is noticed`, async (t) => {
      const { tenant } = await openWithItems(world, `deleted-${had}-${gone}`, had)
      later(world)
      for (let n = 1; n <= gone; n++) control.deleteItem(tenant.organisation, `SKU-s${n}`)
      for (let n = 0; n < 3; n++) {
        await tenant.sync('full')
        clock.advance(24 * hour)
      }
      t.equal((await deletionsTold(tenant)).length, gone)
      tenant.checkXero(t)
    })

  for (const [what, settings] of Object.entries({
    pending: { import: 'off' },
    'xero-wins': { import: 'off', conflict: 'xero_wins' },
  })) {
    t.test(
      `02 given imports that are off (${what}) and items that come back, then they are as they were`,
      async (t) => {
        const { tenant, ids } = await openWithItems(world, `back-${what}`, 3)
        await tenant.settings({ items: settings })
        await tenant.put('items', service('s2', { salePrice: '7' }))
        const [withdrawn] = await tenant.queue()
        await tenant.api('DELETE', `sync-queue-items/${withdrawn?.id}?force=true`)
        later(world)
        const missing = { json: { Items: [] } }
        oddItems(tenant, missing, 20)
        for (let n = 0; n < 2; n++) {
          await tenant.sync('full')
          later(world)
        }
        for (const id of ids) t.match(await tenant.state('items', id), { lastError: { code: 'removed_in_xero' } })
        noMore()
        await tenant.sync('full')
        await allItemsThere(t, tenant, ['s1', 's3'])
        t.match(await tenant.state('items', 's2'), { state: 'outdated', lastError: { code: 'change_withdrawn' } })
        await tenant.put('items', service('s1', { salePrice: '8' }))
        await tenant.sync()
        t.match(itemIn(tenant, 'SKU-s1'), { SalesDetails: { UnitPrice: 8 } })
        t.equal(tenant.xero('Items').length, 3)
        tenant.checkXero(t)
      },
    )
  }

  for (const mode of ['off', 'updates'])
    t.test(
      `02 given product_wins, imports ${mode} and items that come back, then they are the records’ again`,
      async (t) => {
        const { tenant, ids } = await openWithItems(world, `wins-back-${mode}`, 3)
        await tenant.settings({ items: { import: mode, conflict: 'product_wins' } })
        oddItems(tenant, { json: { Items: [] } }, 20)
        await tenant.sync('full')
        later(world)
        for (const id of ids) t.equal((await tenant.state('items', id)).state, 'pending', 'to be created anew')
        noMore()
        await tenant.sync('full')
        await allItemsThere(t, tenant, ids)
        t.equal(tenant.xero('Items').length, 3)
        await tenant.put('items', service('s1', { salePrice: '8' }))
        await tenant.sync()
        t.match(itemIn(tenant, 'SKU-s1'), { SalesDetails: { UnitPrice: 8 } })
        tenant.checkXero(t)
      },
    )

  t.test('02 given an item that was only met, and comes back, then it is compared', async (t) => {
    const tenant = await openTenant(world, 'met-back')
    await tenant.settings({ items: { import: 'off' } })
    control.createItem(tenant.organisation, {
      ...{ Code: 'SKU-s1', Name: service('s1').name },
      ...{ SalesDetails: { AccountCode: '200' }, PurchaseDetails: { AccountCode: '300' } },
    })
    await tenant.put('items', { kind: 'service', id: 's1', code: 'SKU-s1', name: service('s1').name })
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    t.strictSame(writes(tenant, '/Items'), [])
    later(world)
    oddItems(tenant, { json: { Items: [] } }, 20)
    await tenant.sync('full')
    later(world)
    await tenant.sync('full')
    t.match(await tenant.state('items', 's1'), { state: 'outdated', lastError: { code: 'removed_in_xero' } })
    noMore()
    await tenant.sync('full')
    t.match(await tenant.state('items', 's1'), { state: 'pending', lastError: null })
    await tenant.sync()
    await synced(t, tenant, 'items', 's1')
    t.equal(tenant.xero('Items').length, 1)
    tenant.checkXero(t)
  })
})
