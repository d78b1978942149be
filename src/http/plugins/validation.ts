// Requests are checked by TypeBox itself: bodies exactly as they are (no coercion, nothing removed in silence), queries
// and paths after the conversion that text needs. All faults of a part are reported at once.
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { type ProblemError, problem } from '../../domain/errors.ts'
import { faultCount } from '../../domain/fault-report.ts'
import { type Fault, fitsSchema, isUnknownField, schemaFaults, textFaults } from '../../domain/schema-faults.ts'
import type { App } from '../app-types.ts'

interface Property {
  readonly type?: string
  readonly format?: string
  readonly default?: unknown
}
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Property>>
}

/** Only text that says a value plainly is converted; "12.5" stays text where an integer is wanted, and is refused. */
function converted(value: unknown, property: Property): unknown {
  if (typeof value !== 'string') return value
  if (property.type === 'integer') return /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (property.type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  if (property.type === 'array') return value.split(',')
  return value
}

function fromText(schema: ObjectSchema, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...values }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const value = result[name] === undefined ? property.default : result[name]
    if (value !== undefined) result[name] = converted(value, property)
  }
  return result
}

/** A path whose id cannot be an id names nothing: it answers as an unknown id does. */
const namesNothing = (schema: ObjectSchema, faults: readonly Fault[]): boolean =>
  faults.some((fault) => schema.properties?.[fault.pointer.slice(1)]?.format === 'uuid')

/** Names for the fault of a query or path, where that differs from one of a body. */
function wordsOfText(fault: Fault, values: unknown): Partial<Fault> {
  if (isUnknownField(fault)) {
    return { detail: 'is an unknown parameter', action: 'Remove the parameter, or correct its name.' }
  }
  const value = (values as Readonly<Record<string, unknown>>)[fault.pointer.slice(1)]
  if (typeof value !== 'string' || !/^-?\d{16,}$/.test(value) || !/whole number/.test(fault.detail)) return {}
  return { detail: 'is too long a number', action: 'Send a whole number of at most 15 digits.' }
}

function refusal(
  part: string | undefined,
  schema: TSchema,
  { faults, value }: { faults: readonly Fault[]; value: unknown },
): ProblemError {
  if (part === 'body')
    return problem('validation_failed', `The body has ${faultCount(faults)} error(s).`, { errors: faults })
  if (part === 'params' && namesNothing(schema as ObjectSchema, faults))
    return problem('not_found', 'Nothing has this id.')
  const errors = faults.map((fault) => ({ ...fault, ...wordsOfText(fault, value), pointer: fault.pointer.slice(1) }))
  return problem('invalid_request', `The request has ${faultCount(faults)} parameter(s) with errors.`, { errors })
}

type Judge = (value: unknown) => readonly Fault[]

const compile = (schema: TSchema, httpPart: string | undefined, judgeText: Judge) => {
  return (input: unknown) => {
    // An absent body is an empty object: where a field is required, the fault names it.
    const given = input ?? {}
    const value = httpPart === 'body' ? given : fromText(schema as ObjectSchema, given as Record<string, unknown>)
    const fits = fitsSchema(schema, value)
    const faults = fits ? judgeText(value) : schemaFaults(schema, value)
    // The check decides, whatever the list of faults says.
    return fits && faults.length === 0 ? { value } : { error: refusal(httpPart, schema, { faults, value }) }
  }
}

export const typeboxCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) =>
  compile(schema, httpPart, textFaults)

/**
 * For routes whose service judges the body itself, so that a record is held to the same rules alone and in bulk. The
 * route's body schema then documents; only the envelope given here is checked.
 */
export const judgedByService =
  (envelope: TSchema): FastifySchemaCompiler<TSchema> =>
  (route) =>
    route.httpPart === 'body' ? compile(envelope, 'body', () => []) : typeboxCompiler(route)

export function validation(app: App): void {
  app.setValidatorCompiler(typeboxCompiler)
}
