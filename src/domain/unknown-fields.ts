// Fields that a schema does not know, told apart from every other fault. They are counted whole and never take the place of
// other faults: a list of faults that is full of them once looked empty, and empty means valid. Entries of a list or map beyond the
// most that the schema allows are set apart, too: to say what is wrong with each of them takes long and helps nobody.
import type { TSchema } from 'typebox'
import { branchFor, fieldNode, isPlainObject, type Node } from './schema-node.ts'

type Path = readonly (string | number)[]

export interface Surplus {
  readonly path: Path
  /** The most that the schema allows. */
  readonly limit: number
  readonly count: number
}

export interface UnknownFields {
  /** The value without them, and without entries beyond the most that its lists and maps may have. */
  readonly rest: unknown
  /** Where the first of them stand: the object's path and the name. */
  readonly first: readonly (readonly [path: Path, name: string])[]
  readonly count: number
  /** Lists and maps of too many entries. */
  readonly surplus: readonly Surplus[]
}

/** At most `limit` of them are named; all are counted. */
export function unknownFields(schema: TSchema, value: unknown, limit: number): UnknownFields {
  const first: [Path, string][] = []
  const surplus: Surplus[] = []
  /** The place of the walk. */
  const at: (string | number)[] = []
  let count = 0

  function within(part: string | number, node: Node, inner: unknown): unknown {
    at.push(part)
    const rest = walk(node, inner)
    at.pop()
    return rest
  }

  function upTo<T>(entries: readonly T[], most = Number.POSITIVE_INFINITY): readonly T[] {
    if (entries.length <= most) return entries
    surplus.push({ path: [...at], limit: most, count: entries.length })
    return entries.slice(0, most)
  }

  function walk(given: Node, inner: unknown): unknown {
    const node = branchFor(given, inner)
    if (Array.isArray(inner)) {
      const { items } = node
      const entries = upTo(inner, node.maxItems)
      return items ? entries.map((entry, index) => within(index, items, entry)) : entries
    }
    if (!isPlainObject(inner)) return inner
    const known: [string, unknown][] = []
    for (const [name, child] of upTo(Object.entries(inner), node.maxProperties)) {
      const fitting = fieldNode(node, name)
      if (fitting) known.push([name, within(name, fitting, child)])
      else if (node.additionalProperties !== false) known.push([name, child])
      else {
        count += 1
        if (first.length < limit) first.push([[...at], name])
      }
    }
    return Object.fromEntries(known)
  }

  return { rest: walk(schema as Node, value), first, count, surplus }
}
