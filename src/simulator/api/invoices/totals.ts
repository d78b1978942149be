// Totals of a document: line taxes are rounded one by one and then added. A total that was sent must agree, except for the
// opt-in RoundingAmount of at most ten cents.
import { has, type JsonObject } from '../../json.ts'
import { type Big, big, readDecimal, sum, zero } from '../../money.ts'
import type { Invoice, Line } from '../../state.ts'

export interface Totals {
  subTotal: Big
  totalTax: Big
  total: Big
  roundingAmount?: Big | undefined
  problems: string[]
}

const mostRounding = big('0.10')

export function totalsOf(
  lines: Line[],
  amounts: Invoice['LineAmountTypes'],
  sent: JsonObject,
  kept: Big | undefined,
  approved: boolean,
): Totals {
  const amount = sum(lines.map((line) => line.LineAmount))
  const totalTax = sum(lines.map((line) => line.TaxAmount))
  const subTotal = amounts === 'Inclusive' ? amount.minus(totalTax) : amount
  const problems: string[] = []
  const roundingAmount = has(sent, 'RoundingAmount') ? readDecimal(sent.RoundingAmount) : kept
  if (has(sent, 'RoundingAmount') && roundingAmount && !roundingAmount.eq(0)) {
    const complete = ['SubTotal', 'TotalTax', 'Total'].every((name) => has(sent, name))
    if (!complete || !approved)
      problems.push('RoundingAmount needs SubTotal, TotalTax and Total on a SUBMITTED or AUTHORISED document.')
    if (roundingAmount.abs().gt(mostRounding)) problems.push('RoundingAmount must be between -0.10 and 0.10.')
  }
  const total = subTotal.plus(totalTax).plus(roundingAmount ?? zero)
  const agrees = (name: string, computed: Big, message: string) => {
    const given = has(sent, name) ? readDecimal(sent[name]) : undefined
    if (given && !given.eq(computed)) problems.push(message)
  }
  agrees('SubTotal', subTotal, 'The document subtotal does not equal the sum of the lines.')
  agrees('TotalTax', totalTax, 'The document tax total does not equal the sum of the lines.')
  agrees('Total', total, 'The document total does not equal the sum of the lines.')
  if (total.lt(0)) problems.push('The document total must not be negative.')
  return { subTotal, totalTax, total, roundingAmount: roundingAmount?.eq(0) ? undefined : roundingAmount, problems }
}
