// Which problems an operation can answer with: those that follow from its shape, and those that its route names.
import type { FastifyContextConfig } from 'fastify'
import { type ProblemCode, type ProblemMore, problem, problems } from '../../domain/errors.ts'
import { nextCalls, type Place } from '../next-calls.ts'
import { mayBeKept } from '../plugins/idempotency.ts'
import { defaultRetryAfter } from '../plugins/problems.ts'
import { problemType } from '../schemas/problem.ts'
import { headersNamed, rateLimitHeaders } from './headers.ts'

interface Shape {
  readonly params?: unknown
}

const when = <T extends string>(condition: boolean, ...names: T[]): T[] => (condition ? names : [])

/** Bodies are read, and may be refused, also where none is asked for. */
export function problemsOf(schema: Shape, config: FastifyContextConfig, takesBody: boolean): ProblemCode[] {
  const { params } = schema
  const open = config.public === true
  return [
    ...new Set([
      // A request that is not HTTP, or has headers that are too large, is refused before there is a route.
      'invalid_request' as const,
      ...when(takesBody, 'invalid_json', 'not_utf8', 'payload_too_large'),
      ...when(takesBody, 'unsupported_media_type', 'validation_failed'),
      ...when(!open, 'unauthorized'),
      ...when(params !== undefined && !open, 'not_found'),
      ...when(config.idempotent === true, 'idempotency_in_progress', 'idempotency_mismatch', 'idempotency_answer_lost'),
      ...(config.problems ?? []),
      ...when(config.rateLimit !== false, 'too_many_requests'),
      'internal_error' as const,
      // Probes are answered while everything else is refused, and say themselves what is away.
      ...when(config.probe !== true, 'unavailable'),
    ]),
  ]
}

const uuid = '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f'
const connection = `/v1/connections/${uuid}`
/** Paths of the examples that do not arise at the settings. */
const places: Readonly<Partial<Record<ProblemCode, string>>> = {
  already_linked: `${connection}/customers/c-1/link`,
  entity_item_not_removable: `${connection}/sync-queue-items/${uuid}`,
  invalid_state_transition: `${connection}/sync-jobs/${uuid}/cancel`,
  limit_reached: '/v1/api-keys',
  route_not_found: '/v2/connections',
}
const extras: Readonly<Partial<Record<ProblemCode, ProblemMore['extra']>>> = {
  already_linked: { recordId: 'c-2' },
  connection_not_active: { connectionStatus: 'needs_reconnect' },
  job_in_progress: { jobId: uuid },
  organisation_already_connected: { connectionId: uuid },
  queue_item_locked: { jobId: uuid },
  queue_item_uncertain: { jobId: uuid },
}
const exampleOf = (code: ProblemCode) => problem(code, `${problems[code].title}.`, { extra: extras[code] })
const placeOf = (code: ProblemCode): Place => ({ self: places[code] ?? `${connection}/settings`, connectionId: uuid })

const example = (code: ProblemCode) => ({
  summary: problems[code].title,
  value: {
    type: problemType(code),
    title: problems[code].title,
    status: problems[code].status,
    detail: `${problems[code].title}.`,
    code,
    action: problems[code].action,
    actions: [...nextCalls(exampleOf(code), placeOf(code))],
    instance: placeOf(code).self,
    ...extras[code],
    requestId: 'b6f1c2de-6f0a-4a53-9d5e-7a3c1d2e4f50',
    ...(problems[code].status === 422 && {
      errors: [{ pointer: '/name', detail: 'is missing', action: 'Add the field.' }],
    }),
  },
})

/** An example for each code; the operations refer to them. */
export const problemExamples = Object.fromEntries(
  (Object.keys(problems) as ProblemCode[]).map((code) => [code, example(code)]),
)

function headersOf(codes: readonly ProblemCode[], isReplayed: boolean) {
  const waiting = codes.filter((code) => defaultRetryAfter[code] !== undefined)
  return headersNamed([
    'RequestId',
    'CacheControl',
    ...rateLimitHeaders,
    ...when(waiting.length === codes.length, 'RetryAfter'),
    ...when(
      waiting.length < codes.length && (waiting.length > 0 || codes.includes('xero_unreachable')),
      'RetryAfterIfKnown',
    ),
    ...when(codes.includes('unauthorized'), 'WWWAuthenticate'),
    ...when(codes.includes('job_in_progress'), 'LocationOfJob'),
    ...when(isReplayed, 'IdempotencyReplayed'),
  ])
}

const response = (codes: readonly ProblemCode[], isReplayed = false) => ({
  headers: headersOf(codes, isReplayed),
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/Problem' },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
})

/** A response for each code, for the statuses that an operation has for one reason only. */
export const singleResponses = Object.fromEntries(
  (Object.keys(problems) as ProblemCode[]).map((code) => [code, response([code])]),
)

/** One response an HTTP status. Of a request with an Idempotency-Key, a refusal that was its answer is answered again. */
export function problemResponses(
  codes: readonly ProblemCode[],
  { idempotent = false }: FastifyContextConfig,
): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const isReplayed = idempotent && mayBeKept(status)
      const named = { $ref: `#/components/responses/${group[0]}` }
      return [String(status), group.length === 1 && !isReplayed ? named : response(group, isReplayed)]
    }),
  )
}
