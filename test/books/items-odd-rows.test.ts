// Cases 02 and 11: every answer of a job is wrong, and rows that should not be.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { byHand, later, record } from './support/books.ts'
import { allItemsThere, deletionsTold, oddItemLists } from './support/odd-answers.ts'
import { openWithItems } from './support/trading.ts'

const far = 1_000_000

t.test('books: items odd rows', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** An answer that one organisation's list of items gets instead of Xero's. */
  const oddItems = oddItemLists(world)
  const noMore = () => control.clearFaults()

  t.test(
    '02 given 20 items that are all gone for good, then nothing is deleted before it is told and certain',
    async (t) => {
      const { tenant, ids } = await openWithItems(world, 'all-gone', 20)
      later(world)
      oddItems(tenant, { rows: { as: 'empty' } }, far)
      await tenant.sync('full')
      t.strictSame(await deletionsTold(tenant), [], 'one reading is not enough')
      noMore()
      await tenant.sync('full')
      await allItemsThere(t, tenant, ids)
      tenant.checkXero(t)
    },
  )

  t.test('02 given a connection that was renewed, when the first list is empty, then no item is deleted', async (t) => {
    const { tenant, ids } = await openWithItems(world, 'renewed', 8)
    control.disconnect(tenant.organisation)
    later(world)
    await tenant.startJob().catch(() => undefined)
    await world.work()
    await tenant.reconnect()
    oddItems(tenant, { rows: { as: 'empty' } })
    await tenant.sync().catch(() => undefined)
    noMore()
    await tenant.sync('full')
    await allItemsThere(t, tenant, ids)
  })

  t.test('11 given a price such as 1E-05 and rows without a name, then the import goes on', async (t) => {
    const { tenant } = await openWithItems(world, 'numbers', 2)
    const other = control.createItem(tenant.organisation, { Code: 'X-1', SalesDetails: { UnitPrice: 0.25 } })
    const nameless = control.createContact(tenant.organisation, { Name: '' }, { unchecked: true })
    control.createInvoice(tenant.organisation, byHand('ACCREC', nameless.ContactID))
    oddItems(tenant, { replace: [['"UnitPrice":0.25', '"UnitPrice":1E-05']] }, far)
    const job = await tenant.sync('full')
    noMore()
    t.equal(job.status, 'completed', JSON.stringify([job, await tenant.errors(job.id)]))
    t.match(await record(tenant, 'items', String(other.ItemID)), { salePrice: '0.00001' })
    tenant.checkXero(t)
  })
})
