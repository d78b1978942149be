// Cases 03 and 08: items that stood in Xero before, and those that Xero tracks.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { body, byHand, itemIn, later, record, synced } from './support/books.ts'
import { openWithItems, service } from './support/trading.ts'

t.test('books: items known', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const rich = {
    Name: 'Racket of old',
    Description: 'A racket, as we always sold it',
    PurchaseDescription: 'Racket, carton of 10',
    SalesDetails: { UnitPrice: 20, AccountCode: '260', TaxType: 'EXEMPTOUTPUT' },
    PurchaseDetails: { UnitPrice: 6.5, AccountCode: '425', TaxType: 'EXEMPTEXPENSES' },
  }
  for (const partsReplaced of [false, true]) {
    const how = partsReplaced ? ' (Xero replaces parts)' : ''
    t.test(`03 given rich items when bare records meet them then everything stands${how}`, async (t) => {
      const tenant = await openTenant(world, `rich-items-${partsReplaced}`, { seed: { partsReplaced } })
      const one = control.createItem(tenant.organisation, { Code: 'SVC-1', ...rich })
      const two = control.createItem(tenant.organisation, { Code: 'SVC-2', ...rich })
      const three = control.createItem(tenant.organisation, { Code: 'SVC-3', ...rich })
      await tenant.put('items', { id: 's1', kind: 'service', code: 'SVC-1', name: 'Racket' })
      await tenant.put('items', { id: 's2', kind: 'service', code: 'svc-2', name: 'Racket' })
      // A link by hand names what an import has read.
      await tenant.sync()
      await tenant.put('items', { id: 's3', kind: 'non_inventory', code: 'NEW-3', name: 'Racket' })
      const link = await tenant.api('PUT', 'items/s3/link', { xeroId: three.ItemID })
      t.equal(link.status, 200, JSON.stringify(link.body))
      await tenant.sync()
      await tenant.sync()
      for (const was of [one, two, three])
        t.strictSame(body(itemIn(tenant, was.ItemID), 'Name', 'Code'), body(was, 'Name', 'Code'), String(was.Code))
      await synced(t, tenant, 'items', 's1', 's2', 's3')
      const known = await record(tenant, 'items', 's1')
      t.match(known, { description: rich.Description, purchaseDescription: rich.PurchaseDescription })
      t.match(known, { salePrice: '20', purchasePrice: '6.5', incomeAccount: '260', expenseAccount: '425' })
      await tenant.put('items', { id: 's1', kind: 'service', code: 'SVC-1', name: 'Racket', salePrice: '21' })
      await tenant.sync()
      const after = itemIn(tenant, one.ItemID)
      t.strictSame(after.SalesDetails, { ...rich.SalesDetails, UnitPrice: 21 })
      t.strictSame(after.PurchaseDetails, rich.PurchaseDetails)
      t.match(after, { Description: rich.Description, PurchaseDescription: rich.PurchaseDescription })
      tenant.checkXero(t)
    })

    t.test(`08 given a tracked item when its price and name come then it stays tracked${how}`, async (t) => {
      const tenant = await openTenant(world, `tracked-${partsReplaced}`, { seed: { partsReplaced } })
      control.createItem(tenant.organisation, {
        Code: 'TRK',
        Name: 'Tracked',
        InventoryAssetAccountCode: '630',
        PurchaseDetails: { UnitPrice: 8, COGSAccountCode: '310' },
        SalesDetails: { UnitPrice: 20, AccountCode: '200' },
      })
      const stays = {
        IsTrackedAsInventory: true,
        InventoryAssetAccountCode: '630',
        PurchaseDetails: { COGSAccountCode: '310' },
      }
      await tenant.put('items', item('k1', { kind: 'non_inventory', code: 'TRK', name: 'Tracked', salePrice: '21' }))
      await tenant.put('vendors', vendor('v1'))
      await tenant.put('customers', customer('c1'))
      await tenant.sync()
      t.match(itemIn(tenant, 'TRK'), stays)
      const state = await tenant.state('items', 'k1')
      if (state.state === 'synced') t.equal(itemIn(tenant, 'TRK').SalesDetails.UnitPrice, 21)
      else t.match(state, { lastError: { action: String, code: /track/ } })
      await tenant.put(
        'items',
        item('k1', { kind: 'non_inventory', code: 'TRK', name: 'Renamed', salePrice: '22', expenseAccount: '300' }),
      )
      await tenant.sync()
      t.match(itemIn(tenant, 'TRK'), { ...stays, Name: 'Renamed' })
      await tenant.put('bills', bill('b1', 'v1', ['k1']))
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b1')
      // Ours is not stock: only what a person buys into it in Xero can be sold.
      const seller = control.createContact(tenant.organisation, { Name: 'Seller' })
      const LineItems = [{ Description: 'Stock', ItemCode: 'TRK', Quantity: 5, UnitAmount: 8, AccountCode: '630' }]
      control.createInvoice(tenant.organisation, byHand('ACCPAY', seller.ContactID, { LineItems }))
      await tenant.put('invoices', invoice('d1', 'c1', ['k1']))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'd1')
      tenant.checkXero(t)
    })
  }

  t.test('08 given a tracked item with a code in another case, then it is found and stays tracked', async (t) => {
    const tenant = await openTenant(world, 'tracked-case')
    const fields = { InventoryAssetAccountCode: '630', PurchaseDetails: { COGSAccountCode: '310' } }
    const was = control.createItem(tenant.organisation, { Code: 'trk-9', Name: 'T', ...fields })
    await tenant.put('items', item('k1', { kind: 'non_inventory', code: 'TRK-9', name: 'T' }))
    await tenant.sync()
    t.equal(tenant.xero('Items').length, 1)
    t.match(itemIn(tenant, was.ItemID), { IsTrackedAsInventory: true, PurchaseDetails: { COGSAccountCode: '310' } })
    await synced(t, tenant, 'items', 'k1')
    await tenant.put('items', item('k1', { kind: 'non_inventory', code: 'TRK-9', name: 'T', active: false }))
    await tenant.sync()
    t.match(itemIn(tenant, was.ItemID), { IsTrackedAsInventory: true })
    tenant.checkXero(t)
  })

  t.test('08 given our item that a person turns into a tracked one, then it stays tracked', async (t) => {
    const { tenant } = await openWithItems(world, 'becomes-tracked', 1)
    later(world)
    control.editItem(tenant.organisation, 'SKU-s1', {
      InventoryAssetAccountCode: '630',
      PurchaseDetails: { AccountCode: null, COGSAccountCode: '310' },
    })
    await tenant.put('items', service('s1', { name: 'Another name' }))
    await tenant.sync()
    t.match(itemIn(tenant, 'SKU-s1'), { IsTrackedAsInventory: true, Name: 'Another name' })
    await synced(t, tenant, 'items', 's1')
    tenant.checkXero(t)
  })
})
