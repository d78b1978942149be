// The check of every write: what the accounting system's answer shows of totals, tax and lines is what was sent, to the
// cent. It computes by itself, from what it kept, filled in or understood otherwise; whatever that was, it shows here.
import { absolute, add, compare, divide, multiply, round, subtract } from './decimal.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import { rateOfTaxType } from './posting/taxes.ts'
import { lineAmount, lineTax } from './posting/totals.ts'
import type { TaxRate } from './reference-lists.ts'
import type { StandingDocument, StandingLine } from './standing-document.ts'
import type { Difference } from './sync-state.ts'

/** A discounted line is now and then rounded the other way (FACTS §3, Rounding): both neighbours of the exact amount will do. */
function expectedAmount(line: PostedLine, there: StandingLine | undefined): string {
  const own = lineAmount(line)
  if (line.discountRate === undefined || !there || there.lineAmount === null) return own
  const isAsSent =
    compare(round(line.quantity, 4), round(there.quantity ?? '0', 4)) === 0 &&
    compare(round(line.unitAmount, 4), round(there.unitAmount ?? '0', 4)) === 0 &&
    compare(round(line.discountRate, 4), round(there.discountRate ?? '0', 4)) === 0
  const share = divide(subtract('100', line.discountRate), '100')
  const exact = multiply(multiply(line.quantity, line.unitAmount), share)
  const isNeighbour = compare(absolute(subtract(exact, there.lineAmount)), '0.01') < 0
  return isAsSent && isNeighbour ? there.lineAmount : own
}

/** Null when the rate of its tax type is not known: then the tax is the accounting system's to compute. */
function expectedTax(line: PostedLine, amount: string, taxRates: readonly TaxRate[] | null): string | null {
  if (line.taxAmount !== undefined) return line.taxAmount
  const rate = rateOfTaxType(line.taxType, taxRates)
  return rate === null ? null : lineTax({ quantity: '1', unitAmount: amount }, rate)
}

/** The fields that the answer shows otherwise; empty when all is as sent, or not shown. `lineIds`: our line id → theirs. */
export function answerDifferences(
  posted: PostedDocument,
  { content, subtotal, tax, total, remote }: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  taxRates: readonly TaxRate[] | null,
): Difference[] {
  const there = new Map((content.lines ?? []).map((line) => [line.remoteId, line]))
  let ownSubtotal = '0'
  let ownTax: string | null = '0'
  for (const line of posted.lines) {
    const amount = expectedAmount(line, there.get((lineIds[line.lineId] ?? remote.lineIds[line.lineId]) || ''))
    const ofLine = expectedTax(line, amount, taxRates)
    ownSubtotal = add(ownSubtotal, amount)
    ownTax = ownTax === null || ofLine === null ? null : add(ownTax, ofLine)
  }
  const ownTotal = ownTax === null ? null : add(ownSubtotal, ownTax)
  const figures: readonly [string, string | null, string | null][] = [
    ['/subtotal', ownSubtotal, subtotal],
    ['/tax', ownTax, tax],
    ['/total', ownTotal, total],
    ['/lines', String(posted.lines.length), content.lines === null ? null : String(content.lines.length)],
  ]
  return figures.flatMap(([field, product, xero]) =>
    product === null || xero === null || compare(round(product, 2), round(xero, 2)) === 0
      ? []
      : [{ field, product, xero }],
  )
}
