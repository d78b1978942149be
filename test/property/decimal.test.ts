// Decimal arithmetic against BigInt, and invoice totals against a second computation in whole units.
import fc from 'fast-check'
import t from 'tap'
import * as decimal from '../../src/domain/decimal.ts'
import { totals } from '../../src/domain/posting/totals.ts'

/** A decimal text of a whole number of 10^-places. */
function scaled(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  return `${units < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`
}
/** Rounds n / d half away from zero, in whole numbers. */
function roundedQuotient(n: bigint, d: bigint): bigint {
  const size = n < 0n ? -n : n
  const result = (2n * size + d) / (2n * d)
  return n < 0n ? -result : result
}

const units = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })

t.test('given whole numbers of 10^-4, when computed with, then the results are those of whole numbers', async () => {
  fc.assert(
    fc.property(units, units, (a, b) => {
      const [x, y] = [scaled(a, 4), scaled(b, 4)]
      const same = (actual: string, expected: string) => actual === decimal.canonicalDecimal(expected)
      return (
        same(decimal.add(x, y), scaled(a + b, 4)) &&
        same(decimal.subtract(x, y), scaled(a - b, 4)) &&
        same(decimal.multiply(x, y), scaled(a * b, 8)) &&
        decimal.compare(x, y) === (a < b ? -1 : a > b ? 1 : 0) &&
        same(decimal.round(x, 2), scaled(roundedQuotient(a, 100n), 2))
      )
    }),
  )
})

t.test(
  'given any decimal, when made canonical, then it stays equal, and canonical forms are equal as texts',
  async () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 4 }), (a, places, zeros) => {
        const one = scaled(a, places)
        const two = `${one}${places > 0 ? '0'.repeat(zeros) : ''}`
        const canonical = decimal.canonicalDecimal(one)
        return (
          canonical === decimal.canonicalDecimal(two) &&
          canonical === decimal.canonicalDecimal(canonical) &&
          decimal.compare(canonical, one) === 0 &&
          !/^-0$|\.\d*0$|e/i.test(canonical)
        )
      }),
    )
  },
)

const line = fc.record({
  // Quantity and unit price in 10^-4, discount in 10^-2 per cent, tax rate in 10^-4 per cent.
  quantity: fc.bigInt({ min: 0n, max: 10_000_0000n }),
  unit: fc.bigInt({ min: -10_000_0000n, max: 10_000_0000n }),
  discount: fc.bigInt({ min: 0n, max: 100_00n }),
  rate: fc.bigInt({ min: 0n, max: 30_0000n }),
})

t.test('given any lines, when totalled, then each is rounded, taxed and rounded again before the sum', async () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (entries) => {
      let subtotal = 0n
      let tax = 0n
      for (const { quantity, unit, discount, rate } of entries) {
        // In cents: quantity · unit is in 10^-8, times the rest of 100 % in 10^-4 gives 10^-12.
        const amount = roundedQuotient(quantity * unit * (100_00n - discount), 10n ** 10n)
        subtotal += amount
        tax += roundedQuotient(amount * rate, 100_0000n)
      }
      const lines = entries.map((entry) => ({
        quantity: scaled(entry.quantity, 4),
        unitAmount: scaled(entry.unit, 4),
        discountRate: scaled(entry.discount, 2),
        rate: scaled(entry.rate, 4),
      }))
      const result = totals(lines, (entry) => entry.rate)
      return (
        result !== null &&
        decimal.compare(result.subtotal, scaled(subtotal, 2)) === 0 &&
        decimal.compare(result.tax, scaled(tax, 2)) === 0 &&
        decimal.compare(result.total, scaled(subtotal + tax, 2)) === 0
      )
    }),
  )
})

t.test(
  'given a line without a known rate, when totalled, then there is no total, unless its tax was handed over',
  async (t) => {
    const entry = { quantity: '2', unitAmount: '10' }
    t.equal(
      totals([entry], () => null),
      null,
    )
    t.same(
      totals([{ ...entry, taxAmount: '1.23' }], () => null),
      { subtotal: '20', tax: '1.23', total: '21.23' },
    )
  },
)

t.test(
  'given a price of more than four decimals, when totalled, then it is rounded first, as Xero stores it',
  async (t) => {
    t.match(
      totals([{ quantity: '10000', unitAmount: '0.00005' }], () => '0'),
      { total: '1' },
    )
  },
)
