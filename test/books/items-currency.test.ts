// Items whose prices are in another currency than the organisation's: such a price is none of Xero's, and Xero's none of theirs.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { openTenant, type Tenant } from '../support/tenant.ts'
import { inNewZealand, itemIn, later, record, synced } from './support/books.ts'

const ofBooks = (Code: string) => ({
  Code,
  Name: Code,
  Description: 'Of the books',
  SalesDetails: { UnitPrice: 10, AccountCode: '260' },
  PurchaseDetails: { UnitPrice: 5, AccountCode: '310' },
})
const poor = { id: 'i1', kind: 'service', code: 'CUR', name: 'CUR' }
const inDollars = { ...poor, currency: 'USD' }

t.test('books: items priced in another currency', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const pull = async (tenant: Tenant) => {
    later(world)
    await tenant.sync()
    later(world)
  }

  async function meet(name: string, first: object): Promise<Tenant> {
    const tenant = await openTenant(world, name, inNewZealand)
    control.createItem(tenant.organisation, ofBooks('CUR'))
    await tenant.sync()
    await tenant.put('items', first)
    await pull(tenant)
    return tenant
  }

  const prices = (tenant: Tenant) => [
    itemIn(tenant, 'CUR').SalesDetails.UnitPrice,
    itemIn(tenant, 'CUR').PurchaseDetails.UnitPrice,
  ]
  const unpriced = async (tenant: Tenant) => {
    const { salePrice, purchasePrice } = await record(tenant, 'items', 'i1')
    return [salePrice, purchasePrice]
  }

  t.test(
    'given an item of the books, when it meets a record in dollars, then no price of the books is in dollars',
    async (t) => {
      const tenant = await meet('cur-met', inDollars)
      t.match(await record(tenant, 'items', 'i1'), {
        currency: 'USD',
        description: 'Of the books',
        incomeAccount: '260',
      })
      t.strictSame(await unpriced(tenant), [undefined, undefined])
      control.editItem(tenant.organisation, 'CUR', {
        Description: 'Later',
        SalesDetails: { UnitPrice: 12, AccountCode: '260' },
      })
      await pull(tenant)
      t.equal((await record(tenant, 'items', 'i1')).description, 'Later')
      t.strictSame(await unpriced(tenant), [undefined, undefined], 'nor one of a later edit')
      t.strictSame(prices(tenant), [12, 5])
    },
  )

  t.test('given a price in dollars, when it is taken away, then the price of the books stands', async (t) => {
    const tenant = await meet('cur-away', { ...inDollars, salePrice: '99' })
    t.strictSame(prices(tenant), [10, 5])
    for (const next of [inDollars, { ...inDollars, salePrice: '98' }, poor]) {
      await tenant.put('items', next)
      await pull(tenant)
      await synced(t, tenant, 'items', 'i1')
      t.strictSame(prices(tenant), [10, 5], JSON.stringify(next))
    }
    await tenant.put('items', { ...poor, salePrice: '11' })
    await pull(tenant)
    t.strictSame(prices(tenant), [11, 5], 'one in the currency of the organisation arrives')
  })

  t.test(
    'given learned prices, when the record goes over to dollars, then it forgets them and they stand',
    async (t) => {
      const tenant = await meet('cur-over', poor)
      t.match(await record(tenant, 'items', 'i1'), { salePrice: '10', purchasePrice: '5' })
      await tenant.put('items', { ...inDollars, salePrice: '7' })
      await pull(tenant)
      t.match(await record(tenant, 'items', 'i1'), { salePrice: '7', currency: 'USD' })
      t.equal((await record(tenant, 'items', 'i1')).purchasePrice, undefined)
      t.strictSame(prices(tenant), [10, 5])
      await tenant.api('DELETE', 'items/i1/link')
      await tenant.put('items', { ...inDollars, salePrice: '7', description: 'Ours' })
      await pull(tenant)
      t.equal(itemIn(tenant, 'CUR').Description, 'Ours')
      t.strictSame(prices(tenant), [10, 5])
    },
  )

  t.test(
    'given a deleted record that stayed in Xero, when it comes again in dollars, then it learns no price',
    async (t) => {
      const tenant = await meet('cur-again', poor)
      await tenant.settings({ items: { onDelete: 'keep' } })
      await tenant.api('DELETE', 'items/i1')
      await pull(tenant)
      await tenant.put('items', inDollars)
      t.strictSame(await unpriced(tenant), [undefined, undefined])
      await pull(tenant)
      t.strictSame(prices(tenant), [10, 5])
    },
  )
})
