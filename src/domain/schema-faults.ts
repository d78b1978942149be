// Every fault of a value against a schema, each with a JSON pointer, what is wrong and what to do. TypeBox stops after
// eight errors by default; a caller who mends eight fields and is shown eight more would lose patience.
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { System } from 'typebox/system'
import { Value } from 'typebox/value'
import { oncePer } from '../lib/once-per.ts'
import { faultReport, faultsPerValue } from './fault-report.ts'
import { registerFormats } from './formats.ts'
import { formOf } from './text-forms.ts'
import { unknownFields } from './unknown-fields.ts'

registerFormats()

export const Fault = Type.Object(
  {
    pointer: Type.String({ description: 'JSON pointer to the field (RFC 6901); empty: the whole value.' }),
    detail: Type.String({ description: 'What is wrong.' }),
    action: Type.String({ description: 'What to do about it.' }),
  },
  { description: 'One error of a value.' },
)
export type Fault = Static<typeof Fault>

/** Of one value; unknown fields are counted apart. To list them costs more than to count them. */
const maxErrors = 1_000
const formatHints: Readonly<Record<string, string>> = {
  date: 'a calendar date YYYY-MM-DD that exists',
  'date-time': 'an instant such as 2026-11-30T09:15:00Z',
  email: 'an e-mail address',
  uri: 'an absolute URL',
  uuid: 'a UUID',
}
const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
/** A JSON pointer from its parts. */
export const pointer = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => `/${escapeKey(String(part))}`).join('')

type TypeBoxError = ReturnType<typeof Value.Errors>[number]

const unknownField = (at: string): Fault => ({
  pointer: at,
  detail: 'is not a field known here',
  action: 'Remove the field, or correct its name.',
})

const unknownForm = { words: 'a text of the form that the API description shows', example: '…' }

const names: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a string',
}
const nameOf = (type: unknown): string => names[String(type)] ?? String(type)
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** A number where a string is due is most often an amount: 12.5 is shown as "12.50". */
const inQuotes = (value: number): string => `"${String(value).replace(/^(-?\d+\.\d)$/, '$10')}"`

function ofType(wanted: unknown, value: unknown): Omit<Fault, 'pointer'> {
  const wish = [wanted].flat().map(nameOf).join(' or ')
  const detail = `must be ${wish}, not ${nameOf(kindOf(value))}`
  if (wanted === 'string' && typeof value === 'number') {
    return { detail, action: `Put it in quotes: ${inQuotes(value)}.` }
  }
  if (value === null) return { detail, action: `Leave the field out, or send ${wish}.` }
  return { detail, action: `Send ${wish}.` }
}

function explain(error: TypeBoxError, root: unknown): Fault[] {
  const at = error.instancePath
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'required':
      return (params.requiredProperties as string[]).map((name) => ({
        pointer: at + pointer(name),
        detail: 'is missing',
        action: 'Add the field.',
      }))
    case 'additionalProperties':
      return (params.additionalProperties as string[]).map((name) => unknownField(at + pointer(name)))
    // Says the same as additionalProperties, once more.
    case 'boolean':
      return []
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).join(', ')
      return [{ pointer: at, detail: `must be one of: ${allowed}`, action: `Choose one of: ${allowed}.` }]
    }
    case 'format': {
      const hint = formatHints[String(params.format)] ?? String(params.format)
      return [{ pointer: at, detail: `must be ${hint}`, action: `Send ${hint}.` }]
    }
    case 'pattern': {
      const { words, example } = formOf(String(params.pattern)) ?? unknownForm
      return [{ pointer: at, detail: `must be ${words}`, action: `Send ${words}, for example "${example}".` }]
    }
    case 'type':
      return [{ pointer: at, ...ofType(params.type, Value.Pointer.Get(root, at)) }]
    case 'minLength':
      return params.limit === 1
        ? [
            {
              pointer: at,
              detail: 'must not be empty',
              action: 'Send a text, or leave the field out where it may be missing.',
            },
          ]
        : [{ pointer: at, detail: error.message, action: 'Correct the value.' }]
    default:
      return [{ pointer: at, detail: error.message, action: 'Correct the value.' }]
  }
}

/** A union reports the faults of each of its branches; what helps is the one summary, or the branch that nearly fits. */
function withoutBranches(errors: readonly TypeBoxError[]): TypeBoxError[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf')
  return errors.filter((error) => {
    const union = unions.find((candidate) => error.schemaPath.startsWith(`${candidate.schemaPath}/anyOf/`))
    if (error.keyword === 'anyOf') return !errors.some((other) => isTelling(other, error))
    return union === undefined || isTelling(error, union)
  })
}
/** An empty text is told as empty, and not once more as one of the wrong form. */
function withoutEchoes(errors: readonly TypeBoxError[]): TypeBoxError[] {
  const empty = new Set(errors.filter(({ keyword }) => keyword === 'minLength').map(({ instancePath }) => instancePath))
  return errors.filter(({ keyword, instancePath }) => keyword !== 'pattern' || !empty.has(instancePath))
}

/** Every other branch is "null": a fault that is not about the type of the value as a whole is the one to show. */
const isTelling = (error: TypeBoxError, union: TypeBoxError): boolean =>
  error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`) && error.keyword !== 'type' && error.keyword !== 'const'

const isText = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
const noText = (at: string): Fault => ({
  pointer: at,
  detail: 'holds a null character or half of a surrogate pair',
  action: 'Send proper Unicode text.',
})

/** Texts, also names of fields, that JSON can carry and no database can keep: they would fail far from where they came in. */
export function textFaults(value: unknown): Fault[] {
  return faultReport(unkeepable(value, ''))
}
function unkeepable(value: unknown, at: string): Fault[] {
  if (typeof value === 'string') return isText(value) ? [] : [noText(at)]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inner]) =>
    isText(name) ? unkeepable(inner, `${at}/${escapeKey(name)}`) : [noText(at)],
  )
}

/** Compiled at first use: to interpret a schema takes many times as long. */
const validatorOf = oncePer((schema: TSchema) => Compile(schema))

/** True when a value fits a schema; its texts are not looked at. */
export const fitsSchema = (schema: TSchema, value: unknown): boolean => validatorOf(schema).Check(value)

function listed(schema: TSchema, value: unknown): readonly TypeBoxError[] {
  const before = System.Settings.Get().maxErrors
  System.Settings.Set({ maxErrors })
  try {
    return Value.Errors(schema, value)
  } finally {
    System.Settings.Set({ maxErrors: before })
  }
}

const misfit: Fault = { pointer: '', detail: 'does not fit its schema', action: 'Compare it with the API description.' }

/** Why a value does not fit, as a report: never empty, because the check has decided already. */
function explained(schema: TSchema, value: unknown): Fault[] {
  const unknown = unknownFields(schema, value, faultsPerValue)
  const errors = listed(schema, unknown.rest)
  const faults = [
    ...withoutEchoes(withoutBranches(errors)).flatMap((error) => explain(error, value)),
    ...unknown.first.map(([path, name]) => unknownField(pointer(...path, name))),
  ]
  const more = { count: unknown.count - unknown.first.length, atLeast: errors.length >= maxErrors }
  return faultReport(faults.length > 0 ? faults : [misfit], { more })
}

/**
 * Empty when, and only when, the value fits the schema and its texts can be kept. At most 200 faults, and one more entry that
 * tells the number of the rest.
 */
export const schemaFaults = (schema: TSchema, value: unknown): Fault[] =>
  fitsSchema(schema, value) ? textFaults(value) : explained(schema, value)
