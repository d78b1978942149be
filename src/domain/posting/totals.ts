// Totals exactly as Xero computes them for amounts without tax (xero.md, Rounding): a line is rounded to two decimals,
// its tax is rounded half up to two decimals, and only then everything is summed.
import { add, divide, multiply, round, subtract } from '../decimal.ts'
import type { TaxRate } from '../reference-lists.ts'
import { rateOfTaxType } from './taxes.ts'

export interface LineFigures {
  readonly quantity: string
  readonly unitAmount: string
  readonly discountRate?: string
  readonly taxAmount?: string
}

const afterDiscount = (gross: string, rate: string | undefined): string =>
  round(multiply(gross, divide(subtract('100', rate ?? '0'), '100')), 2)

/** The product's net of a line, from all decimals of its price. */
export const exactAmount = (line: LineFigures): string =>
  afterDiscount(multiply(line.quantity, line.unitAmount), line.discountRate)

/** Xero's net of a line: it keeps four decimals of a price. */
export const lineAmount = (line: LineFigures): string => exactAmount({ ...line, unitAmount: round(line.unitAmount, 4) })

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

/** As far as the tax rates that were last read tell: without that of a line, tax and total are null. */
export interface ExpectedTotals {
  readonly subtotal: string
  readonly tax: string | null
  readonly total: string | null
}

/** The totals that Xero has to answer for the lines of a document as they are posted. */
export function expectedTotals(
  lines: readonly (LineFigures & { readonly taxType?: string })[],
  taxRates: readonly TaxRate[] | null,
): ExpectedTotals {
  const known = totals(lines, ({ taxType }) => rateOfTaxType(taxType, taxRates))
  return known ?? { subtotal: add(...lines.map(lineAmount)), tax: null, total: null }
}
