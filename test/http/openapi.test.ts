// The OpenAPI document says everything about every operation, and its examples are true.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { parse } from 'yaml'
import { problems } from '../../src/domain/errors.ts'
import { healthReasonCodes } from '../../src/domain/health-reason.ts'
import { schemaFaults } from '../../src/domain/schema-faults.ts'
import { findingCodes } from '../../src/domain/settings/findings.ts'
import { syncErrors } from '../../src/domain/sync-errors.ts'
import { openapiDocument } from '../../src/http/app.ts'
import { operations as documentedOperations } from '../support/contract.ts'
import { buildTestApp } from './support/build.ts'

interface Schema {
  readonly $ref?: string
  readonly description?: string
  readonly type?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: Schema | boolean
  readonly nullable?: unknown
}
interface Media {
  readonly schema: Schema
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, unknown>>
}
interface Answer {
  readonly $ref?: string
  readonly description?: string
  readonly content?: Readonly<Record<string, Media>>
}
interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly { $ref?: string; name?: string; description?: string; schema?: Schema }[]
  readonly requestBody?: Answer
  readonly responses: Readonly<Record<string, Answer>>
  readonly security?: readonly unknown[]
}
interface Document {
  readonly openapi: string
  readonly servers: readonly { readonly url: string; readonly variables?: object }[]
  readonly tags: readonly { name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, Answer>>
  }
}

const app = await buildTestApp()
t.teardown(() => app.close())
await app.ready()
const text = openapiDocument(app)
const document = parse(text) as Document
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
)
const resolved = (answer: Answer): Answer =>
  answer.$ref ? (document.components.responses[answer.$ref.split('/').at(-1) ?? ''] ?? {}) : answer

const knownFormats = new Set(['uuid', 'date', 'date-time', 'uri', 'email'])

/** Every schema below this one, with its place. */
function* schemasOf(schema: Schema, at: string): Generator<readonly [string, Schema]> {
  yield [at, schema]
  for (const [name, property] of Object.entries(schema.properties ?? {})) yield* schemasOf(property, `${at}/${name}`)
  for (const [index, branch] of (schema.anyOf ?? []).entries()) yield* schemasOf(branch, `${at}|${index}`)
  if (schema.items) yield* schemasOf(schema.items, `${at}[]`)
  if (typeof schema.additionalProperties === 'object') yield* schemasOf(schema.additionalProperties, `${at}{}`)
}

t.test('given the same routes, when the document is written twice, then it is the same text', async (t) => {
  const again = await buildTestApp()
  t.teardown(() => again.close())
  await again.ready()
  t.equal(openapiDocument(again), text)
  t.equal(document.openapi, '3.1.0')
})

t.test('given the document alone, when a client is made of it, then it knows an address of the service', async (t) => {
  const [server] = document.servers
  t.match(server, { url: '{baseUrl}', variables: { baseUrl: { default: 'https://sync.example.com' } } })
  const file = parse(readFileSync('openapi.yaml', 'utf8')) as Document
  t.match(file.servers, [{ variables: { baseUrl: { default: 'http://localhost:3000' } } }], 'the address of the demo')
  const page = JSON.parse((await app.inject({ url: '/docs/json' })).body) as Document
  t.match(page.servers, [{ url: '/' }], 'the page calls the host that it came from')
})

t.test('given every operation, when it is read, then it says how it succeeds and how it is refused', async (t) => {
  for (const { name, operation } of operations) {
    const statuses = Object.keys(operation.responses)
    t.ok(
      statuses.some((status) => /^2|^302$/.test(status)),
      `${name} succeeds`,
    )
    t.ok(
      statuses.some((status) => /^4/.test(status)),
      `${name} may be refused`,
    )
  }
})

