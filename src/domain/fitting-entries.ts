// Entries of maps that fit, and those beyond the most that are told, taken out before it is looked for what is wrong: to look into each
// of them takes a hundred times as long as to see that it fits.
import type { TSchema } from 'typebox'
import { branchFor, isPlainObject, type Node } from './schema-node.ts'

export interface Unfit {
  /** The value with unfit entries alone in its maps. */
  readonly rest: unknown
  /** Unfit entries that were taken out. */
  readonly left: number
}

/** Keeps at most `limit` unfit entries of each map. */
export function unfitEntries(
  schema: TSchema,
  value: unknown,
  limit: number,
  fits: (schema: TSchema, value: unknown) => boolean,
): Unfit {
  let left = 0

  function walk(given: Node, inner: unknown): unknown {
    if (!isPlainObject(inner)) return inner
    const node = branchFor(given, inner)
    const [entry, ...others] = Object.values(node.patternProperties ?? {})
    if (entry && others.length === 0 && !node.properties) {
      const unfit = Object.entries(inner).filter(([, child]) => !fits(entry as TSchema, child))
      left += Math.max(0, unfit.length - limit)
      return Object.fromEntries(unfit.slice(0, limit))
    }
    const children = Object.entries(inner).map(([name, child]) => {
      const known = node.properties?.[name]
      return [name, known ? walk(known, child) : child]
    })
    return Object.fromEntries(children)
  }

  return { rest: walk(schema as Node, value), left }
}
