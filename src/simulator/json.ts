// Small helpers to read JSON that somebody else wrote: nothing about it is taken for granted.

export type JsonObject = Record<string, unknown>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** A text member; numbers are accepted as Xero accepts them; null and absence are both undefined. */
export function text(source: JsonObject, name: string): string | undefined {
  const value = source[name]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

export function flag(source: JsonObject, name: string): boolean | undefined {
  const value = source[name]
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  return value === 'false' ? false : undefined
}

export const has = (source: JsonObject, name: string) => source[name] !== undefined

/** The object without its undefined members, so that answers only name what is there. */
export const compact = (source: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined))
