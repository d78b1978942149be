// Idempotency-Key on creating POSTs: the second request with a key gets the first one's answer, marked
// `Idempotency-Replayed: true`. Answers that may change by themselves (5xx, 409, 429) are not kept: the key is free again.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { canonicalJson } from '../../lib/json.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { invalidParameter } from '../faults.ts'

interface Scope {
  readonly companyId: string
  readonly route: string
  readonly key: string
}
declare module 'fastify' {
  interface FastifyRequest {
    /** The key that this request holds and has to settle. */
    idempotency: Scope | null
  }
}

const keptHeaders = ['content-type', 'location', 'etag'] as const
const maySucceedLater = (status: number): boolean => status >= 500 || status === 409 || status === 429
/** A refusal that stands: authentication comes before a key is looked at. */
export const mayBeKept = (status: number): boolean => status !== 401 && !maySucceedLater(status)

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key === 'string' && /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(key)) return key
  throw invalidParameter('Idempotency-Key', 'must be 1 to 255 printable ASCII characters', 'Send a random UUID.')
}

/** The concrete path is in it, so that one key cannot answer for another connection. */
const fingerprintOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(canonicalJson([request.url, request.body ?? null]))
    .digest('hex')

const headersOf = (reply: FastifyReply): Record<string, string> =>
  Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )

export function idempotencyKeys(app: App, { idempotency }: Services): void {
  app.decorateRequest('idempotency', null)

  app.addHook('preHandler', async (request, reply) => {
    const { config, url, method } = request.routeOptions
    if (config?.idempotent !== true) return
    const key = keyOf(request)
    if (key === null) return
    const scope = { companyId: request.companyId, route: `${method} ${url}`, key }
    const taken = await idempotency.begin({ ...scope, fingerprint: fingerprintOf(request) })
    if (taken.kind === 'new') {
      request.idempotency = scope
      return
    }
    const { status, headers, body } = taken.response
    return reply.code(status).headers(headers).header('idempotency-replayed', 'true').serializer(String).send(body)
  })

  // The handler still runs: until it ends nobody may take the key, so it is left to expire.
  app.addHook('onError', async (request, _reply, error) => {
    if (error.code === 'FST_ERR_HANDLER_TIMEOUT') request.idempotency = null
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const scope = request.idempotency
    if (scope === null) return payload
    request.idempotency = null
    // The answer stands whatever becomes of the key: the effect has happened, and the key ends by itself.
    const settled = maySucceedLater(reply.statusCode)
      ? idempotency.abandon(scope)
      : idempotency.finish(scope, {
          status: reply.statusCode,
          headers: headersOf(reply),
          body: typeof payload === 'string' ? payload : '',
        })
    await settled.catch((error: unknown) => request.log.error({ err: error }, 'idempotency key not settled'))
    return payload
  })
}
