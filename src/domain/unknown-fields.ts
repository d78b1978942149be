// Fields that a schema does not know, told apart from every other fault. They are counted whole and never take the place of
// other faults: a list of faults that is full of them once looked empty, and empty means valid.
import type { TSchema } from 'typebox'

interface Node {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: unknown
  readonly items?: Node
  readonly anyOf?: readonly Node[]
}

export interface UnknownFields {
  /** The value without them. */
  readonly rest: unknown
  /** Where the first of them stand: the object's path and the name. */
  readonly first: readonly (readonly [path: readonly (string | number)[], name: string])[]
  readonly count: number
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** A nullable object is a union; the branch that can hold the value is the one to look into. */
const branchFor = (node: Node, value: unknown): Node =>
  node.anyOf?.find((branch) => branch.type === (Array.isArray(value) ? 'array' : 'object')) ?? node

/** At most `limit` of them are named; all are counted. */
export function unknownFields(schema: TSchema, value: unknown, limit: number): UnknownFields {
  const first: [(string | number)[], string][] = []
  let count = 0

  function note(path: readonly (string | number)[], name: string): void {
    count += 1
    if (first.length < limit) first.push([[...path], name])
  }

  function walk(given: Node, inner: unknown, path: readonly (string | number)[]): unknown {
    const node = branchFor(given, inner)
    if (Array.isArray(inner)) {
      const { items } = node
      return items ? inner.map((entry, index) => walk(items, entry, [...path, index])) : inner
    }
    if (!isPlainObject(inner)) return inner
    const patterns = Object.entries(node.patternProperties ?? {})
    const entries = Object.entries(inner).flatMap(([name, child]) => {
      const known = node.properties && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined
      const fitting = known ?? patterns.find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1]
      if (fitting) return [[name, walk(fitting, child, [...path, name])] as const]
      if (node.additionalProperties !== false) return [[name, child] as const]
      note(path, name)
      return []
    })
    return Object.fromEntries(entries)
  }

  return { rest: walk(schema as Node, value, []), first, count }
}
