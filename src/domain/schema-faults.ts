// Every fault of a value against a schema, each with a JSON pointer, what is wrong and what to do. TypeBox stops after
// eight errors by default; a caller who mends eight fields and is shown eight more would lose patience.
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { System } from 'typebox/system'
import { Value } from 'typebox/value'
import { oncePer } from '../lib/once-per.ts'
import { faultReport, faultsPerValue } from './fault-report.ts'
import { unfitEntries } from './fitting-entries.ts'
import { registerFormats } from './formats.ts'
import { escapeKey, pointer } from './json-pointer.ts'
import { withoutBranches } from './schema-unions.ts'
import { explain, type TypeBoxError, tooManyEntries } from './schema-words.ts'
import { unknownFields } from './unknown-fields.ts'

export { pointer } from './json-pointer.ts'

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
const unknown = { detail: 'is an unknown field', action: 'Remove the field, or correct its name.' }
const unknownField = (at: string): Fault => ({ pointer: at, ...unknown })
export const isUnknownField = ({ detail }: Fault): boolean => detail === unknown.detail

/** An empty text is told as empty, and not once more as one of the wrong form. */
function withoutEchoes(errors: readonly TypeBoxError[]): TypeBoxError[] {
  const empty = new Set(errors.filter(({ keyword }) => keyword === 'minLength').map(({ instancePath }) => instancePath))
  return errors.filter(({ keyword, instancePath }) => keyword !== 'pattern' || !empty.has(instancePath))
}

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
  const { rest, first, surplus, count } = unknownFields(schema, value, faultsPerValue)
  // To look for what is wrong takes many times as long as to see that nothing else is.
  const unfit = unfitEntries(schema, rest, faultsPerValue, fitsSchema)
  const errors = fitsSchema(schema, rest) ? [] : listed(schema, unfit.rest)
  const ofForm = withoutBranches(withoutEchoes(errors)).flatMap(({ error, branchTypes }) =>
    explain(schema, error, value, branchTypes),
  )
  const told = new Set(ofForm.map(({ pointer: at }) => at))
  const faults = [
    ...surplus.map(({ path, limit }) => ({ pointer: pointer(...path), ...tooManyEntries(limit) })),
    ...ofForm,
    ...unkeepable(rest, '').filter(({ pointer: at }) => !told.has(at)),
    ...first.map(([path, name]) => unknownField(pointer(...path, name))),
  ]
  const more = {
    count: count - first.length + unfit.left,
    atLeast: errors.length >= maxErrors || unfit.left > 0,
  }
  return faultReport(faults.length > 0 ? faults : [misfit], { more })
}

/**
 * Empty when, and only when, the value fits the schema and its texts can be kept. At most 200 faults, and one more entry that
 * tells the number of the rest.
 */
export const schemaFaults = (schema: TSchema, value: unknown): Fault[] =>
  fitsSchema(schema, value) ? textFaults(value) : explained(schema, value)
