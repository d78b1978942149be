// Two schemas are the same when they say the same. Identity would not do: TypeBox copies a schema that becomes optional,
// and the generator of the document copies them all.
import { oncePer } from '../../lib/once-per.ts'

/** Schemas as they stand in the document: enums of texts say that they are texts. */
export function normalized(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(normalized)
  if (schema === null || typeof schema !== 'object') return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, normalized(value)] as const)
  const result = Object.fromEntries(entries)
  const isTextEnum =
    Array.isArray(result.enum) && result.type === undefined && result.enum.every((v) => typeof v === 'string')
  if (result.patternProperties) {
    result.additionalProperties = Object.values(result.patternProperties as object)[0]
    delete result.patternProperties
  }
  return isTextEnum ? { type: 'string', ...result } : result
}

const sorted = (_name: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Texts of schemas, compared instead of the schemas; remembered, because the same ones are asked for again and again. */
export const keyOf = oncePer((schema: object) => JSON.stringify(normalized(schema), sorted))
