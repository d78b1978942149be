// A price beyond four decimals on a line of an item whose stock Xero keeps: as one unit of its net, it would move the stock
// by one instead of by the quantity of the line.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'
import { byHand, itemIn, synced, writes } from './support/books.ts'

t.test('books: prices of tracked items', async (t) => {
  const world = await openWorld(t)
  const { control } = world.simulator

  const fine = (itemId: string) => ({ id: '1', itemId, quantity: '10000', unitPrice: '0.012345', taxCode: 'GST' })
  const sale = (id: string, lines: object[], more: object = {}) => ({ ...invoice(id, 'c1', []), lines, ...more })
  const purchase = (id: string, lines: object[]) => ({ ...bill(id, 'v1', []), lines })

  t.test('given such a line of a tracked item, then the document is refused in words of its own', async (t) => {
    const tenant = await openTenant(world, 'tracked-price')
    control.createItem(tenant.organisation, {
      Code: 'TRK',
      Name: 'Tracked',
      InventoryAssetAccountCode: '630',
      PurchaseDetails: { COGSAccountCode: '310' },
      SalesDetails: { UnitPrice: 20, AccountCode: '200' },
    })
    const seller = control.createContact(tenant.organisation, { Name: 'Seller' })
    const LineItems = [{ Description: 'Stock', ItemCode: 'TRK', Quantity: 20_000, UnitAmount: 1, AccountCode: '630' }]
    control.createInvoice(tenant.organisation, byHand('ACCPAY', seller.ContactID, { LineItems }))
    await tenant.put('items', item('trk', { code: 'trk', kind: 'service' }), item('s1', { kind: 'service' }))
    await tenant.put('customers', customer('c1'))
    await tenant.put('vendors', vendor('v1'))
    await tenant.put('invoices', sale('d1', [{ ...fine('s1'), id: '2' }, fine('trk')]), sale('d2', [fine('s1')]))
    await tenant.put('bills', purchase('b1', [fine('trk')]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd2')
    for (const [path, id, field] of [
      ['invoices', 'd1', '/lines/1/unitPrice'],
      ['bills', 'b1', '/lines/0/unitPrice'],
    ] as const) {
      const { state, lastError } = await tenant.state(path, id)
      t.equal(state, 'failed', `${path}/${id}`)
      t.match(lastError, { code: 'tracked_item_price', field, cause: /item trk.* 10000/, retryable: false })
    }
    t.equal(tenant.xero('Invoices').length, 2, 'nothing is half sent')
    t.equal(itemIn(tenant, 'trk').QuantityOnHand, 20_000)
    tenant.mark()
    await tenant.sync()
    t.strictSame(writes(tenant), [])

    // The remedy: a quantity and a price that Xero can hold. One unit is one unit, tracked or not.
    const split = { id: '1', itemId: 'trk', quantity: '10000', unitPrice: '0.0123', taxCode: 'GST' }
    const rest = { id: '3', description: 'Rest', quantity: '1', unitPrice: '0.45', taxCode: 'GST' }
    await tenant.put('invoices', sale('d1', [split, rest]))
    await tenant.put('bills', purchase('b1', [{ ...fine('trk'), quantity: '1', unitPrice: '123.454999' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd1')
    await synced(t, tenant, 'bills', 'b1')
    t.equal(itemIn(tenant, 'trk').QuantityOnHand, 10_001, 'sold, and the one that was bought')
    tenant.checkXero(t)
  })

  t.test('given the proxy item, which a person made tracked, then its lines are refused likewise', async (t) => {
    const tenant = await openTenant(world, 'tracked-proxy')
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('stock'))
    await tenant.put('invoices', sale('d0', [{ ...fine('stock'), unitPrice: '0.0123' }]))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'd0')
    const [proxy] = tenant.xero('Items')
    control.editItem(tenant.organisation, proxy.Code, {
      InventoryAssetAccountCode: '630',
      PurchaseDetails: { COGSAccountCode: '310' },
    })
    await tenant.sync('full')
    await tenant.put('invoices', sale('d1', [fine('stock')]))
    await tenant.sync()
    t.match(await tenant.state('invoices', 'd1'), { state: 'failed', lastError: { code: 'tracked_item_price' } })
    tenant.checkXero(t)
  })

  t.test(
    'given a tracked item, when a bill of it is handed over, then its stock rises in Xero, and its charges do not',
    async (t) => {
      const tenant = await openTenant(world, 'tracked-stock')
      control.createItem(tenant.organisation, {
        Code: 'STK',
        Name: 'Stock',
        InventoryAssetAccountCode: '630',
        PurchaseDetails: { COGSAccountCode: '310' },
        SalesDetails: { UnitPrice: 20, AccountCode: '200' },
      })
      await tenant.put('items', item('stk', { code: 'stk', kind: 'service' }))
      await tenant.put('customers', customer('c1'))
      await tenant.put('vendors', vendor('v1'))
      await tenant.sync()
      const line = { id: '1', itemId: 'stk', quantity: '10', unitPrice: '3', taxCode: 'GST' }
      const bought = {
        ...purchase('b1', [line]),
        otherCharges: [{ amount: '5', description: 'Freight', taxCode: 'GST' }],
      }
      await tenant.put('bills', bought)
      await tenant.sync()
      await synced(t, tenant, 'bills', 'b1')
      t.equal(itemIn(tenant, 'stk').QuantityOnHand, 10)
      const [document] = tenant.xero('Invoices')
      t.match(document.LineItems[0], { ItemCode: 'stk', AccountCode: '630' })
      t.not(document.LineItems[1].AccountCode, '630')
      await tenant.put('invoices', sale('d1', [{ ...line, unitPrice: '20', quantity: '4' }]))
      await tenant.sync()
      await synced(t, tenant, 'invoices', 'd1')
      t.equal(itemIn(tenant, 'stk').QuantityOnHand, 6)
    },
  )
})
