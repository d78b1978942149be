// The canonical form of a value by its schema, so that equal content has equal text and equal hash: '12.3400' and
// '12.34', a default and its omission, ' Ann ' and 'Ann' are the same.
import type { TSchema } from 'typebox'
import { canonicalDecimal, isDecimal } from '../decimal.ts'

export interface Node {
  readonly type?: string
  readonly pattern?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

/** A decimal field is known by its pattern, which only records/common.ts writes. */
export const isDecimalNode = (node: Node): boolean =>
  node.type === 'string' && (node.pattern?.includes('\\d{1,') ?? false)

function walk(node: Node, value: unknown): unknown {
  if (value === undefined) return structuredClone(node.default)
  if (typeof value === 'string') {
    // A value from Xero may be no decimal; it is kept as it is.
    return isDecimalNode(node) && isDecimal(value) ? canonicalDecimal(value) : value.trim()
  }
  if (Array.isArray(value)) return value.map((entry) => walk(node.items ?? {}, entry))
  if (value === null || typeof value !== 'object' || !node.properties) return value
  const entries = Object.entries(node.properties)
    .map(([key, child]) => [key, walk(child, (value as Record<string, unknown>)[key])] as const)
    .filter(([, child]) => child !== undefined && child !== '')
  return Object.fromEntries(entries)
}

export const canonical = (schema: TSchema, value: unknown): unknown => walk(schema as Node, value)
