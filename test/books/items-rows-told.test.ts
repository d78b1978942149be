// Case 11: rows that should not be do not hide a deletion.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { later } from './support/books.ts'
import { deletionsTold, oddItemLists } from './support/odd-answers.ts'
import { openWithItems } from './support/trading.ts'

const far = 1_000_000

t.test('books: items rows told', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** An answer that one organisation's list of items gets instead of Xero's. */
  const oddItems = oddItemLists(world)
  const noMore = () => control.clearFaults()

  const odd = [null, { ItemID: '11111111-1111-4111-8111-111111111111', Code: '', Name: 'Without a code' }]

  t.test('11 given odd rows in every list, then real deletions are noticed and the rows are told', async (t) => {
    const { tenant } = await openWithItems(world, 'odd-rows', 2)
    later(world)
    oddItems(tenant, { rows: { add: odd } }, far)
    const first = await tenant.sync('full')
    control.deleteItem(tenant.organisation, 'SKU-s1')
    await tenant.sync('full')
    noMore()
    t.strictSame(await deletionsTold(tenant), ['s1'])
    t.ok(JSON.stringify(first).includes('odd') || JSON.stringify(await tenant.errors(first.id)).includes('1111'))
    tenant.checkXero(t)
  })

  t.test('11 given a row of null in the place of an item, then that is believed to be gone only later', async (t) => {
    const { tenant } = await openWithItems(world, 'null-row', 2)
    later(world)
    oddItems(tenant, { rows: { add: odd } }, far)
    control.deleteItem(tenant.organisation, 'SKU-s1')
    await tenant.sync('full')
    await tenant.sync('full')
    t.strictSame(await deletionsTold(tenant), [], 'the row may be the item')
    later(world)
    await tenant.sync('full')
    noMore()
    t.strictSame(await deletionsTold(tenant), ['s1'])
    tenant.checkXero(t)
  })
})
