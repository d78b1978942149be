// Posting at large: discounts share out exactly, totals always meet the record's or are refused, codes stay apart.
import fc from 'fast-check'
import t from 'tap'
import { add, compare, negate, round } from '../../src/domain/decimal.ts'
import { discountShares } from '../../src/domain/posting/discount.ts'
import { postInvoice } from '../../src/domain/posting/invoice.ts'
import { maxItemCode, xeroItemCode } from '../../src/domain/posting/long-code.ts'
import type { PostedLine } from '../../src/domain/posting/posted.ts'
import { totals } from '../../src/domain/posting/totals.ts'
import { context, invoice, line, settings } from '../unit/support/builders.ts'

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
