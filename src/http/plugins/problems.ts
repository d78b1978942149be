// Every error answer is a problem document (RFC 9457), whatever raised it: our services, a schema, the parser, the router,
// the rate limit or a defect. What is not expected says nothing about itself to the caller; the log has it.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type ProblemCode, ProblemError, problem } from '../../domain/errors.ts'
import { databaseTrouble, describeTrouble, endOfTrouble, passesByItself } from '../../lib/database-trouble.ts'
import { SealError } from '../../lib/sealed-box.ts'
import type { App } from '../app-types.ts'
import { nextCalls } from '../next-calls.ts'
import { problemPage, wantsPage } from '../pages/problem-page.ts'
import { type Problem, problemType } from '../schemas/problem.ts'
import { shownPath } from '../shown-path.ts'

/** Fastify's and Node's own errors → our codes, with what the caller is told. */
const known: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_json', 'The body could not be read as JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_json', 'The body is empty.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['payload_too_large', 'The body is larger than this route takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'This route takes application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The path is not valid.'],
  FST_ERR_MAX_PARAM_LENGTH: ['invalid_request', 'A part of the path is too long.'],
  FST_ERR_HANDLER_TIMEOUT: ['unavailable', 'The request took too long. It may still have had its effect.'],
}
/** A plugin's refusal of what the client sent, by its status; any other of 400 to 499 is a request that is not valid. */
const byStatus: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  403: ['route_not_found', 'Nothing is served there.'],
  404: ['route_not_found', 'Nothing is served there.'],
  413: ['payload_too_large', 'The body is larger than this route takes.'],
  415: ['unsupported_media_type', 'This route takes application/json.'],
  416: ['invalid_request', 'The Range header asks for bytes that the file does not have.'],
}
/** Seconds; of problems that time ends. */
export const defaultRetryAfter: Partial<Record<ProblemCode, number>> = {
  idempotency_in_progress: 2,
  too_many_requests: 60,
  unavailable: 5,
  xero_throttled: 30,
  application_credentials: 60,
}

export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const trouble = databaseTrouble(error)
  if (trouble) {
    const action = passesByItself(trouble)
      ? {}
      : { action: `For the operator of this service: ${endOfTrouble(trouble)}` }
    return problem('unavailable', describeTrouble(trouble), { ...action, cause: error })
  }
  if (error instanceof SealError) {
    return problem('unavailable', 'What is stored cannot be opened with the encryption keys of this process.', {
      action: 'Put the key that sealed it back into ENCRYPTION_KEYS, and restart.',
      cause: error,
    })
  }
  const { code, name, statusCode } = error as Partial<FastifyError>
  const [mapped, detail] = known[code ?? ''] ?? []
  if (mapped && detail) return problem(mapped, detail, { cause: error })
  if (name === 'SyntaxError' && statusCode === 400)
    return problem('invalid_json', 'The body could not be read as JSON.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const [byItsStatus, said] = byStatus[statusCode] ?? (['invalid_request', 'The request is not valid.'] as const)
    return problem(byItsStatus, said, { cause: error })
  }
  if (statusCode === 503) return problem('unavailable', 'The service is busy or is being stopped.', { cause: error })
  return problem('internal_error', 'Something went wrong that should not. The request id leads to the cause.', {
    cause: error,
  })
}

const connectionOf = (request: FastifyRequest): string | undefined =>
  (request.params as { connectionId?: string } | null)?.connectionId

const document = (fault: ProblemError, request: FastifyRequest): Problem => ({
  ...fault.extra,
  type: problemType(fault.code),
  title: fault.title,
  status: fault.status,
  detail: fault.detail,
  code: fault.code,
  action: fault.action,
  actions: [...nextCalls(fault, { self: shownPath(request), connectionId: connectionOf(request) })],
  instance: shownPath(request),
  requestId: request.id,
  ...(fault.errors.length > 0 && {
    errors: fault.errors.map(({ pointer, detail, action = fault.action }) => ({ pointer, detail, action })),
  }),
})

function secondsToWait({ code, extra }: ProblemError): number | undefined {
  const { retryAfter } = extra ?? {}
  return typeof retryAfter === 'number' ? Math.ceil(retryAfter) : defaultRetryAfter[code]
}

function setHeaders(reply: FastifyReply, fault: ProblemError, connectionId: string | undefined): void {
  const { jobId } = fault.extra ?? {}
  const retryAfter = secondsToWait(fault)
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (fault.code === 'unauthorized') reply.header('www-authenticate', 'Bearer realm="accounting-sync"')
  if (fault.code === 'job_in_progress' && typeof jobId === 'string') {
    reply.header('location', `/v1/connections/${connectionId}/sync-jobs/${jobId}`)
  }
}

function render(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = toProblem(error)
  if (fault.status === 500) request.log.error({ err: fault.cause ?? fault, requestId: request.id }, 'unexpected error')
  if (fault.code === 'unavailable' && fault.cause instanceof Error) {
    request.log.warn({ err: fault.cause, requestId: request.id }, 'a request could not be served')
  }
  setHeaders(reply.code(fault.status), fault, connectionOf(request))
  reply.header('cache-control', 'no-store').header('x-request-id', request.id)
  if (wantsPage(request))
    return reply.type('text/html; charset=utf-8').send(problemPage(fault, request.id, secondsToWait(fault)))
  return reply.type('application/problem+json').serializer(JSON.stringify).send(document(fault, request))
}

export function problemRendering(app: App): void {
  app.setErrorHandler(render)
}
