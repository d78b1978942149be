// Answers are written by one compiled serializer a response schema, which leaves out whatever the schema does not name. Each
// is compiled for the first answer that needs it: to compile all of them takes longer than the rest of the start. Long lists
// are written entry by entry, and others have their turn meanwhile.
import compile from 'fast-json-stringify'
import type { FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { oncePer } from '../../lib/once-per.ts'
import { giveWay } from '../../lib/portions.ts'
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

/** A body that was written before it came to the serializer. */
class Written {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const serializerOf: FastifySerializerCompiler<TSchema> =
  ({ schema }) =>
  (value) =>
    value instanceof Written ? value.text : compiled(schema)(value)

/** Characters that are written at a stretch: some milliseconds. */
const stretch = 64 * 1024

async function writtenList(entrySchema: TSchema, entries: readonly unknown[]): Promise<string> {
  const write = compiled(entrySchema)
  let text = ''
  let until = stretch
  for (const entry of entries) {
    text += `${text === '' ? '' : ','}${write(entry)}`
    if (text.length < until) continue
    until = text.length + stretch
    await giveWay()
  }
  return `[${text}]`
}

async function writtenByEntries(properties: Record<string, TSchema>, value: Record<string, unknown>): Promise<string> {
  const fields: string[] = []
  for (const [name, schema] of Object.entries(properties)) {
    const field = value[name]
    if (field === undefined) continue
    const { items } = schema as { items?: TSchema }
    const text = items && Array.isArray(field) ? await writtenList(items, field) : compiled(schema)(field)
    fields.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${fields.join()}}`
}

const isLong = (value: unknown): boolean => Array.isArray(value) && value.length > 1

export function serialization(app: App): void {
  app.setSerializerCompiler(serializerOf)
  app.addHook('preSerialization', async ({ routeOptions }, reply, payload) => {
    const answers = routeOptions.schema?.response as
      | Record<string, { properties?: Record<string, TSchema> }>
      | undefined
    const properties = answers?.[reply.statusCode]?.properties
    if (!properties || payload === null || typeof payload !== 'object' || !Object.values(payload).some(isLong))
      return payload
    return new Written(await writtenByEntries(properties, payload as Record<string, unknown>))
  })
}