t.test('given every route, when the document is read, then each one stands in it', async (t) => {
  const hidden = new Set(['/', '/favicon.ico', '/openapi.json', '/openapi.yaml'])
  const expected = [...app.knownRoutes]
    .filter(([url]) => !hidden.has(url) && !url.startsWith('/docs'))
    .flatMap(([url, { methods }]) =>
      [...methods]
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method.toLowerCase()} ${url.replaceAll(/:([A-Za-z]+)/g, '{$1}')}`),
    )
  t.same(operations.map(({ name }) => name).sort(), expected.sort())
})

t.test('given every operation, when it is read, then it is named, explained and shown by examples', async (t) => {
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, ids.length, 'operationIds are unique')
  const tags = new Set(document.tags.map(({ name }) => name))
  for (const { name, operation } of operations) {
    t.match(operation.operationId, /^[a-z][A-Za-z]+$/, name)
    t.ok(operation.summary, `${name} has a summary`)
    t.ok(operation.description, `${name} has a description`)
    t.ok(
      operation.tags?.every((tag) => tags.has(tag)),
      `${name} has known tags`,
    )
    for (const parameter of operation.parameters ?? []) {
      t.ok(parameter.$ref ?? parameter.description, `${name} explains ${parameter.name}`)
    }
    const bodies = Object.entries(operation.responses).filter(([status]) => /^2/.test(status))
    for (const media of [operation.requestBody, ...bodies.map(([, answer]) => answer)].flatMap((body) =>
      Object.entries(body?.content ?? {}),
    )) {
      if (media[0] !== 'text/html') t.ok(media[1].example !== undefined, `${name} has an example of ${media[0]}`)
    }
  }
})

t.test('given every operation, when it is read, then it names its problems', async (t) => {
  for (const { name, operation } of operations) {
    const codes = Object.values(operation.responses)
      .map(resolved)
      .flatMap((answer) => Object.keys(answer.content?.['application/problem+json']?.examples ?? {}))
    t.ok(codes.includes('internal_error'), `${name} may fail`)
    t.ok(codes.every((code) => code in problems))
    if (operation.security === undefined) t.ok(codes.includes('unauthorized'), `${name} needs a key`)
    if (operation.requestBody) t.ok(codes.includes('invalid_json'), `${name} reads a body`)
    if (name.includes('{connectionId}')) t.ok(codes.includes('not_found'), `${name} may not find it`)
  }
})

t.test('given every schema, when it is read, then it has a description and known formats', async (t) => {
  const roots = [
    ...Object.entries(document.components.schemas),
    ...operations.flatMap(({ name, operation }) =>
      [operation.requestBody, ...Object.values(operation.responses)]
        .flatMap((body) => Object.values(body?.content ?? {}))
        .map((media) => [name, media.schema] as const),
    ),
  ]
  for (const [root, schema] of roots) {
    for (const [at, part] of schemasOf(schema, root)) {
      const isProperty = at.endsWith(`/${at.split('/').at(-1)}`) && !/[|[{]/.test(at.split('/').at(-1) ?? '')
      if (isProperty && at.includes('/') && !part.$ref) t.ok(part.description, `${at} has a description`)
      if (part.format !== undefined) t.ok(knownFormats.has(part.format), `${at}: ${part.format}`)
      t.equal(part.nullable, undefined, at)
    }
  }
})

t.test(
  'given every example, when it is held to the schema beside it, then it fits and holds nothing more',
  async (t) => {
    const examples = (document.components as unknown as { examples: Record<string, { value: unknown }> }).examples
    const written = (example: unknown): unknown => {
      const { $ref, value } = example as { $ref?: string; value?: unknown }
      return $ref === undefined ? value : examples[$ref.split('/').at(-1) ?? '']?.value
    }
    let held = 0
    for (const { method, path, operation } of documentedOperations) {
      for (const [where, body] of [
        ['request', operation.requestBody] as const,
        ...Object.entries(operation.responses),
      ]) {
        for (const media of Object.values(body?.content ?? {})) {
          const { schema } = media
          if (!schema) continue
          const all = [
            ...(media.example === undefined ? [] : [media.example]),
            ...Object.values(media.examples ?? {}).map(written),
          ]
          for (const example of all) {
            held += 1
            t.strictSame(schemaFaults(schema, example), [], `${method} ${path} ${where}`)
            t.notMatch(JSON.stringify(example), /"text"/, `${method} ${path} ${where} shows real values`)
          }
        }
      }
    }
    t.ok(held > 500, `${held} examples`)
  },
)

t.test(
  'given every parameter, when its example is held to its schema, then it fits, and no page sends it unasked',
  async (t) => {
    let held = 0
    for (const { method, path, operation } of documentedOperations) {
      for (const { name, schema, example } of operation.parameters ?? []) {
        held += 1
        const what = `${method} ${path} ${name}`
        t.notSame(example, undefined, what)
        t.strictSame(schemaFaults(schema, example), [], what)
        t.notMatch(JSON.stringify(example), /"text"/, what)
        const record = /\/(item|customer|vendor|invoice|bill)s\//.exec(path)?.[1]
        if (name === 'recordId' && record) t.match(example, record.slice(0, record.length > 4 ? 3 : 4), what)
      }
    }
    t.ok(held > 300, `${held} parameters`)
    const page = (await app.inject('/docs/json')).json() as Document
    const sent = Object.values(page.paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ parameters = [] }) => parameters as { required?: boolean; example?: unknown }[])
    t.ok(sent.every(({ required, example }) => required === true || example === undefined))
  },
)

t.test(
  'given the operations that call Xero, when they are read, then each names whatever a call may end with',
  async (t) => {
    const codesOf = ({ responses }: Operation) =>
      Object.values(responses)
        .map(resolved)
        .flatMap((answer) => Object.keys(answer.content?.['application/problem+json']?.examples ?? {}))
    const calling = operations.filter(({ operation }) => codesOf(operation).includes('xero_unreachable'))
    t.ok(calling.length > 3, `${calling.length} operations`)
    for (const { name, operation } of calling) {
      const missing = ['xero_throttled', 'application_credentials', 'unavailable'].filter(
        (code) => !codesOf(operation).includes(code),
      )
      t.strictSame(missing, [], name)
    }
  },
)

t.test(
  'given the document, when it is asked for, then it is the same bytes, zipped where that is understood',
  async (t) => {
    for (const url of ['/openapi.yaml', '/openapi.json', '/docs/yaml', '/docs/json']) {
      const first = await app.inject({ url })
      const { etag } = first.headers
      t.match(etag, /^W\/"[\w-]{22}"$/)
      t.equal((await app.inject({ url, headers: { 'if-none-match': String(etag) } })).statusCode, 304)
      for (const tags of ['*', `"other", ${etag}`, String(etag).slice(2)])
        t.equal((await app.inject({ url, headers: { 'if-none-match': tags } })).statusCode, 304, tags)
      for (const refused of ['gzip;q=0', 'br, GZIP; q=0.000', 'identity', '*;q=0']) {
        const { headers, body } = await app.inject({ url, headers: { 'accept-encoding': refused } })
        t.same([headers['content-encoding'], body === first.body], [undefined, true], refused)
      }
      const zipped = await app.inject({ url, headers: { 'accept-encoding': 'br, gzip' } })
      t.equal(zipped.headers['content-encoding'], 'gzip')
      t.equal(gunzipSync(zipped.rawPayload).toString(), first.body)
      t.ok(zipped.rawPayload.length * 5 < first.rawPayload.length)
    }
  },
)

t.test(
  'given a field with a default, when types are generated, then it may be left out, and the default fits',
  async (t) => {
    const walk = (node: unknown, at: string): void => {
      if (node === null || typeof node !== 'object') return
      const {
        properties,
        required = [],
        default: value,
      } = node as {
        properties?: Record<string, { default?: unknown }>
        required?: string[]
        default?: unknown
      }
      const isSchema = 'type' in node && typeof node.type === 'string'
      if (isSchema && value !== undefined) t.strictSame(schemaFaults(node as never, value), [], `the default of ${at}`)
      for (const [name, field] of Object.entries(properties ?? {})) {
        if (!required.includes(name))
          t.equal(field.default, undefined, `${at}.${name} has none that would make it required`)
      }
      for (const [key, child] of Object.entries(node)) walk(child, `${at}.${key}`)
    }
    walk(document.components, 'components')
    walk(document.paths, 'paths')
  },
)

t.test('given closed sets and conditional writes, when the document is read, then it says which', async (t) => {
  const enumOf = (name: string) =>
    document.components.schemas[name]?.properties?.code as { enum?: string[] } | undefined
  t.strictSame(enumOf('SyncError')?.enum, Object.keys(syncErrors))
  t.strictSame(enumOf('Problem')?.enum, Object.keys(problems))
  t.strictSame(enumOf('Finding')?.enum, [...findingCodes])
  t.ok(JSON.stringify(document.components.schemas.ConnectionHealth).includes(JSON.stringify(healthReasonCodes)))
  for (const { name, operation } of operations) {
    const parameters = (operation.parameters ?? []) as readonly { name?: string; required?: boolean }[]
    const ifMatch = parameters.find((entry) => entry.name === 'if-match')
    t.equal(ifMatch?.required === true, '428' in operation.responses, `${name}: If-Match is required where 428 says so`)
  }
})
