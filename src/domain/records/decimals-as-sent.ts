// Decimals as the product wrote them. A record is held in its canonical form ("12.5"), so that equal content has equal text; what
// was written otherwise ("12.50") is kept beside it and shown again as long as the record holds that very value.
import { canonicalDecimal, isDecimal } from '../decimal.ts'
import type { RecordType } from '../entity-types.ts'
import { pointer } from '../schema-faults.ts'
import { isDecimalNode, type Node } from './canonical.ts'
import { recordSchemas } from './schemas.ts'

/** JSON pointer in the body → the decimal as it was written; only those that are not in canonical form. */
export type DecimalsAsSent = Readonly<Record<string, string>>

/** Superfluous zeros, or a minus before nothing. */
const isNotCanonical = /^-?0\d|\.\d*0$|^-0/

function* written(node: Node, value: unknown, path: readonly (string | number)[]): Generator<[string, string]> {
  if (typeof value === 'string') {
    if (isDecimalNode(node) && isNotCanonical.test(value) && isDecimal(value)) yield [pointer(...path), value]
  } else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* written(node.items ?? {}, entry, [...path, index])
  } else if (value !== null && typeof value === 'object') {
    for (const [name, child] of Object.entries(node.properties ?? {}))
      yield* written(child, (value as Record<string, unknown>)[name], [...path, name])
  }
}

/** Of a body as it was sent; null where all of them are in canonical form. */
export function decimalsAsSent(type: RecordType, body: unknown): DecimalsAsSent | null {
  const found = [...written(recordSchemas[type] as Node, body, [])]
  return found.length > 0 ? Object.fromEntries(found) : null
}

type Container = Record<string, unknown>
const isContainer = (value: unknown): value is Container => value !== null && typeof value === 'object'

/** The body with its decimals as they were sent, where it still holds these values. */
export function withDecimalsAsSent<T>(body: T, decimals: DecimalsAsSent | null): T {
  // The body itself stays as it is. Each object and list of it is copied once, however many decimals are in it.
  const copies = new Set<Container>()
  const copyIn = (place: Container, name: string): Container | null => {
    const inner = Object.hasOwn(place, name) ? place[name] : undefined
    if (!isContainer(inner)) return null
    if (copies.has(inner)) return inner
    const copy = (Array.isArray(inner) ? [...inner] : { ...inner }) as Container
    copies.add(copy)
    place[name] = copy
    return copy
  }
  const shown: Container = { '': body }
  for (const [at, text] of Object.entries(decimals ?? {})) {
    const names = at.split('/')
    const last = names.pop() ?? ''
    let place: Container | null = shown
    for (const name of names) place = place && copyIn(place, name)
    const value = place && Object.hasOwn(place, last) ? place[last] : undefined
    const isSame = typeof value === 'string' && isDecimal(value) && canonicalDecimal(value) === canonicalDecimal(text)
    if (place && isSame) place[last] = text
  }
  return shown[''] as T
}
