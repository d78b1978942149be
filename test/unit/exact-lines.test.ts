// The net of every posted line is the product's own to the cent, also where four decimals of a price cannot carry it.
import t from 'tap'
import { postBill } from '../../src/domain/posting/bill.ts'
import { postInvoice } from '../../src/domain/posting/invoice.ts'
import { lineAmount } from '../../src/domain/posting/totals.ts'
import type { Bill, Invoice } from '../../src/domain/records/index.ts'
import { bill, context, invoice, line, settings } from './support/builders.ts'

const sold = (body: Partial<Invoice>, invoices: object = {}) =>
  postInvoice(invoice(body), context({ settings: settings({ invoices }) }))
const bought = (body: Partial<Bill>, vendors: object = {}) =>
  postBill(bill(body), context({ settings: settings({ vendors }) }))
const linesOf = (posting: ReturnType<typeof sold> | ReturnType<typeof bought>) => {
  if (posting.kind !== 'posted') throw new Error(JSON.stringify(posting))
  return posting.document.lines
}
/** Beside it a negative line leaves the total above zero. */
const large = line({ id: 'large', quantity: '1', unitPrice: '1000' })
const one = (quantity: string, unitPrice: string, discountRate?: string) =>
  linesOf(sold({ lines: [line({ itemId: 'fit', quantity, unitPrice, discountRate }), large] }))[0]!

t.test('given a price that four decimals cannot carry, when posted, then it is one unit of its net', async (t) => {
  const fine = { itemId: 'fit', quantity: '10000', unitPrice: '0.012345', description: 'Wire', taxCode: 'GST' }
  const expected = {
    lineId: '1',
    itemCode: 'FIT',
    description: 'Wire (10000 × 0.012345)',
    quantity: '1',
    unitAmount: '123.45',
    discountRate: undefined,
  }
  t.match(linesOf(sold({ lines: [line(fine)] }))[0], { ...expected, accountCode: '200', taxType: 'OUTPUT' })
  t.match(linesOf(bought({ lines: [{ id: '1', ...fine }] }))[0], { ...expected, accountCode: '300', taxType: 'INPUT' })
  t.match(one('3000', '33.3333333333'), { quantity: '1', unitAmount: '100000' })
  t.match(one('100000', '0.00015'), { quantity: '1', unitAmount: '15' })
  t.match(one('10000', '-0.012345'), { quantity: '1', unitAmount: '-123.45' })
})

t.test('given a price that comes to the same cent, when posted, then the line is left as it is', async (t) => {
  t.match(one('2', '1.23455'), { quantity: '2', unitAmount: '1.2346', description: 'Fitting' })
  t.match(one('3', '33.3333333333'), { quantity: '3', unitAmount: '33.3333' })
  t.match(one('10000', '0.0123', '12.5'), { quantity: '10000', unitAmount: '0.0123', discountRate: '12.5' })
})

t.test('given discounts, when a line becomes one unit, then they are in its net and in its text', async (t) => {
  const described = { description: 'Fitting (10000 × 0.012345, less 25 %)', discountRate: undefined }
  t.match(one('10000', '0.012345', '25'), { ...described, unitAmount: '92.59' })
  const lines = [line({ itemId: 'fit', quantity: '10000', unitPrice: '0.012345' })]
  t.match(linesOf(sold({ lines, discount: { rate: '25' } }))[0], { ...described, unitAmount: '92.59' })
  const apart = linesOf(sold({ lines, discount: { rate: '25' } }, { discount: 'negative_line' }))
  t.match(apart, [{ unitAmount: '123.45' }, { lineId: '#discount:OUTPUT', unitAmount: '-30.86' }])
})

