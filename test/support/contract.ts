// Holds answers to the committed openapi.yaml: the status must be documented for the operation, the headers are those that are
// documented there, the body must fit its schema and hold nothing more, a problem's code must be one that the operation names,
// and the calls that a problem or a sync error names must be operations.
import { readFileSync } from 'node:fs'
import type { TSchema } from 'typebox'
import { parse } from 'yaml'
import { schemaFaults } from '../../src/domain/schema-faults.ts'

type Json = { readonly [name: string]: unknown }
interface Content {
  readonly schema?: TSchema
  readonly example?: unknown
  readonly examples?: Json
}
interface Documented {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>
  readonly content?: Readonly<Record<string, Content>>
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly schema: TSchema; readonly example?: unknown }[]
  readonly requestBody?: Documented
  readonly responses: Readonly<Record<string, Documented>>
}
export interface DocumentedOperation {
  readonly method: string
  /** With {parameters}, as in the document. */
  readonly path: string
  /** References followed. */
  readonly operation: Operation
}

const document = parse(readFileSync('openapi.yaml', 'utf8')) as Json
const methods = ['get', 'put', 'post', 'patch', 'delete']

const pointed = (reference: string): unknown =>
  reference
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (node as Json)[part], document)

/** References followed, and objects closed: what a schema does not name may not be in an answer. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed)
  if (node === null || typeof node !== 'object') return node
  const { $ref, ...rest } = node as Json
  if (typeof $ref === 'string') return closed(pointed($ref))
  const copy = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, closed(value)]))
  return 'properties' in copy && copy.type === 'object' ? { additionalProperties: false, ...copy } : copy
}

/** A value that is made when it is first asked for: a test asks for few of the operations. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Every operation of the document. */
export const operations: readonly DocumentedOperation[] = Object.entries(document.paths as Json).flatMap(
  ([path, item]) =>
    Object.entries(item as Json)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => {
        const whole = once(() => closed(operation) as Operation)
        return {
          method: method.toUpperCase(),
          path,
          get operation() {
            return whole()
          },
        }
      }),
)

const problemSchema = closed(pointed('#/components/schemas/Problem')) as TSchema
const problemType = 'application/problem+json'

const patterns = new Map(
  operations.map(({ path }) => [path, new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)]),
)
/** Paths written out come before those with parameters: …/count is no item. */
const paths = [...patterns.keys()].sort((a, b) => a.split('{').length - b.split('{').length)

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const told = (schema: TSchema, body: unknown): string[] =>
  schemaFaults(schema, body).map(({ pointer, detail }) => `${pointer || '/'} ${detail}`)

/** Headers of the transport, and those for browsers, which the head of the document speaks of. */
const ofAll = [
  'connection',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'date',
  'keep-alive',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'transfer-encoding',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
]

/** A header that is sent always is documented as required; whatever else is sent is documented, too. */
function faultsOfHeaders(sent: Answered['headers'], documented: Documented): string[] {
  const known = Object.entries(documented.headers ?? {}).map(([name, { required }]) => [name.toLowerCase(), required])
  const names = new Set([...known.map(([name]) => name), ...ofAll])
  return [
    ...known.flatMap(([name, required]) =>
      required && sent[String(name)] === undefined ? [`the header ${name} is documented and not sent`] : [],
    ),
    ...Object.keys(sent).flatMap((name) =>
      names.has(name.toLowerCase()) ? [] : [`the header ${name} is not documented`],
    ),
  ]
}

/** "METHOD path" of calls that no operation is. */
const faultsOfCalls = (calls: unknown): string[] =>
  (calls as { method: string; path: string }[]).flatMap(({ method, path }) => {
    const [called = ''] = path.split('?')
    const isThere =
      called === '/docs' || operations.some((one) => one.method === method && patterns.get(one.path)?.test(called))
    return isThere ? [] : [`there is no ${method} ${path} to go on with`]
  })

/** Every sync error in a body, wherever it stands, names calls that exist. */
function faultsOfErrors(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(faultsOfErrors)
  if (node === null || typeof node !== 'object') return []
  const { retryable, actions, ...rest } = node as Json
  if (typeof retryable !== 'boolean') return Object.values(node).flatMap(faultsOfErrors)
  return actions === undefined ? [`the error ${rest.code} has no actions`] : faultsOfCalls(actions)
}

function faultsOfProblem(answer: Answered, documented: Documented | null): string[] {
  const body = jsonOf(answer.text) as Json | undefined
  const faults = told(problemSchema, body)
  if (body?.status !== answer.status) faults.push(`the problem says status ${body?.status}`)
  // A replayed problem is the first request's, byte by byte.
  const isReplayed = answer.headers['idempotency-replayed'] === 'true'
  if (!isReplayed && body?.requestId !== answer.headers['x-request-id'])
    faults.push('requestId and X-Request-Id differ')
  faults.push(...faultsOfCalls(body?.actions ?? []))
  const codes = Object.keys(documented?.content?.[problemType]?.examples ?? {})
  if (documented && !codes.includes(String(body?.code))) faults.push(`the code ${body?.code} is not documented here`)
  return faults
}

/** What an answer has that the document does not say; empty when it fits. */
export function contractFaults(method: string, url: string, answer: Answered): string[] {
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (answer.headers['x-request-id'] === undefined) return ['the answer has no X-Request-Id']
  if (method === 'HEAD') return answer.text === '' ? [] : ['an answer to HEAD has a body']
  if (answer.status >= 400 && type !== problemType && type !== 'text/html') return [`an error is sent as "${type}"`]
  const path = url.split('?')[0] ?? url
  const pattern = paths.find((candidate) => patterns.get(candidate)?.test(path))
  const found = operations.find((entry) => entry.path === pattern && entry.method === method)
  if (!found) {
    if (type !== problemType) return pattern || path.startsWith('/v1') ? ['a route that is not documented'] : []
    return faultsOfProblem(answer, null)
  }
  const documented = found.operation.responses[String(answer.status)]
  const name = found.operation.operationId
  if (!documented) return [`${name} does not document the status ${answer.status}: ${answer.text.slice(0, 300)}`]
  const odd = faultsOfHeaders(answer.headers, documented)
  if (odd.length > 0) return odd.map((fault) => `${name}: ${answer.status}: ${fault}`)
  if (type === problemType) return faultsOfProblem(answer, documented).map((fault) => `${name}: ${fault}`)
  if (answer.status >= 400) return []
  const content = documented.content?.[type]
  if (content === undefined) {
    return answer.text === '' && documented.content === undefined ? [] : [`${name} does not document "${type}"`]
  }
  if (type === 'text/html' || content.schema === undefined) return []
  const body = jsonOf(answer.text)
  return [...told(content.schema, body), ...faultsOfErrors(body)].map((fault) => `${name}: ${fault}`)
}
