// Careful reading of parsed JSON. Xero omits, empties and pads fields freely, so each reader says what absence means.
import { fromScientific } from '../../domain/decimal.ts'

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Trimmed text, or null for absent, empty, or not text. */
export function text(row: Json, field: string): string | null {
  const value = row[field]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** An id, in the case that Xero gives ids in: some tools show them otherwise. */
export const idText = (row: Json, field: string): string | null => text(row, field)?.toLowerCase() ?? null

/** For a field without which a row means nothing. */
export function requiredText(row: Json, field: string): string {
  const value = text(row, field)
  if (value === null) throw new Error(`${field} is missing`)
  return value
}

export const flag = (row: Json, field: string): boolean => row[field] === true || row[field] === 'true'

/** A sub-object, or an empty one: reads give bare `{}` where nothing is set. */
export const part = (row: Json, field: string): Json => {
  const value = row[field]
  return isObject(value) ? value : {}
}

/** The objects of an array field; anything else in it is passed over. */
export const rows = (row: Json, field: string): Json[] => {
  const value = row[field]
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A whole number: a page, a day of the month. Never money. */
export function integer(row: Json, field: string): number | null {
  const given = row[field]
  const value = typeof given === 'number' ? String(given) : text(row, field)
  return value !== null && /^-?\d{1,9}(\.0+)?$/.test(value) ? Number.parseInt(value, 10) : null
}

/** A decimal in its shortest plain form; Xero quotes some numbers and not others (xero.md, Reading). Throws on odd text. */
export function decimal(row: Json, field: string): string | null {
  const value = text(row, field)
  if (value === null) return null
  // A serialiser writes small and large numbers with an exponent.
  if (!/^-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,2})?$/.test(value)) throw new Error(`${field} is not a decimal`)
  return fromScientific(value)
}

/** Only the entries that say something: absent, null and empty ones go. */
export const compact = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
