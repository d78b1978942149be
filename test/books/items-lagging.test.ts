// Case 02: lists of Xero that lag behind what was just written.
import t from 'tap'
import type { AnswerMaker } from '../../src/simulator/answer-fault.ts'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { itemIn, later, record, synced } from './support/books.ts'
import { service } from './support/trading.ts'

const minute = 60_000

t.test('books: items lagging', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  /** One item in Xero; from now on its list is what it was at the first read. */
  async function lagging(name: string) {
    const tenant = await openTenant(world, name)
    await tenant.put('items', service('s1'))
    await tenant.sync()
    later(world)
    let first: ReturnType<AnswerMaker>
    const answer: AnswerMaker = (real) => {
      first ??= real
      return first
    }
    const { organisationId: tenantId } = tenant
    control.faults({ kind: 'answer', method: 'GET', path: '/Items', tenantId, times: 1_000, answer })
    await tenant.sync('full')
    return tenant
  }

  t.test('02 given a list from before our own write, then what was written stands', async (t) => {
    const tenant = await lagging('older-row')
    await tenant.put('items', service('s1', { salePrice: '99' }))
    await tenant.sync()
    await tenant.sync('full')
    t.equal((await record(tenant, 'items', 's1')).salePrice, '99')
    control.clearFaults()
    await tenant.sync('full')
    await synced(t, tenant, 'items', 's1')
    t.equal(itemIn(tenant, 'SKU-s1').SalesDetails.UnitPrice, 99)
    tenant.checkXero(t)
  })

  t.test('02 given lists that do not show yet what was just created, then it is not missing', async (t) => {
    const tenant = await lagging('not-yet')
    await tenant.put('items', service('s2'))
    await tenant.sync()
    for (const kind of ['full', 'full', 'incremental'] as const) {
      world.clock.advance(minute)
      await tenant.sync(kind)
    }
    control.clearFaults()
    const deleted = (await tenant.changes()).filter((change) => change.operation === 'deleted')
    t.strictSame(deleted, [])
    await synced(t, tenant, 'items', 's1', 's2')
    tenant.checkXero(t)
  })
})
