// Totals exactly as Xero computes them for amounts without tax (FACTS §3, Rounding): a line is rounded to two decimals,
// its tax is rounded half up to two decimals, and only then everything is summed.
import { add, divide, multiply, round, subtract } from '../decimal.ts'

export interface LineFigures {
  readonly quantity: string
  readonly unitAmount: string
  readonly discountRate?: string
  readonly taxAmount?: string
}

export const lineAmount = (line: LineFigures): string => {
  const gross = multiply(line.quantity, round(line.unitAmount, 4))
  const kept = divide(subtract('100', line.discountRate ?? '0'), '100')
  return round(multiply(gross, kept), 2)
}

/** A given tax amount goes before the computed one, as in Xero. */
export const lineTax = (line: LineFigures, rate: string): string =>
  line.taxAmount ?? round(divide(multiply(lineAmount(line), rate), '100'), 2)

export interface Totals {
  readonly subtotal: string
  readonly tax: string
  readonly total: string
}

/** Null when the tax of a line is unknown: it has no tax amount and `rateOf` knows no rate. */
export function totals<L extends LineFigures>(lines: readonly L[], rateOf: (line: L) => string | null): Totals | null {
  let subtotal = '0'
  let tax = '0'
  for (const line of lines) {
    const rate = line.taxAmount === undefined ? rateOf(line) : '0'
    if (rate === null) return null
    subtotal = add(subtotal, lineAmount(line))
    tax = add(tax, lineTax(line, rate))
  }
  return { subtotal, tax, total: add(subtotal, tax) }
}
