// Cases 05 and 28: nets to the cent, and whose tax code counts.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, vendor } from '../support/records.ts'
import type { Tenant } from '../support/tenant.ts'
import { document, type Row, synced } from './support/books.ts'
import { bothDocumentKinds, line, lineWithout, openTrader, purchase, sale } from './support/trading.ts'

t.test('books: money', async (t) => {
  const world = await openWorld(t)

  const held = (tenant: Tenant, type: string): Row => document(tenant, type)

  const prices: [quantity: string, unitPrice: string, net: number][] = [
    ['10000', '0.012345', 123.45],
    ['3000', '33.3333333333', 100_000],
    ['100000', '0.00015', 15],
    ['1000', '-0.012345', -12.35],
    ['7', '0.3333333333', 2.33],
    ['0', '0.012345', 0],
    ['12345.6789', '1.23456789', 15_241.58],
    ['3', '0.00005', 0],
  ]
  for (const [path, { make, type }] of bothDocumentKinds)
    t.test(`05 given ${path} with prices of many decimals, then each net is exact to the cent`, async (t) => {
      const tenant = await openTrader(world, `prices-${path}`)
      const lines = prices.map(([quantity, unitPrice], n) => line(String(n), { quantity, unitPrice }))
      await tenant.put(path, make('p1', lines))
      await tenant.sync()
      await synced(t, tenant, path, 'p1')
      const nets = held(tenant, type)?.LineItems.map((one: Row) => one.LineAmount)
      t.strictSame(
        nets,
        prices.map(([, , net]) => net),
      )
      tenant.mark()
      await tenant.put(path, make('p1', lines, { date: '2026-11-19' }))
      await tenant.sync()
      await synced(t, tenant, path, 'p1')
      t.strictSame(
        held(tenant, type)
          ?.LineItems.map((one: Row) => one.LineAmount)
          .sort(),
        nets?.sort(),
        'after an update',
      )
      tenant.checkXero(t)
    })

  t.test('05 given a total of its own and a discount, then the invoice arrives to the cent', async (t) => {
    const tenant = await openTrader(world, 'price-total')
    const many = { quantity: '10000', unitPrice: '0.012345' }
    await tenant.put('invoices', sale('p1', [line('1', many)], { total: '141.97' }))
    await tenant.put('invoices', sale('p2', [line('1', { ...many, discountRate: '10' })]))
    await tenant.put('invoices', sale('p3', [line('1', many)], { discount: { rate: '12.5' } }))
    await tenant.put('invoices', sale('p4', [line('1', many)], { discount: { amount: '23.45' } }))
    await tenant.sync()
    await synced(t, tenant, 'invoices', 'p1', 'p2', 'p3', 'p4')
    t.match(document(tenant, 'INV-p1'), { SubTotal: 123.45, Total: 141.97 })
    t.equal(document(tenant, 'INV-p2').SubTotal, 111.11)
    t.equal(document(tenant, 'INV-p3').SubTotal, 108.02)
    t.equal(document(tenant, 'INV-p4').SubTotal, 100)
    tenant.checkXero(t)
  })

  t.test(
    '28 given a customer and a vendor of a zero rate, then lines and charges without a code have it',
    async (t) => {
      const tenant = await openTrader(world, 'zero-rated')
      await tenant.put('customers', customer('c1', { salesTaxCode: 'ZERO' }))
      await tenant.put('vendors', vendor('v1', { purchaseTaxCode: 'ZERO' }))
      const open = lineWithout('1', 'taxCode')
      await tenant.put('invoices', sale('z1', [open, line('2')], { shipping: { amount: '10' } }))
      await tenant.put('bills', purchase('z2', [open, line('2')], { otherCharges: [{ amount: '10' }] }))
      await tenant.sync()
      const taxes = (type: string) => held(tenant, type)?.LineItems.map((one: Row) => one.TaxType)
      t.strictSame(taxes('ACCREC'), ['ZERORATED', 'OUTPUT2', 'ZERORATED'])
      t.strictSame(taxes('ACCPAY'), ['ZERORATED', 'INPUT2', 'ZERORATED'])
      t.equal(held(tenant, 'ACCREC').TotalTax, 15)
      tenant.checkXero(t)
    },
  )
})
