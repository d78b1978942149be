// Case 02: lists that lack items.
import t from 'tap'
import type { AnswerChange } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { invoice } from '../support/records.ts'
import { hour, later, synced } from './support/books.ts'
import { allItemsThere, deletionsTold, oddItemLists } from './support/odd-answers.ts'
import { openWithItems } from './support/trading.ts'

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
})
