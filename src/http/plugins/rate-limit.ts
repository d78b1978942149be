// So many requests a key, or an address without a key. Counted in memory, so with several replicas each allows as many.
import rateLimit from '@fastify/rate-limit'
import { problem } from '../../domain/errors.ts'
import type { App } from '../app-types.ts'

export interface RateLimit {
  readonly max: number
  /** Milliseconds. */
  readonly window: number
}

export async function rateLimiting(app: App, { max, window }: RateLimit): Promise<void> {
  await app.register(rateLimit, {
    max,
    timeWindow: window,
    enableDraftSpec: true,
    keyGenerator: (request) => request.principal?.keyId ?? `ip:${request.ip}`,
    errorResponseBuilder: (_request, { max: allowed, ttl }) =>
      problem('too_many_requests', `More than ${allowed} requests.`, {
        extra: { retryAfter: Math.ceil(ttl / 1000) },
      }),
  })
}
