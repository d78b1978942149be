// Texts as Xero counts them: in UTF-16 units, of which an emoji takes two. JSON Schema counts code points, so that a text
// could pass here and be refused there, with its whole document. Nothing is cut: where a text ends is the product's to say.
import type { TSchema } from 'typebox'
import { type Fault, pointer } from '../schema-faults.ts'

interface Node {
  readonly maxLength?: number
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
}

/** Ids are never sent as they are. */
const isId = (name: string): boolean => /^id$|Id$/.test(name)

function tooLong(node: Node, value: unknown, path: readonly (string | number)[]): Fault[] {
  if (typeof value === 'string') {
    if (node.maxLength === undefined || value.length <= node.maxLength) return []
    const detail = `must not have more than ${node.maxLength} characters; an emoji counts as two or more`
    return [{ pointer: pointer(...path), detail, action: `Shorten it by ${value.length - node.maxLength}.` }]
  }
  if (Array.isArray(value)) return value.flatMap((entry, index) => tooLong(node.items ?? {}, entry, [...path, index]))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    isId(name) ? [] : tooLong(child, (value as Record<string, unknown>)[name], [...path, name]),
  )
}

/** Expects a value that fits its schema. */
export const lengthFaults = (schema: TSchema, value: unknown): Fault[] => tooLong(schema as Node, value, [])
