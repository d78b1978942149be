// Arithmetic on money and quantities. Xero rounds halves away from zero: amounts to cents, unit prices to two or four digits.
import { Big } from 'big.js'

export type { Big }

export const zero = new Big(0)
export const big = (value: string | number | Big) => new Big(value)
export const round = (value: Big, digits: number) => value.round(digits, Big.roundHalfUp)
export const cents = (value: Big) => round(value, 2)
export const sum = (values: Iterable<Big>) => [...values].reduce((total, value) => total.plus(value), zero)
export const smaller = (a: Big, b: Big) => (a.lt(b) ? a : b)

/** The JSON number that Xero writes. */
export const number = (value: Big) => Number(value.toFixed())

/** Reads a decimal from a request: a JSON number or a text that holds one. */
export function readDecimal(value: unknown): Big | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  if (typeof value === 'string' && !/^-?\d+(\.\d+)?$/.test(value.trim())) return undefined
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined
  return new Big(typeof value === 'string' ? value.trim() : value)
}
