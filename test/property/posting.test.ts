// Posting at large: discounts share out exactly, totals always meet the record's or are refused, codes stay apart.
import fc from 'fast-check'
import t from 'tap'
import { add, compare, negate, round } from '../../src/domain/decimal.ts'
import { postBill } from '../../src/domain/posting/bill.ts'
import { combinedRate, discountShares } from '../../src/domain/posting/discount.ts'
import { postInvoice } from '../../src/domain/posting/invoice.ts'
import { maxItemCode, xeroItemCode } from '../../src/domain/posting/long-code.ts'
import type { PostedLine } from '../../src/domain/posting/posted.ts'
import { exactAmount, lineAmount, totals } from '../../src/domain/posting/totals.ts'
import { bill, context, invoice, line, settings } from '../unit/support/builders.ts'

const cents = (min: number, max: number) => fc.integer({ min, max }).map((value) => (value / 100).toFixed(2))

const postedLine = fc.record({
  lineId: fc.constant('x'),
  description: fc.constant('x'),
  quantity: fc.integer({ min: 1, max: 100 }).map(String),
  unitAmount: cents(1, 100_000),
  taxType: fc.constantFrom('OUTPUT', 'EXEMPTOUTPUT', undefined),
  taxAmount: fc.constantFrom('1', undefined),
  tracking: fc.constant([]),
})

t.test('given any lines and amount, when a discount is shared out, then the shares sum up to it exactly', async () => {
  fc.assert(
    fc.property(
      fc.array(postedLine, { minLength: 1, maxLength: 20 }),
      cents(0, 100_000),
      (lines: PostedLine[], amount) => {
        const shares = discountShares(lines, { amount })
        const keys = new Set(shares.map((share) => share.key))
        return compare(add(...shares.map((share) => share.amount)), negate(amount)) === 0 && keys.size === shares.length
      },
    ),
  )
})

const productLine = fc.record({
  quantity: fc.integer({ min: 0, max: 1_000_000 }).map((value) => (value / 10_000).toFixed(4)),
  unitPrice: fc.integer({ min: 0, max: 100_000_000 }).map((value) => (value / 100_000).toFixed(5)),
  discountRate: fc.option(cents(0, 10_000), { nil: undefined }),
  taxCode: fc.constantFrom('GST', 'OUTPUT2', 'EXEMPTOUTPUT'),
})
const discount = fc.option(fc.oneof(fc.record({ rate: cents(0, 10_000) }), fc.record({ amount: cents(0, 100) })), {
  nil: undefined,
})
const rates: Record<string, string> = { OUTPUT: '10', OUTPUT2: '15', EXEMPTOUTPUT: '0', BASEXCLUDED: '0' }

t.test(
  'given any invoice with a total, when posted, then Xero would compute that very total, or it is refused',
  async (t) => {
    const outcomes = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(productLine, { minLength: 1, maxLength: 8 }),
        discount,
        fc.constantFrom('line_rate', 'negative_line'),
        fc.integer({ min: -8, max: 8 }),
        (entries, reduction, style, off) => {
          const lines = entries.map((entry, index) => line({ ...entry, id: `${index}` }))
          const given = context({ settings: settings({ invoices: { discount: style } }) })
          const plain = postInvoice(invoice({ lines, discount: reduction }), given)
          if (plain.kind !== 'posted') return plain.kind === 'error' && plain.error.code === 'negative_total'
          const rateOf = (entry: PostedLine) => rates[entry.taxType ?? ''] ?? null
          const total = add(totals(plain.document.lines, rateOf)?.total ?? '0', (off / 100).toFixed(2))
          const posting = postInvoice(invoice({ lines, discount: reduction, total }), given)
          outcomes.add(posting.kind === 'error' ? posting.error.code : posting.kind)
          if (posting.kind === 'error') {
            return (
              posting.error.code === (total.startsWith('-') ? 'negative_total' : 'total_mismatch') &&
              (Math.abs(off) > 5 || total.startsWith('-'))
            )
          }
          return (
            posting.kind === 'posted' && Math.abs(off) <= 5 && totals(posting.document.lines, rateOf)?.total === total
          )
        },
      ),
      { numRuns: 120 },
    )
    t.ok(outcomes.has('posted') && outcomes.has('total_mismatch'), 'both ends were met')
  },
)

