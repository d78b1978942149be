// Makes the generated document complete: names for schemas, problems and examples for every operation, the headers that
// all share. What an operation is comes from its route, so nothing here is said twice.
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import { components } from './components.ts'
import { exampleOf, type JsonSchema } from './examples.ts'
import { type HeaderName, headersNamed, rateLimitHeaders } from './headers.ts'
import { parameterExample } from './parameter-examples.ts'
import { problemResponses, problemsOf } from './problems-of.ts'
import { keyOf, normalized } from './same-schema.ts'

export interface RouteFacts {
  readonly schema: FastifySchema
  readonly config: FastifyContextConfig
}
type Json = Record<string, unknown>
interface Media {
  schema?: JsonSchema
  example?: unknown
}
interface Response {
  description: string
  headers?: Json
  content?: Record<string, Media>
}
interface Parameter {
  readonly name?: string
  readonly required?: boolean
  readonly schema?: JsonSchema
  readonly example?: unknown
}
export interface Operation {
  operationId?: string
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: { required?: boolean; description?: string; content: Record<string, Media> }
  responses: Record<string, Response | object>
  security?: readonly unknown[]
}
export interface OpenApi {
  servers?: readonly { readonly url: string; readonly description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Json & { schemas: Record<string, JsonSchema> }
}

const names = new Map(Object.entries(components).map(([name, schema]) => [keyOf(schema), name]))

/** Puts a reference wherever a named schema stands; `except` is the name of the schema that is being described itself. */
function withNames(node: unknown, except?: string): unknown {
  if (Array.isArray(node)) return node.map((entry) => withNames(entry))
  if (node === null || typeof node !== 'object') return node
  const name = 'type' in node || 'anyOf' in node ? names.get(keyOf(node)) : undefined
  if (name !== undefined && name !== except) return { $ref: `#/components/schemas/${name}` }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === 'example' ? value : withNames(value)]),
  )
}

const parameter = (name: string) => ({ $ref: `#/components/parameters/${name}` })
const listStyle = (entry: Parameter): Parameter =>
  entry.schema?.type === 'array' ? { ...entry, ...{ style: 'form', explode: false } } : entry

/** Left to the service, which answers 428 where it is missing; a generated client has to send it. */
const demanded = (entry: Parameter): Parameter =>
  entry.name === 'if-match' ? { ...entry, ...{ required: true } } : entry

const shown = (entry: Parameter, path: string): Parameter => ({
  ...entry,
  example: parameterExample(entry.name ?? '', entry.schema ?? {}, path),
})

function withExamples(content: Record<string, Media> | undefined, written?: unknown): void {
  for (const [type, media] of Object.entries(content ?? {})) {
    if (media.schema && type !== 'text/html') media.example = written ?? exampleOf(media.schema)
  }
}

const isPaged = (querystring: unknown): boolean =>
  'cursor' in ((querystring as { properties?: object } | undefined)?.properties ?? {})

function headersOf(status: string, { schema, config }: RouteFacts): Json {
  const isCreated =
    status === '201' && schema.operationId?.startsWith('create') && schema.operationId !== 'createApiKey'
  const when = (condition: boolean | undefined, ...names: HeaderName[]) => (condition ? names : [])
  return headersNamed([
    'RequestId',
    ...when(config.public !== true || config.page === true, 'CacheControl'),
    ...when(config.rateLimit !== false, ...rateLimitHeaders),
    ...when(isCreated || status === '302', 'Location'),
    ...when(config.page === true, 'SetCookie'),
    ...when(schema.headers !== undefined, 'ETag'),
    ...when(isPaged(schema.querystring), 'Link'),
    ...when(config.idempotent === true, 'IdempotencyReplayed'),
    ...when(status === '503', 'RetryAfter'),
  ])
}

const fromAProxy = { description: 'Not an answer of this service, but of a proxy in front of it.' }

