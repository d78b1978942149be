// Decimal arithmetic on strings, because no `number` may hold money. Rounds half up (away from zero), as Xero rounds
// tax and line amounts (xero.md, Rounding). Results are canonical: no exponent, no trailing zeros, no "-0".
import { Big } from 'big.js'

// A constructor of its own: another user of big.js in the process cannot change its rounding.
const Decimal = Big()
Decimal.RM = 1
// Enough digits for a quotient of two amounts with 15 digits each.
Decimal.DP = 30

/** A decimal text without exponent: "-12.3400". */
export const decimalPattern = /^-?\d+(\.\d+)?$/
export const isDecimal = (value: string): boolean => decimalPattern.test(value)

const big = (value: string): Big => {
  if (!isDecimal(value)) throw new TypeError(`not a decimal: ${value}`)
  return new Decimal(value)
}
const text = (value: Big): string => (value.eq(0) ? '0' : value.toFixed())

/** "12.3400" → "12.34", "-0.0" → "0", "007" → "7". Throws TypeError on anything else than a decimal. */
export function canonicalDecimal(value: string): string {
  if (!isDecimal(value)) throw new TypeError(`not a decimal: ${value}`)
  // A thousand lines have thousands of decimals: nothing is reckoned for what can be read off the text.
  let start = value.startsWith('-') ? 1 : 0
  const sign = value.slice(0, start)
  while (value[start] === '0' && value[start + 1] !== '.' && start + 1 < value.length) start += 1
  let end = value.length
  if (value.includes('.')) while (value[end - 1] === '0') end -= 1
  if (value[end - 1] === '.') end -= 1
  const digits = value.slice(start, end)
  return digits === '0' ? '0' : sign + digits
}
/** Canonical, of a decimal that may have an exponent: "1.5E-05" → "0.000015". */
export const fromScientific = (value: string): string => text(new Decimal(value))
export const add = (...values: readonly string[]): string =>
  text(values.reduce<Big>((sum, value) => sum.plus(big(value)), new Decimal(0)))
export const subtract = (a: string, b: string): string => text(big(a).minus(big(b)))
export const multiply = (a: string, b: string): string => text(big(a).times(big(b)))
/** Exact to 30 decimals. Throws on a division by zero. */
export const divide = (a: string, b: string): string => text(big(a).div(big(b)))
/** Rounds half up, away from zero: "2.345" → "2.35", "-2.345" → "-2.35". */
export const round = (value: string, places: number): string => text(big(value).round(places, Decimal.roundHalfUp))
export const compare = (a: string, b: string): -1 | 0 | 1 => big(a).cmp(big(b)) as -1 | 0 | 1
export const isZero = (value: string): boolean => big(value).eq(0)
export const isNegative = (value: string): boolean => big(value).lt(0)
export const negate = (value: string): string => text(big(value).times(-1))
export const absolute = (value: string): string => text(big(value).abs())
/** Digits behind the point in canonical form. */
export const decimalPlaces = (value: string): number => canonicalDecimal(value).split('.')[1]?.length ?? 0
/** With exactly two decimals, for people: "12" → "12.00". */
export const money = (value: string): string => big(value).toFixed(2, Decimal.roundHalfUp)