t.test(
  'given any posted invoice, when its lines are read, then prices have four decimals and ids are unique',
  async () => {
    fc.assert(
      fc.property(fc.array(productLine, { minLength: 1, maxLength: 8 }), discount, (entries, reduction) => {
        const lines = entries.map((entry, index) => line({ ...entry, id: `${index}` }))
        const posting = postInvoice(
          invoice({ lines, discount: reduction, shipping: { amount: '5', taxCode: 'GST' } }),
          context(),
        )
        if (posting.kind !== 'posted') return posting.kind === 'error' && posting.error.code === 'negative_total'
        const posted = posting.document.lines
        return (
          new Set(posted.map((entry) => entry.lineId)).size === posted.length &&
          posted.every((entry) => entry.unitAmount === round(entry.unitAmount, 4) && !entry.quantity.startsWith('-'))
        )
      }),
      { numRuns: 60 },
    )
  },
)

const decimals = (max: number, places: number) =>
  fc
    .tuple(
      fc.integer({ min: 0, max }),
      fc.integer({ min: 0, max: 10 ** places - 1 }),
      fc.integer({ min: 0, max: places }),
    )
    .map(
      ([whole, part, digits]) => `${whole}${digits ? `.${String(part).padStart(places, '0').slice(0, digits)}` : ''}`,
    )
const finePrice = fc
  .tuple(fc.constantFrom('', '', '', '-'), decimals(500, 10))
  .map(([sign, price]) => `${sign}${price}`)
const fineLine = fc.record({
  quantity: decimals(200_000, 4),
  unitPrice: finePrice,
  discountRate: fc.option(cents(0, 10_000), { nil: undefined }),
  description: fc
    .integer({ min: 1, max: 1990 })
    .map((length) => `${'x'.repeat(length % 3)}${'\u{1F600}'.repeat(length)}`),
})

t.test(
  'given any prices and quantities, when posted, then the net that Xero computes is exact to the cent',
  async (t) => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(fineLine, fc.option(cents(0, 10_000), { nil: undefined }), (entry, rate) => {
        // A large line beside it: a negative total would be refused.
        const large = line({ id: 'large', quantity: '1', unitPrice: '999999999' })
        const posting = postInvoice(
          invoice({ lines: [line(entry), large], discount: rate === undefined ? undefined : { rate } }),
          context(),
        )
        if (posting.kind !== 'posted') return posting.kind === 'error' && posting.error.code === 'negative_total'
        const { lines } = posting.document
        const [posted] = lines
        const isOnLines = !lines.some(({ lineId }) => lineId.startsWith('#discount'))
        const discountRate = isOnLines ? combinedRate(entry.discountRate ?? '0', rate ?? '0') : entry.discountRate
        const exact = exactAmount({ quantity: entry.quantity, unitAmount: entry.unitPrice, discountRate })
        kinds.add(posted?.quantity === '1' ? 'one unit' : 'as it was')
        return (
          posted !== undefined &&
          lineAmount(posted) === exact &&
          posted.description.length <= 4000 &&
          posted.description.isWellFormed()
        )
      }),
      { numRuns: 400 },
    )
    t.same([...kinds].sort(), ['as it was', 'one unit'], 'both ends were met')
  },
)

t.test('given any prices of a bill, when posted, then the net that Xero computes is exact to the cent', async () => {
  fc.assert(
    fc.property(decimals(200_000, 4), decimals(500, 10), decimals(500, 10), (quantity, unitPrice, amount) => {
      const posting = postBill(
        bill({ lines: [{ id: '1', itemId: 'bolt', quantity, unitPrice }], otherCharges: [{ amount }] }),
        context(),
      )
      if (posting.kind !== 'posted') return false
      const [posted, charge] = posting.document.lines
      return (
        posted !== undefined &&
        lineAmount(posted) === exactAmount({ quantity, unitAmount: unitPrice }) &&
        (charge === undefined || lineAmount(charge) === exactAmount({ quantity: '1', unitAmount: amount }))
      )
    }),
    { numRuns: 200 },
  )
})

const code = fc.string({ minLength: 1, maxLength: 50, unit: 'grapheme' }).filter((text) => text.length <= 50)

t.test(
  'given any code, when brought to length, then it is at most 30 characters, well formed and always the same',
  async () => {
    fc.assert(
      fc.property(code, (text) => {
        const short = xeroItemCode(text, 'truncate_hash')
        if (short === null) return false
        return (
          short.length <= maxItemCode &&
          short.isWellFormed() === text.isWellFormed() &&
          short === xeroItemCode(text, 'truncate_hash') &&
          (text.length > maxItemCode || short === text) &&
          (xeroItemCode(text, 'reject') === null) === text.length > maxItemCode
        )
      }),
    )
  },
)

t.test('given many codes that differ only in their tails, when shortened, then no two are the same', async (t) => {
  const stem = 'PART-NUMBER-WITH-A-VERY-LONG-STEM-'
  const shortened = new Set(
    Array.from({ length: 8_000 }, (_, index) => xeroItemCode(`${stem}${index}`, 'truncate_hash')?.toUpperCase()),
  )
  t.equal(shortened.size, 8_000)
})
