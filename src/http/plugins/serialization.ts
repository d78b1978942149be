// Answers are written by one compiled serializer a response schema, which leaves out whatever the schema does not name. Each
// is compiled for the first answer that needs it: to compile all of them takes longer than the rest of the start.
import compile from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import type { App } from '../app-types.ts'

const compiled = new WeakMap<TSchema, (value: unknown) => string>()

const serializerOf: FastifySerializerCompiler<TSchema> =
  ({ schema }) =>
  (value) => {
    const serialize = compiled.get(schema) ?? compile(schema)
    compiled.set(schema, serialize)
    return serialize(value)
  }

export function serialization(app: App): void {
  app.setSerializerCompiler(serializerOf)
}
