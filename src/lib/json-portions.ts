// JSON of many megabytes, parsed in portions: JSON.parse of a long list holds up every other request for a third of a second.
// Elements of lists directly in the outermost value are parsed one by one; a number stands for each of them in the rest of the
// text, which is parsed as a whole. So exactly what JSON.parse accepts is accepted.
import { type Beyond, type OutlineLimits, outlineOf, portion } from './json-outline.ts'
import { giveWay } from './portions.ts'

export interface PortionLimits extends OutlineLimits {
  /** Bytes from which a text takes so long that it is parsed in portions. */
  readonly longFrom: number
}

export type Parsed = { readonly value: unknown } | Beyond

/** `parse` parses a text as a whole and throws as JSON.parse does. */
export async function parseInPortions(
  bytes: Buffer,
  parse: (text: string) => unknown,
  limits: PortionLimits,
): Promise<Parsed> {
  const found = await outlineOf(bytes, limits)
  if ('beyond' in found) return found
  if (bytes.length < limits.longFrom) return { value: parse(bytes.toString('utf8')) }
  const outline = parse(found.text)
  const values: unknown[] = []
  let parsed = 0
  for (const [from, to] of found.elements) {
    // The blank keeps a byte order mark from being taken for the beginning of a text.
    values.push(parse(` ${bytes.toString('utf8', from, to)}`))
    parsed += to - from
    if (parsed < portion) continue
    parsed = 0
    await giveWay()
  }
  return { value: filled(outline, values) }
}

function filled(outline: unknown, values: readonly unknown[]): unknown {
  const listOf = (one: unknown) => (Array.isArray(one) ? one.map((place) => values[place as number]) : one)
  if (Array.isArray(outline)) return outline.map(listOf)
  if (outline === null || typeof outline !== 'object') return outline
  return Object.fromEntries(Object.entries(outline).map(([key, one]) => [key, listOf(one)]))
}
