// Answers are written by one compiled serializer a response schema, which leaves out whatever the schema does not name. Each
// is compiled for the first answer that needs it: to compile all of them takes longer than the rest of the start.
import compile from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { oncePer } from '../../lib/once-per.ts'
import type { App } from '../app-types.ts'

const compiled = oncePer((schema: TSchema) => compile(schema))

const serializerOf: FastifySerializerCompiler<TSchema> =
  ({ schema }) =>
  (value) =>
    compiled(schema)(value)

export function serialization(app: App): void {
  app.setSerializerCompiler(serializerOf)
}
