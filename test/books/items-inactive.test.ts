// What Xero hides of an item that is not sold or not purchased was not taken away by anybody: the record keeps it.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, later, record, synced } from './support/books.ts'

const whole = {
  id: 'i1',
  kind: 'service',
  code: 'A1',
  name: 'Named',
  salePrice: '10',
  purchasePrice: '5',
  description: 'sold',
  purchaseDescription: 'bought',
  incomeAccount: '260',
}

t.test('books: items that are not sold or not purchased', async (t) => {
  const world = await openWorld(t)
  for (const [name, change] of Object.entries({
    'not purchased': { isPurchased: false },
    'not sold': { isSold: false },
    inactive: { active: false },
  }))
    t.test(
      `given an item that the product says is ${name} for a while, then it is whole again afterwards`,
      async (t) => {
        const tenant = await openTenant(world, name.replaceAll(' ', '-'), inNewZealand)
        await tenant.put('items', whole)
        await tenant.sync()
        const before = itemIn(tenant, 'A1')
        later(world)
        await tenant.put('items', { ...whole, ...change })
        await tenant.sync()
        later(world)
        await tenant.sync('full')
        const { id: _, ...content } = whole
        t.match(await record(tenant, 'items', 'i1'), { ...content, ...change }, 'the record keeps what Xero hides')
        t.strictSame(await tenant.changes(), [], 'nothing of it is a change of somebody else')
        await tenant.put('items', { isSold: true, isPurchased: true, ...whole, active: true })
        await tenant.sync()
        await synced(t, tenant, 'items', 'i1')
        const now = itemIn(tenant, 'A1')
        for (const part of ['IsSold', 'IsPurchased', 'Description', 'PurchaseDescription', 'SalesDetails'])
          t.strictSame(now[part], before[part], part)
        t.equal(now.PurchaseDetails.UnitPrice, 5)
        tenant.checkXero(t)
      },
    )
})
