// An item that the service switched off, because its record was deleted and documents use it: a record that takes up its code has it
// back, under whatever id. What a person switched off stays off.
import t from 'tap'
import { openWorld, type World } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { itemIn, later, record, synced } from './support/books.ts'
import { service } from './support/trading.ts'

const whole = { description: 'sold', purchaseDescription: 'bought', purchasePrice: '4' }

async function openSwitchedOff(world: World, name: string, more: object = {}) {
  const tenant = await openTenant(world, name, { seed: { usedItemsDeletable: false } })
  await tenant.put('items', service('s1', { ...whole, ...more }))
  await tenant.put('customers', customer('c1'))
  await tenant.put('invoices', invoice('d1', 'c1', ['s1']))
  await tenant.sync()
  later(world)
  await tenant.api('DELETE', 'items/s1')
  await tenant.sync()
  t.match(await tenant.state('items', 's1'), { lastError: { code: 'item_deactivated' } })
  t.match(itemIn(tenant, 'SKU-s1'), { IsSold: false, IsPurchased: false })
  later(world)
  return tenant
}

t.test('books: items that are revived', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator
  const alive = {
    ...{ IsSold: true, IsPurchased: true, Description: 'sold', PurchaseDescription: 'bought' },
    SalesDetails: { UnitPrice: 12.5, AccountCode: '200' },
    PurchaseDetails: { UnitPrice: 4, AccountCode: '300' },
  }

  for (const [mode, settings] of Object.entries({
    imports: {},
    'no imports': { items: { import: 'off' } },
    'xero wins': { items: { conflict: 'xero_wins' } },
  })) {
    t.test(`given ${mode}, when another record takes up the code, then the item is as that one says`, async (t) => {
      const tenant = await openSwitchedOff(world, `other-${mode.replace(' ', '-')}`)
      await tenant.settings(settings)
      await tenant.put('items', service('s2', { ...whole, code: 'SKU-s1' }))
      await tenant.sync()
      await synced(t, tenant, 'items', 's2')
      t.match(itemIn(tenant, 'SKU-s1'), alive)
      later(world)
      await tenant.put('items', service('s2', { ...whole, code: 'SKU-s1', salePrice: '13' }))
      await tenant.sync('full')
      await synced(t, tenant, 'items', 's2')
      t.match(itemIn(tenant, 'SKU-s1'), { ...alive, SalesDetails: { UnitPrice: 13 } })
      tenant.checkXero(t)
    })
  }

  t.test('given one that was only sold, then it is only sold again', async (t) => {
    const tenant = await openSwitchedOff(world, 'only-sold', { isPurchased: false })
    await tenant.put('items', service('s2', { code: 'SKU-s1', description: 'sold' }))
    await tenant.sync()
    await synced(t, tenant, 'items', 's2')
    t.match(itemIn(tenant, 'SKU-s1'), { IsSold: true, IsPurchased: false, Description: 'sold' })
    tenant.checkXero(t)
  })

  t.test('given a new record that is not sold, then that is what it says', async (t) => {
    const tenant = await openSwitchedOff(world, 'not-sold')
    await tenant.put('items', service('s2', { ...whole, code: 'SKU-s1', isSold: false }))
    await tenant.sync()
    t.match(itemIn(tenant, 'SKU-s1'), { IsSold: false, IsPurchased: true })
  })

  t.test('given a person who switched the item off before, then it stays off', async (t) => {
    const tenant = await openTenant(world, 'by-hand')
    control.createItem(tenant.organisation, { Code: 'SKU-s1', Name: 'Off', IsSold: false, IsPurchased: false })
    await tenant.put('items', service('s2', { ...whole, code: 'SKU-s1' }))
    await tenant.sync()
    t.match(itemIn(tenant, 'SKU-s1'), { IsSold: false, IsPurchased: false })
    t.match(await record(tenant, 'items', 's2'), { isSold: false, isPurchased: false })
  })
})
