// Money as it stands in Xero in the end: exact nets, whose tax code counts, when a document falls due, and what becomes of
// one that moves before the cut-over.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { bill, customer, invoice, item, settingsForDemoOrganisation, vendor } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const seed = { countryCode: 'NZ' }
const { items, invoices, vendors } = settingsForDemoOrganisation
const nz = {
  items,
  invoices: { ...invoices, taxMap: { GST: 'OUTPUT2', FREE: 'ZERORATED' } },
  vendors: { ...vendors, taxMap: { GST: 'INPUT2', FREE: 'ZERORATED' } },
}

// biome-ignore lint/suspicious/noExplicitAny: documents are read as the test expects them
type Anything = any

t.test('money', async (t) => {
  const world = await openWorld(t)

  t.test('given a price of six decimals, when a job runs, then Xero holds the exact net', async (t) => {
    const tenant = await openTenant(world, 'exact', { seed, settings: nz })
    await tenant.put('customers', customer('c1'))
    await tenant.put('vendors', vendor('v1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    const lines = [
      { id: '1', itemId: 's1', description: 'Wire', quantity: '10000', unitPrice: '0.012345', taxCode: 'GST' },
    ]
    await tenant.put('invoices', invoice('i1', 'c1', [], { lines, total: '141.97' }))
    await tenant.put('bills', bill('b1', 'v1', [], { lines }))
    t.equal((await tenant.sync()).status, 'completed')
    for (const document of tenant.xero('Invoices')) {
      t.match(document, {
        SubTotal: 123.45,
        TotalTax: 18.52,
        Total: 141.97,
        LineItems: [{ ItemCode: 'SKU-s1', Quantity: 1, UnitAmount: 123.45, Description: 'Wire (10000 × 0.012345)' }],
      })
      t.equal(document.LineItems.length, 1)
    }
    t.equal(tenant.xero('Invoices').length, 2)

    await tenant.put('invoices', invoice('i1', 'c1', [], { lines: [{ ...lines[0], unitPrice: '0.0125' }] }))
    t.equal((await tenant.sync()).status, 'completed')
    const [back] = tenant.xero('Invoices').filter((one: Anything) => one.Type === 'ACCREC')
    t.match(back, { SubTotal: 125, LineItems: [{ Quantity: 10000, UnitAmount: 0.0125, Description: 'Wire' }] })
    tenant.checkXero(t)
  })

  t.test('given such prices refused, when the setting is changed, then the next job brings the document', async (t) => {
    const tenant = await openTenant(world, 'refused', { seed, settings: nz })
    await tenant.settings({ invoices: { priceBeyondFourDecimals: 'refuse' } })
    await tenant.put('customers', customer('c1'))
    const lines = [{ id: '1', description: 'Wire', quantity: '10000', unitPrice: '0.012345', taxCode: 'GST' }]
    await tenant.put('invoices', invoice('i1', 'c1', [], { lines }))
    t.equal((await tenant.sync()).status, 'completed_with_errors')
    t.match(await tenant.state('invoices', 'i1'), {
      state: 'failed',
      lastError: { code: 'price_too_fine', field: '/lines/0/unitPrice' },
    })
    t.equal(tenant.xero('Invoices').length, 0)
    await tenant.settings({ invoices: { priceBeyondFourDecimals: 'one_unit' } })
    t.equal((await tenant.sync()).status, 'completed')
    t.match(tenant.xero('Invoices'), [{ SubTotal: 123.45 }])
  })

  t.test('given a zero-rated customer and vendor, when a job runs, then all lines without a code are', async (t) => {
    const tenant = await openTenant(world, 'zero-rated', { seed, settings: nz })
    await tenant.settings({ invoices: { defaultTaxType: 'OUTPUT2' }, vendors: { defaultTaxType: 'INPUT2' } })
    await tenant.put('customers', customer('c1', { salesTaxCode: 'FREE', purchaseTaxCode: 'GST' }))
    await tenant.put('vendors', vendor('v1', { salesTaxCode: 'GST', purchaseTaxCode: 'FREE' }))
    await tenant.put('items', item('s1', { kind: 'service', salesTaxCode: 'GST', purchaseTaxCode: 'GST' }))
    const lines = [{ id: '1', itemId: 's1', quantity: '1', unitPrice: '100' }]
    await tenant.put('invoices', invoice('i1', 'c1', [], { lines, shipping: { amount: '10' }, total: '110' }))
    await tenant.put(
      'bills',
      bill('b1', 'v1', [], { lines, otherCharges: [{ amount: '10' }, { itemId: 's1', amount: '5' }] }),
    )
    t.equal((await tenant.sync()).status, 'completed')
    for (const document of tenant.xero('Invoices')) t.match(document, { TotalTax: 0 }, document.Type)
    t.equal(tenant.xero('Invoices').length, 2)
  })

  t.test('given terms of the organisation only, when a job runs, then each side falls due by its own', async (t) => {
    const paymentTerms = { Bills: { Day: 20, Type: 'OFFOLLOWINGMONTH' }, Sales: { Day: 7, Type: 'DAYSAFTERBILLDATE' } }
    const tenant = await openTenant(world, 'terms', { seed: { ...seed, paymentTerms }, settings: nz })
    await tenant.put('customers', customer('c1'))
    await tenant.put('vendors', vendor('v1'))
    const lines = [{ id: '1', description: 'Work', quantity: '1', unitPrice: '100', taxCode: 'GST' }]
    const dated = { date: '2026-11-05', shipDate: '2026-11-05', receiveDate: '2026-11-05', lines }
    const { receiveDate: _, ...sold } = dated
    const { shipDate: __, ...received } = dated
    await tenant.put('invoices', invoice('i1', 'c1', [], sold))
    await tenant.put('bills', bill('b1', 'v1', [], received))
    t.equal((await tenant.sync()).status, 'completed')
    const due = (type: string) => tenant.xero('Invoices').find((one: Anything) => one.Type === type).DueDateString
    t.equal(due('ACCPAY'), '2026-12-20T00:00:00')
    t.equal(due('ACCREC'), '2026-11-12T00:00:00')
  })

  t.test(
    'given documents moved before the cut-over after they were sent, when a job runs, then they say so',
    async (t) => {
      const tenant = await openTenant(world, 'cut-over', { seed, settings: nz })
      await tenant.put('customers', customer('c1'))
      await tenant.put('vendors', vendor('v1'))
      const lines = [{ id: '1', description: 'Work', quantity: '1', unitPrice: '100', taxCode: 'GST' }]
      await tenant.put('invoices', invoice('i1', 'c1', [], { lines }), invoice('i2', 'c1', [], { lines }))
      await tenant.put('bills', bill('b1', 'v1', [], { lines }))
      await tenant.sync()
      t.equal(tenant.xero('Invoices').length, 3)
      const cutOverDate = '2026-11-10'
      await tenant.settings({ invoices: { cutOverDate }, vendors: { cutOverDate } })
      tenant.mark()
      await tenant.put('invoices', invoice('i1', 'c1', [], { lines, shipDate: '2026-11-05' }))
      await tenant.put('bills', bill('b1', 'v1', [], { lines, receiveDate: '2026-11-05' }))
      await tenant.put('invoices', invoice('i3', 'c1', [], { lines, shipDate: '2026-11-05' }))
      t.equal((await tenant.sync()).status, 'completed')
      t.same(
        tenant.calls().filter(({ method }) => method !== 'GET'),
        [],
        'nothing is written',
      )
      for (const [path, id] of [
        ['invoices', 'i1'],
        ['bills', 'b1'],
      ] as const) {
        const state = await tenant.state(path, id)
        t.match(state, {
          state: 'outdated',
          lastError: { code: 'kept_as_sent', cause: /2026-11-05, before the cut-over/ },
        })
        t.ok(state.xero.id, 'it stays linked')
      }
      t.match(await tenant.state('invoices', 'i3'), { state: 'excluded', xero: null, lastError: null }, 'never sent')

      await tenant.settings({ invoices: { cutOverDate: '2026-12-01' } })
      await tenant.put('invoices', invoice('i2', 'c1', [], { lines, memo: 'Not posted' }))
      await tenant.sync()
      t.match(await tenant.state('invoices', 'i2'), { state: 'synced', lastError: null }, 'it stands there as it is')

      await tenant.settings({ invoices: { cutOverDate } })
      await tenant.put('invoices', invoice('i1', 'c1', [], { lines, shipDate: '2026-11-12' }))
      await tenant.sync()
      t.match(await tenant.state('invoices', 'i1'), { state: 'synced', lastError: null })
      await tenant.api('DELETE', 'bills/b1')
      t.equal((await tenant.sync()).status, 'completed')
      const status = (type: string) => tenant.xero('Invoices').find((one: Anything) => one.Type === type).Status
      t.equal(status('ACCPAY'), 'VOIDED')
      tenant.checkXero(t)
    },
  )

  t.test(
    'given an emoji at the cut of 4,000 characters, when a job runs, then it ends and nothing is cut apart',
    async (t) => {
      const tenant = await openTenant(world, 'emoji', { seed, settings: nz })
      await tenant.put('customers', customer('c1'))
      await tenant.put('items', item('p1'))
      const description = `${'x'.repeat(3999 - 'SKU-p1 '.length)}\u{1F600}`
      const lines = [{ id: '1', itemId: 'p1', description, quantity: '1', unitPrice: '10', taxCode: 'GST' }]
      await tenant.put('invoices', invoice('i1', 'c1', [], { lines }))
      t.equal((await tenant.sync()).status, 'completed')
      t.equal(tenant.xero('Invoices')[0].LineItems[0].Description, `SKU-p1 ${'x'.repeat(3992)}`)
      t.equal((await tenant.state('invoices', 'i1')).state, 'synced')
    },
  )
})