function finishOperation(operation: Operation, facts: RouteFacts, path: string, method: string): void {
  const { schema, config } = facts
  operation.parameters = [
    ...(operation.parameters ?? []).map((entry) => shown(demanded(listStyle(entry as Parameter)), path)),
    ...(config.public === true ? [] : [parameter(config.everyCompany === true ? 'CompanyFilter' : 'CompanyId')]),
    ...(config.idempotent === true ? [parameter('IdempotencyKey')] : []),
  ]
  if (config.public === true) operation.security = []
  if (operation.requestBody) {
    const { required = [] } = (schema.body ?? {}) as { required?: readonly string[] }
    operation.requestBody.required = required.length > 0
    withExamples(operation.requestBody.content)
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    const answer = response as Response
    withExamples(answer.content, config.examples?.[status])
    answer.headers = headersOf(status, facts)
  }
  // An address that a browser is sent on from has no other answer of its own.
  if ('302' in operation.responses) operation.responses.default = fromAProxy
  const problems = problemResponses(problemsOf(schema, config, method !== 'get'), config)
  operation.responses = Object.fromEntries(
    Object.entries({ ...problems, ...operation.responses }).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value)

/** Of a field that may be left out, the default is told in words: generators of types make a field with one required. */
function inWords(field: unknown): unknown {
  if (!isObject(field) || field.default === undefined) return field
  const { default: value, description = '', ...rest } = field
  const isTold = isObject(value) || /default/i.test(String(description))
  return { ...rest, description: isTold ? description : `${description} Default: ${JSON.stringify(value)}.` }
}

/** Defaults that a generator takes as they are meant: none that its own schema refuses, none that makes a field required. */
function withTakenDefaults(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withTakenDefaults)
  if (!isObject(node)) return node
  const { required = [], properties } = node as { required?: readonly string[]; properties?: unknown }
  const said = Object.entries(node).map(([key, value]) => [
    key,
    /^examples?$/.test(key) ? value : withTakenDefaults(value),
  ])
  const whole = Object.fromEntries(said) as Json
  // An object without its fields; each of them has a default of its own.
  if (isObject(whole.default) && Object.keys(whole.default).length === 0) delete whole.default
  if (!isObject(properties)) return whole
  const fields = Object.entries(whole.properties as Json).map(([name, field]) => [
    name,
    required.includes(name) ? field : inWords(field),
  ])
  return { ...whole, properties: Object.fromEntries(fields) }
}

/** Drops components that nothing refers to, and then those that only they referred to. */
function withoutUnused(document: OpenApi): OpenApi {
  const text = JSON.stringify(document)
  let dropped = false
  const kept = Object.entries(document.components).map(([kind, entries]) => {
    const used = Object.entries(entries as Json).filter(
      ([name]) => kind === 'securitySchemes' || text.includes(`"#/components/${kind}/${name}"`),
    )
    dropped ||= used.length < Object.keys(entries as Json).length
    return [kind, Object.fromEntries(used)] as const
  })
  const result = { ...document, components: Object.fromEntries(kept) as OpenApi['components'] }
  return dropped ? withoutUnused(result) : result
}

/** `routes` by operationId. */
export function finish(document: OpenApi, routes: ReadonlyMap<string, RouteFacts>): OpenApi {
  const { paths, components: parts, ...rest } = normalized(document) as OpenApi
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const facts = routes.get(operation.operationId ?? '')
      if (facts) finishOperation(operation, facts, path, method)
    }
  }
  const schemas = Object.entries(parts.schemas).map(([name, schema]) => [name, withNames(schema, name)])
  const named = { ...rest, paths: withNames(paths), components: { ...parts, schemas: Object.fromEntries(schemas) } }
  return withoutUnused(withTakenDefaults(named) as OpenApi)
}

/**
 * For the page that makes calls: it fills in what it is shown, so that an example of what may be left out would be sent
 * along; and it may call only the host that it came from, under whatever name that was reached.
 */
export function forItsPage({ paths, components: parts, ...rest }: OpenApi): OpenApi {
  const bare = (entry: unknown) => {
    const { example, ...said } = entry as Parameter
    return said.required === true ? entry : said
  }
  const item = (operations: Record<string, Operation>) =>
    Object.entries(operations).map(([method, operation]) => [
      method,
      { ...operation, parameters: (operation.parameters ?? []).map(bare) },
    ])
  const shared = Object.entries((parts.parameters ?? {}) as Json).map(([name, entry]) => [name, bare(entry)])
  return {
    ...rest,
    servers: [{ url: '/', description: 'The host that serves this page.' }],
    paths: Object.fromEntries(Object.entries(paths).map(([path, one]) => [path, Object.fromEntries(item(one))])),
    components: { ...parts, parameters: Object.fromEntries(shared) },
  }
}
