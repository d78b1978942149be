// What Xero has to answer for the lines of a document: the figures that every write is checked by.
import t from 'tap'
import { exactAmount, expectedTotals, lineAmount } from '../../src/domain/posting/totals.ts'
import { reference, taxRate } from './support/builders.ts'

const { taxRates } = reference

t.test('given a price of many decimals, when reckoned, then the product is exact and Xero is not', async (t) => {
  const line = { quantity: '10000', unitAmount: '0.012345' }
  t.equal(exactAmount(line), '123.45')
  t.equal(lineAmount(line), '123')
  t.equal(exactAmount({ ...line, discountRate: '10' }), '111.11', '111.105 is rounded half up')
  t.equal(exactAmount({ ...line, unitAmount: '-0.012345', discountRate: '10' }), '-111.11', 'away from zero')
})

t.test("given Xero's own example of rounding, when reckoned, then tax is rounded line by line", async (t) => {
  const lines = ['25.06', '25.61', '25.63'].map((unitAmount) => ({ quantity: '1', unitAmount, taxType: 'OUTPUT2' }))
  t.same(expectedTotals(lines, taxRates), { subtotal: '76.3', tax: '11.44', total: '87.74' })
})

t.test('given a discount and a tax amount, when reckoned, then both go into the totals', async (t) => {
  const lines = [
    { quantity: '1', unitAmount: '100', discountRate: '25', taxType: 'OUTPUT' },
    { quantity: '1', unitAmount: '10', taxAmount: '0.9', taxType: 'UNHEARD' },
  ]
  t.same(expectedTotals(lines, taxRates), { subtotal: '85', tax: '8.4', total: '93.4' })
})

t.test('given a line whose rate is not known, when reckoned, then only the subtotal is', async (t) => {
  const known = { quantity: '1', unitAmount: '100', taxType: 'OUTPUT' }
  const unknown = { subtotal: '110', tax: null, total: null }
  t.same(expectedTotals([known, { quantity: '1', unitAmount: '10', taxType: 'UNHEARD' }], taxRates), unknown)
  t.same(expectedTotals([known, { quantity: '1', unitAmount: '10' }], taxRates), unknown, 'Xero chooses the tax type')
  t.same(expectedTotals([known, { quantity: '1', unitAmount: '10' }], null), unknown, 'the list was never read')
})

t.test('given one tax type under several names, when reckoned, then the active one counts', async (t) => {
  const rates = [taxRate('OUTPUT', '12.5', ['REVENUE'], { status: 'ARCHIVED' }), taxRate('OUTPUT', '10', ['REVENUE'])]
  t.equal(expectedTotals([{ quantity: '1', unitAmount: '100', taxType: 'OUTPUT' }], rates).tax, '10')
})
