// Answers are written by one compiled serializer a response schema, which leaves out whatever the schema does not name. Each
// is compiled for the first answer that needs it: to compile all of them takes longer than the rest of the start.
import compile from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { oncePer } from '../../lib/once-per.ts'
import type { App } from '../app-types.ts'

/**
 * Without what must be there and how it must look: a row that an older version of the service left behind, and that lacks a
 * field, is shown as it is. To refuse it would refuse the whole list that it stands in.
 */
const judging: readonly string[] = [
  'required',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
]
function lenient(node: unknown, isMapOfNames = false): unknown {
  if (Array.isArray(node)) return node.map((entry) => lenient(entry))
  if (node === null || typeof node !== 'object') return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => isMapOfNames || !judging.includes(key))
      .map(([key, value]) => [key, lenient(value, !isMapOfNames && key === 'properties')]),
  )
}

const compiled = oncePer((schema: TSchema) => compile(lenient(schema) as TSchema))

const serializerOf: FastifySerializerCompiler<TSchema> =
  ({ schema }) =>
  (value) =>
    compiled(schema)(value)

export function serialization(app: App): void {
  app.setSerializerCompiler(serializerOf)
}
