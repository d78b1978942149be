// Case 02: lists that lack items.
import t, { type Test } from 'tap'
import type { AnswerChange } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { hour, later, synced } from './support/books.ts'

const service = (id: string, more: object = {}) => item(id, { kind: 'service', ...more })

t.test('books: items absent', async (t) => {
  const world = await openWorld(t)
  const { clock } = world
  const { control } = world.simulator

  /** An answer that one organisation's list of items gets instead of Xero's. */
  const oddItems = (tenant: Tenant, answer: AnswerChange, times = 1) =>
    control.faults({ kind: 'answer', method: 'GET', path: '/Items', tenantId: tenant.organisationId, times, answer })
  const noMore = () => control.clearFaults()

  async function withItems(name: string, count: number, seed: object = {}) {
    const tenant = await openTenant(world, name, { seed })
    const ids = Array.from({ length: count }, (_, index) => `s${index + 1}`)
    await tenant.put('items', ...ids.map((id) => service(id)))
    await tenant.put('customers', customer('c1'))
    await tenant.sync()
    return { tenant, ids }
  }
  const deletions = async (tenant: Tenant) =>
    (await tenant.changes()).filter((change) => change.operation === 'deleted').map((change) => change.recordId)
  const allThere = async (t: Test, tenant: Tenant, ids: string[]) => {
    t.strictSame(await deletions(tenant), [], 'no deletion in the feed')
    await synced(t, tenant, 'items', ...ids)
  }

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
        const { tenant, ids } = await withItems(`list-${what}-${count}`, count)
        later(world)
        oddItems(tenant, answer)
        const id = await tenant.startJob('full')
        await world.work()
        noMore()
        t.ok((await tenant.job(id)).completedAt)
        await tenant.sync()
        await allThere(t, tenant, ids)
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
      const { tenant } = await withItems(`deleted-${had}-${gone}`, had)
      later(world)
      for (let n = 1; n <= gone; n++) control.deleteItem(tenant.organisation, `SKU-s${n}`)
      for (let n = 0; n < 3; n++) {
        await tenant.sync('full')
        clock.advance(24 * hour)
      }
      t.equal((await deletions(tenant)).length, gone)
      tenant.checkXero(t)
    })
})
