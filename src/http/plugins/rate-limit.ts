// Requests a minute: of one company whatever keys it uses, and of one address without a valid key. Whoever is over it is
// refused before a key is looked up, so that a flood costs no statement. Counted in memory: with several replicas each
// allows as many.
import rateLimit from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problem } from '../../domain/errors.ts'
import { systemClock } from '../../lib/clock.ts'
import { hashSecret } from '../../lib/secrets.ts'
import { shortMemory } from '../../lib/short-memory.ts'
import type { App } from '../app-types.ts'
import { callerAddress } from '../client-address.ts'
import { bearerOf } from './auth.ts'

export interface RateLimit {
  readonly max: number
  /** Milliseconds. */
  readonly window: number
}

const addressOf = (request: FastifyRequest): string => `address:${callerAddress(request)}`

/** A key is remembered by its hash alone. */
const keyOf = ({ headers }: FastifyRequest): string => `key:${hashSecret(headers.authorization ?? '')}`

const tooMany = (max: number, milliseconds: number) =>
  problem('too_many_requests', `More than ${max} requests in a minute.`, {
    extra: { retryAfter: Math.ceil(milliseconds / 1000) },
  })

type WasRight = (bearer: string) => Promise<boolean>

/** Answers with two hooks for onRequest: one for before the key is looked up, one for afterwards. */
export async function rateLimiting(app: App, { max, window }: RateLimit, wasRight: WasRight) {
  await app.register(rateLimit, { global: false, max, timeWindow: window })
  const count = app.createRateLimit({
    keyGenerator: (request) => (request.principal ? `company:${request.companyId}` : addressOf(request)),
  })
  /** Callers that are over the limit, and until when. */
  const refused = shortMemory<number>(systemClock, window)
  const isLimited = (request: FastifyRequest) => request.routeOptions.config?.rateLimit !== false

  const millisecondsOf = (caller: string): number => (refused.get(caller) ?? 0) - systemClock.uptime()

  /** An address may be over its limit through somebody else than the holder of a right key. */
  async function beforeTheKey(request: FastifyRequest): Promise<void> {
    if (!isLimited(request)) return
    const ofKey = millisecondsOf(keyOf(request))
    if (ofKey > 0) throw tooMany(max, ofKey)
    const ofAddress = millisecondsOf(addressOf(request))
    if (ofAddress <= 0) return
    const bearer = bearerOf(request.headers.authorization)
    if (bearer === null || !(await wasRight(bearer))) throw tooMany(max, ofAddress)
  }

  async function afterTheKey(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!isLimited(request)) return
    const { principal } = request
    const counted = await count(request)
    if (counted.isAllowed) return
    const { remaining, ttl, ttlInSeconds, isExceeded } = counted
    reply.headers({ 'ratelimit-limit': max, 'ratelimit-remaining': remaining, 'ratelimit-reset': ttlInSeconds })
    if (!isExceeded) return
    // The bootstrap key acts for other companies as well, and is looked up nowhere.
    const who = principal === null ? addressOf(request) : principal.companyId === null ? null : keyOf(request)
    if (who) refused.set(who, systemClock.uptime() + ttl)
    throw tooMany(max, ttl)
  }

  return { beforeTheKey, afterTheKey }
}
