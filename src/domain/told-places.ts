// Values of which some are of the wrong form: what can still be judged of them, and where more may be said.
import type { TSchema } from 'typebox'
import { pointerParts } from './json-pointer.ts'
import { type Fault, isUnknownField } from './schema-faults.ts'
import { isPlainObject } from './schema-node.ts'
import { unknownFields } from './unknown-fields.ts'

/** The place and all that it stands in. */
function withHolders(at: string): string[] {
  const places = [at]
  for (let place = at; place !== ''; ) {
    place = place.slice(0, place.lastIndexOf('/'))
    places.push(place)
  }
  return places
}

/** Nothing more is told of a place that is malformed, holds such a place or stands in one. */
export function isUntold(malformed: readonly Fault[]): (at: string) => boolean {
  const told = new Set(malformed.map(({ pointer }) => pointer))
  const holders = new Set([...told].flatMap(withHolders))
  return (at) => !holders.has(at) && !withHolders(at).some((place) => told.has(place))
}

function remove(value: unknown, parts: readonly string[]): void {
  const [part, ...rest] = parts
  if (part === undefined || value === null || typeof value !== 'object') return
  const holder = value as Record<string, unknown>
  if (rest.length > 0) remove(Object.hasOwn(holder, part) ? holder[part] : undefined, rest)
  // The other entries keep their places.
  else if (Array.isArray(value)) {
    if (part in value) holder[part] = undefined
  } else delete holder[part]
}

/** The value without its unknown fields and without what these faults say is malformed; null where nothing is left to judge. */
export function wellFormedPart(schema: TSchema, value: unknown, faults: readonly Fault[]): object | null {
  const malformed = faults.filter((fault) => !isUnknownField(fault))
  if (!isPlainObject(value) || malformed.some(({ pointer }) => pointer === '')) return null
  const part = structuredClone(unknownFields(schema, value, 0).rest) as object
  for (const { pointer } of malformed) remove(part, pointerParts(pointer))
  return part
}
