// The entries that maps and lists of settings may have, at most. The most is asked of a change only, not of what is stored: a larger
// document of an older version of the service is read as it is, and may be saved again as long as it does not grow.
import type { TSchema } from 'typebox'
import { oncePer } from '../../lib/once-per.ts'
import type { Fault } from '../schema-faults.ts'
import { pointer } from '../schema-faults.ts'
import { isPlainObject, type Node } from '../schema-node.ts'
import { tooManyEntries } from '../schema-words.ts'

const sizes: readonly string[] = ['maxItems', 'maxProperties']

function sizeless(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sizeless)
  if (node === null || typeof node !== 'object') return node
  const kept = Object.entries(node).filter(([key]) => !sizes.includes(key))
  return Object.fromEntries(kept.map(([key, inner]) => [key, sizeless(inner)]))
}

/** The schema that holds for a document of any size. */
export const ofAnySize = oncePer((schema: TSchema) => sizeless(schema) as TSchema)

const countOf = (value: unknown): number =>
  Array.isArray(value) ? value.length : isPlainObject(value) ? Object.keys(value).length : 0

function faultsAt(node: Node, value: unknown, stored: unknown, path: readonly string[]): Fault[] {
  const most = node.maxItems ?? node.maxProperties
  const count = countOf(value)
  if (most !== undefined && count > most)
    return count <= countOf(stored) ? [] : [{ pointer: pointer(...path), ...tooManyEntries(most) }]
  if (!isPlainObject(value)) return []
  // Entries of a map are texts or objects of texts.
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    faultsAt(child, value[name], isPlainObject(stored) ? stored[name] : undefined, [...path, name]),
  )
}

/** Maps and lists that have more entries than they may, and more than they had. */
export const sizeFaults = (schema: TSchema, value: unknown, stored: unknown): Fault[] =>
  faultsAt(schema as Node, value, stored, [])
