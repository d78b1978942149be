// The discount on a whole document: a rate on every line, or negative lines, one for each tax type, so that the tax falls
// with it. Xero keeps two decimals of a rate on its pages: a finer one, or an amount, becomes lines whatever the setting.
import { add, decimalPlaces, divide, isZero, multiply, negate, round, subtract } from '../decimal.ts'
import type { Invoice } from '../records/index.ts'
import type { PostedLine } from './posted.ts'
import { exactAmount } from './totals.ts'

/** Two discounts one after the other as one rate: 10 % and 5 % are 14.5 %. */
export const combinedRate = (a: string, b: string): string =>
  subtract('100', divide(multiply(subtract('100', a), subtract('100', b)), '100'))

/** The lines with the document's rate in them, or null when it has to be posted as lines of its own. */
export function rateOnLines<L extends PostedLine>(lines: readonly L[], rate: string): L[] | null {
  const discounted = lines.map((line) => ({ ...line, discountRate: combinedRate(line.discountRate ?? '0', rate) }))
  return discounted.every((line) => decimalPlaces(line.discountRate) <= 2) ? discounted : null
}

/** The amounts that are taken off the lines, shared out by tax type in proportion to their amounts; the shares sum up exactly. */
export function discountShares(
  lines: readonly PostedLine[],
  discount: NonNullable<Invoice['discount']>,
): { key: string; amount: string; taxType?: string; taxAmount?: string }[] {
  const groups = new Map<string, { net: string; taxType?: string; taxAmount?: string }>()
  for (const line of lines) {
    // A line whose tax was handed over (after all discounts) has its tax already: its share must not change it.
    const given = line.taxAmount !== undefined
    const key = `${line.taxType ?? ''}${given ? ':given' : ''}`
    const net = add(groups.get(key)?.net ?? '0', exactAmount(line))
    groups.set(key, { net, taxType: line.taxType, taxAmount: given ? '0' : undefined })
  }
  const base = add(...[...groups.values()].map((group) => group.net))
  const whole = round(discount.amount ?? divide(multiply(base, discount.rate ?? '0'), '100'), 2)
  let counted = '0'
  let taken = '0'
  return [...groups].map(([key, { net, taxType, taxAmount }]) => {
    counted = add(counted, net)
    const upToHere = isZero(base) ? whole : round(divide(multiply(whole, counted), base), 2)
    const amount = negate(subtract(upToHere, taken))
    taken = upToHere
    return { key, amount, taxType, taxAmount }
  })
}