t.test(
  'given a total with tax, when lines become one unit, then it agrees, or rounding takes up the rest',
  async (t) => {
    const lines = [line({ quantity: '10000', unitPrice: '0.012345', taxCode: 'OUTPUT2' })]
    t.equal(linesOf(sold({ lines, total: '141.97' }, { roundingTolerance: '0' })).length, 1)
    t.match(linesOf(sold({ lines, total: '141.99' })), [
      { unitAmount: '123.45' },
      { lineId: '#rounding', unitAmount: '0.02' },
    ])
    const reduced = [line({ quantity: '10000', unitPrice: '-0.012345', taxCode: 'OUTPUT2' })]
    t.match(sold({ lines: reduced }), { error: { code: 'negative_total', cause: /-141\.97/ } })
  },
)

t.test('given shipping and other charges of many decimals, when posted, then their cents are exact', async (t) => {
  const shipped = linesOf(sold({ shipping: { amount: '1.00499', taxCode: 'GST' } }))
  t.match(shipped[1], { description: 'Shipping (1 × 1.00499)', quantity: '1', unitAmount: '1' })
  t.match(linesOf(sold({ shipping: { amount: '1.00444' } }))[1], { description: 'Shipping', unitAmount: '1.0044' })
  const charged = linesOf(bought({ otherCharges: [{ amount: '2.004999', taxCode: 'GST' }] }))
  t.match(charged[1], { description: 'Other charge (1 × 2.004999)', unitAmount: '2' })
})

t.test('given a text of full length, when its line becomes one unit, then whole characters make room', async (t) => {
  const figures = ' (10000 × 0.012345)'
  const fine = { itemId: 'fit', quantity: '10000', unitPrice: '0.012345' }
  const text = `${'x'.repeat(3999 - figures.length)}\u{1F600}${'y'.repeat(figures.length - 1)}`
  t.equal(text.length, 4000)
  const [posted] = linesOf(sold({ lines: [line({ ...fine, description: text })] }))
  t.equal(posted?.description, `${'x'.repeat(3999 - figures.length)}${figures}`)
})

t.test('given such prices refused, when posted, then the field of the price is named', async (t) => {
  const refuse = { priceBeyondFourDecimals: 'refuse' }
  const lines = [line(), line({ id: '2', quantity: '10000', unitPrice: '0.012345' })]
  t.match(sold({ lines }, refuse), {
    error: { code: 'price_too_fine', field: '/lines/1/unitPrice', cause: /10000 × 0\.012345 is 123\.45 .* 123\./ },
  })
  t.match(sold({ shipping: { amount: '1.00499' } }, refuse), { error: { field: '/shipping/amount' } })
  const charges = { otherCharges: [{ amount: '5' }, { amount: '2.004999' }] }
  t.match(bought(charges, refuse), { error: { code: 'price_too_fine', field: '/otherCharges/1/amount' } })
  t.equal(sold({ lines: [line({ unitPrice: '1.23455' })] }, refuse).kind, 'posted', 'only where a cent is missed')
  t.equal(linesOf(sold({}, refuse)).length, 1)
})

t.test('given an item whose stock Xero keeps, when a line would become one unit, then it is refused', async (t) => {
  const trackedCodes = new Set(['fit'])
  const sell = (more: object, invoices = {}) =>
    postInvoice(
      invoice({ lines: [line({ itemId: 'fit', quantity: '10000', unitPrice: '0.012345', ...more })] }),
      context({ trackedCodes, settings: settings({ invoices }) }),
    )
  const refused = { error: { code: 'tracked_item_price', field: '/lines/0/unitPrice' } }
  t.match(sell({}), refused)
  t.match(sell({}, { priceBeyondFourDecimals: 'refuse' }), refused, 'one_unit would be no remedy')
  t.equal(sell({ quantity: '1', unitPrice: '1.005' }).kind, 'posted', 'one unit is one unit')
  t.equal(sell({ unitPrice: '0.0123' }).kind, 'posted')
})

t.test('given a posted line, when Xero reckons it, then nothing of it was for posting alone', async (t) => {
  const posted = one('10000', '0.012345')
  t.notOk('priceField' in posted)
  t.equal(lineAmount(posted), '123.45')
})
