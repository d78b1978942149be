// Errors that TypeBox finds in a value, in words for its sender: where it stands, what is wrong and what to do about it.
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { pointer, pointerParts } from './json-pointer.ts'
import type { Fault } from './schema-faults.ts'
import { fieldNode, type Node, nodeAt } from './schema-node.ts'
import { formOf } from './text-forms.ts'

export type TypeBoxError = ReturnType<typeof Value.Errors>[number]
type Words = Omit<Fault, 'pointer'>

const formatHints: Readonly<Record<string, string>> = {
  date: 'a calendar date YYYY-MM-DD that exists',
  'date-time': 'an instant such as 2026-11-30T09:15:00Z',
  email: 'an e-mail address',
  uri: 'an absolute URL',
  uuid: 'a UUID',
}
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

function ofType(wanted: readonly unknown[], value: unknown, mayBeAbsent: boolean): Words {
  const wish = wanted.map(nameOf).join(' or ')
  const detail = `must be ${wish}, not ${nameOf(kindOf(value))}`
  if (wanted.includes('string') && typeof value === 'number')
    return { detail, action: `Put it in quotes: ${inQuotes(value)}.` }
  if (value === null && mayBeAbsent) return { detail, action: `Leave the field out, or send ${wish}.` }
  return { detail, action: `Send ${wish}.` }
}

const inNumber = (count: unknown, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
const entry = (count: unknown): string => `${count} ${count === 1 ? 'entry' : 'entries'}`

export const tooManyEntries = (limit: unknown): Words => ({
  detail: `must not have more than ${entry(limit)}`,
  action: `Send at most ${entry(limit)}.`,
})

const ofLimit: Readonly<Record<string, (limit: unknown) => Words>> = {
  minimum: (limit) => ({ detail: `must be ${limit} or more`, action: `Send ${limit} or more.` }),
  maximum: (limit) => ({ detail: `must be ${limit} or less`, action: `Send ${limit} or less.` }),
  minLength: (limit) => ({
    detail: `must have at least ${inNumber(limit, 'character')}`,
    action: `Send at least ${inNumber(limit, 'character')}.`,
  }),
  maxLength: (limit) => ({
    detail: `must not have more than ${inNumber(limit, 'character')}`,
    action: `Shorten it to ${inNumber(limit, 'character')}.`,
  }),
  minItems: (limit) => ({
    detail: `must have at least ${entry(limit)}`,
    action: `Send at least ${entry(limit)}.`,
  }),
  maxItems: tooManyEntries,
  maxProperties: tooManyEntries,
  uniqueItems: () => ({ detail: 'has an entry twice', action: 'Send each entry once.' }),
}

/** The values of an enum, in words. */
const choiceOf = (node: Node | undefined): string | null => node?.enum?.join(', ') ?? null

function missing(parent: Node | undefined, name: string): Words {
  const choice = parent ? choiceOf(fieldNode(parent, name)) : null
  return { detail: 'is missing', action: choice === null ? 'Add the field.' : `Add the field, with one of: ${choice}.` }
}

/** A required field, an entry of a list, or the value itself. */
function isRequired(schema: Node, at: string, root: unknown): boolean {
  const parts = pointerParts(at)
  const parent = nodeAt(schema, root, parts.slice(0, -1))
  const holder = parent?.anyOf?.find(({ properties }) => properties) ?? parent
  return parts.length === 0 || holder?.items !== undefined || holder?.required?.includes(parts.at(-1) ?? '') === true
}

/** An empty text may be left out only where nothing asks for the field. */
function empty(schema: Node, at: string, schemaPath: string, root: unknown): Words {
  const action = /\/anyOf\/\d+$/.test(schemaPath)
    ? 'Send a text, or null.'
    : isRequired(schema, at, root)
      ? 'Send a text.'
      : 'Send a text, or leave it out.'
  return { detail: 'must not be empty', action }
}

/** `branchTypes` are the types that the branches of a union ask for. */
export function explain(schema: TSchema, error: TypeBoxError, root: unknown, branchTypes: readonly unknown[]): Fault[] {
  const { instancePath: at, keyword } = error
  const params = error.params as Record<string, unknown>
  const told = (words: Words): Fault[] => [{ pointer: at, ...words }]
  switch (keyword) {
    case 'required': {
      const node = nodeAt(schema as Node, root, pointerParts(at))
      const parent = node?.anyOf?.find(({ properties }) => properties) ?? node
      const required = params.requiredProperties as string[]
      return required.map((name) => ({ pointer: at + pointer(name), ...missing(parent, name) }))
    }
    // Unknown fields are told apart.
    case 'additionalProperties':
    case 'boolean':
      return []
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).join(', ')
      return told({ detail: `must be one of: ${allowed}`, action: `Choose one of: ${allowed}.` })
    }
    case 'format': {
      const hint = formatHints[String(params.format)] ?? String(params.format)
      return told({ detail: `must be ${hint}`, action: `Send ${hint}.` })
    }
    case 'pattern': {
      const { words, example } = formOf(String(params.pattern)) ?? unknownForm
      return told({ detail: `must be ${words}`, action: `Send ${words}, for example "${example}".` })
    }
    case 'type':
      return told(ofType([params.type].flat(), Value.Pointer.Get(root, at), !isRequired(schema as Node, at, root)))
    case 'anyOf':
      if (branchTypes.length > 0)
        return told(ofType(branchTypes, Value.Pointer.Get(root, at), !isRequired(schema as Node, at, root)))
      break
    case 'minLength':
      if (params.limit === 1) return told(empty(schema as Node, at, error.schemaPath, root))
      break
  }
  const words = ofLimit[keyword]?.(params.limit)
  return told(words ?? { detail: error.message, action: 'Correct the value.' })
}
