// From an accepted request to its answer: finds the list, checks scope and method, runs the handler in a transaction and
// turns refusals into answers.
import { readModifiedSince } from '../time.ts'
import { type Answer, denied, missing, notFound, Refusal, refusal } from './answer.ts'
import type { Call } from './call.ts'
import { handlers } from './handlers.ts'
import { knownQuery, lists } from './lists.ts'
import { begin, type Committed } from './transaction.ts'

export interface Dispatched {
  answer: Answer
  committed: Committed[]
  unknown: string[]
  refusal?: string
}

export interface Incoming {
  method: string
  /** Decoded path below /api.xro/2.0/. */
  segments: string[]
  query: URLSearchParams
  bodyText: string
  ifModifiedSince: string | undefined
  scopes: string[]
}

function parseBody(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw refusal('PostDataInvalidException', 'JSON for post data was invalid')
  }
}

export function dispatch(
  context: Pick<Call, 'world' | 'organisation' | 'user' | 'at'>,
  incoming: Incoming,
): Dispatched {
  const [name = '', ...segments] = incoming.segments
  const behaviour = lists[name]
  const unknown: string[] = []
  if (!behaviour) return { answer: notFound(), committed: [], unknown: [`path ${name}`], refusal: 'no such list' }
  const needed = incoming.method === 'GET' ? behaviour.readScopes : behaviour.writeScopes
  if (!needed.some((scope) => incoming.scopes.includes(scope)))
    return { answer: denied(401, 'scope'), committed: [], unknown, refusal: 'scope' }
  const known = knownQuery(behaviour, incoming.method)
  for (const parameter of incoming.query.keys()) if (!known.includes(parameter)) unknown.push(`?${parameter}`)
  const modifiedSince = incoming.ifModifiedSince === undefined ? undefined : readModifiedSince(incoming.ifModifiedSince)
  if (incoming.ifModifiedSince !== undefined && modifiedSince === undefined) unknown.push('If-Modified-Since')
  const transaction = begin()
  try {
    const handler = handlers[name]?.[incoming.method as 'GET']
    if (segments.length > 1) throw missing(incoming.segments.join('/'))
    if (!handler || (incoming.method === 'PUT' && segments.length > 0))
      throw refusal('ApiMethodNotImplementedException', 'The Api Method called is not implemented', 501)
    const body = incoming.method === 'GET' ? undefined : parseBody(incoming.bodyText)
    const { method, query } = incoming
    const answer = handler({ ...context, method, segments, query, body, modifiedSince, transaction, unknown })
    return { answer, committed: transaction.committed(), unknown }
  } catch (problem) {
    transaction.rollback(0)
    if (!(problem instanceof Refusal)) throw problem
    return { answer: problem.answer, committed: [], unknown, refusal: firstMessage(problem) }
  }
}

function firstMessage(problem: Refusal): string {
  const elements = problem.answer.body?.Elements
  const first: unknown = Array.isArray(elements) ? elements[0] : undefined
  const text = JSON.stringify(first ?? null)
  return /"Message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? problem.message
}
