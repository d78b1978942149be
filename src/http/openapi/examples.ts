// Examples for bodies and answers. Schemas with a hand-written example use it wherever they occur; the rest is put together
// from the schema: so an example can never show a field that does not exist.
import { handwritten } from './handwritten-examples.ts'
import { keyOf } from './same-schema.ts'

export interface JsonSchema {
  readonly type?: string
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly minLength?: number
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly $ref?: string
}

const byKey = new Map(handwritten.map(({ schema, example }) => [keyOf(schema), example]))

const formats: Readonly<Record<string, string>> = {
  uuid: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
  'date-time': '2026-11-30T09:15:00.000Z',
  date: '2026-11-30',
  uri: 'https://shop.example.com/settings/accounting',
  email: 'ann@example.com',
}

/** Values by property name, for fields whose schema only says "text". */
const byName: Readonly<Record<string, unknown>> = {
  companyId: 'acme',
  recordId: 'cust-1001',
  recordName: 'Ann’s Bicycles',
  completionCode: 'cc_4f8Zk2vQ9xW1',
  organisationId: '45e4708e-d862-4111-ab3a-dd8cd03913e1',
  authorizationUrl: 'https://sync.example.com/connect/s_Qm9vVtL3xY7k',
  nextCursor: null,
  reason: null,
  waitingReason: null,
  error: null,
  secret: 'xsk_live_EXAMPLE',
  currency: 'NZD',
  baseCurrency: 'NZD',
  countryCode: 'NZ',
  timezone: 'Pacific/Auckland',
  name: 'Demo Company',
  categoryId: '297c2dc5-cc47-4afd-8ec8-749909900003',
  prefix: 'OT-',
  shortCode: '!k3qhn',
  scopes: ['offline_access', 'accounting.contacts', 'accounting.settings.read'],
  requestHash: 'c0ffee5a0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbc',
  idempotencyKey: '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f',
  errors: [],
  reasons: [],
  deletedAt: null,
  revokedAt: null,
  times: ['06:00'],
  cron: null,
  deepLink: null,
  allowShared: false,
}

const unknownText = 'text'

/** Values by property name, for fields of which the schema says no more than that they are texts, or lists of them. */
const textByName: Readonly<Record<string, unknown>> = {
  id: '45e4708e-d862-4111-ab3a-dd8cd03913e1',
  code: 'BELL-01',
  invoice: ['shipped'],
  bill: ['received'],
  warnings: [],
}

function ofString(schema: JsonSchema): string {
  if (schema.format && formats[schema.format]) return formats[schema.format] as string
  if (schema.pattern?.includes('\\d{1,')) return '12.50'
  if (schema.pattern === '^[A-Z]{3}$') return 'NZD'
  return unknownText
}

const allowsNull = ({ type, anyOf = [] }: JsonSchema): boolean => type === 'null' || anyOf.some(allowsNull)

/** The value by its name, where the schema allows it. */
function ofProperty(name: string, property: JsonSchema): unknown {
  const known = byName[name]
  if (known !== undefined && (known !== null || allowsNull(property))) return known
  const example = exampleOf(property)
  return [example].flat()[0] === unknownText ? (textByName[name] ?? example) : example
}

const ofObject = (schema: JsonSchema): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [name, ofProperty(name, property)]),
  )

/** A text that nothing is known of says less than null, where null is allowed. */
function ofUnion(branches: readonly JsonSchema[]): unknown {
  const first = exampleOf(branches[0] ?? {})
  return first === unknownText && branches.some(({ type }) => type === 'null') ? null : first
}

export function exampleOf(schema: JsonSchema): unknown {
  const written = byKey.get(keyOf(schema))
  if (written !== undefined) return written
  if (schema.default !== undefined && schema.type !== 'object') return schema.default
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return ofUnion(schema.anyOf)
  switch (schema.type) {
    case 'string':
      return ofString(schema)
    case 'integer':
    case 'number':
      return schema.minimum ?? 0
    case 'boolean':
      return true
    case 'array':
      return [exampleOf(schema.items ?? {})]
    case 'object':
      return ofObject(schema)
    default:
      return null
  }
}
