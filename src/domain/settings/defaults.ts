// Fills in the defaults of a schema. TypeBox's own Value.Default leaves the entries of a map (itemGroups) as they are.
import type { TSchema } from 'typebox'

interface Node {
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly patternProperties?: Readonly<Record<string, Node>>
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const copyOf = (value: unknown): unknown =>
  value !== null && typeof value === 'object' ? structuredClone(value) : value

function fill(node: Node, value: unknown): unknown {
  const present = value === undefined ? copyOf(node.default) : value
  if (!isObject(present)) return present
  const entry = Object.values(node.patternProperties ?? {})[0]
  // Nothing to fill in: a map of texts, which may be long.
  if (entry && !entry.properties && !node.properties) return present
  const result = new Map(Object.entries(present).map(([key, child]) => [key, entry ? fill(entry, child) : child]))
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    const filled = fill(child, result.get(key))
    if (filled !== undefined) result.set(key, filled)
  }
  return Object.fromEntries(result)
}

/** A copy with every field left out set to its default; what is wrong stays wrong. */
export const withDefaults = (schema: TSchema, value: unknown): unknown => fill(schema as Node, structuredClone(value))
