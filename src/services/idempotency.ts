// Idempotent POSTs: the second request with a key gets the first one's answer, and another request under the same key is
// refused. Stored answers are sealed, because one may carry what is only for the caller: the link of a consent.
import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { SealError, type SealedBox } from '../lib/sealed-box.ts'
import {
  answersAfter,
  freeIdempotencyKey,
  type IdempotencyScope,
  type KeptAnswer,
  replaceAnswerBody,
  storeAnswer,
  takeIdempotencyKey,
} from '../stores/idempotency-keys.ts'
import type { IdempotencyService } from './contract.ts'

/** A request that a killed process left open frees its key after this time. */
const staleAfterMs = 2 * 60 * 1000
/** In place of a sealed body: nobody will ever read it again. */
const givenUp = ''
const pageSize = 200

export function idempotencyService(deps: { db: Db; clock: Clock; box: SealedBox }): IdempotencyService {
  const { db, clock, box } = deps
  const place = ({ companyId, route, key }: IdempotencyScope) => `idempotency_keys|${companyId}|${route}|${key}`

  function isOpened({ scope, answer }: KeptAnswer): boolean {
    try {
      box.open(answer.body, place(scope))
      return true
    } catch (error) {
      if (error instanceof SealError) return false
      throw error
    }
  }

  /** The request was carried out, so that it is not carried out again, also where its answer cannot be read any more. */
  function opened(body: string, scope: IdempotencyScope): string {
    if (body === givenUp) {
      throw problem('idempotency_answer_lost', `The request with the key ${scope.key} was carried out before.`)
    }
    try {
      return box.open(body, place(scope))
    } catch (cause) {
      if (!(cause instanceof SealError)) throw cause
      throw problem('unavailable', 'The stored answer of this Idempotency-Key cannot be opened: its key is missing.', {
        action:
          'Put the key back into ENCRYPTION_KEYS; or look what the request did, and send the next one with a new Idempotency-Key.',
        extra: { retryAfter: 60 },
        cause,
      })
    }
  }

  /** Null where its key is missing: such an answer stays as it is. */
  function sealedAnew({ scope, answer }: KeptAnswer): string | null {
    try {
      return box.seal(box.open(answer.body, place(scope)), place(scope))
    } catch (error) {
      if (error instanceof SealError) return null
      throw error
    }
  }

  async function* everyAnswer(): AsyncGenerator<KeptAnswer> {
    for (let after: IdempotencyScope | null = null; ; ) {
      const kept = await answersAfter(db, after, pageSize)
      yield* kept
      after = kept.at(-1)?.scope ?? null
      if (after === null) return
    }
  }

  return {
    async rotateKeys() {
      let sealed = 0
      for await (const one of everyAnswer()) {
        const body = box.isStale(one.answer.body) ? sealedAnew(one) : null
        if (body !== null && (await replaceAnswerBody(db, one, body))) sealed += 1
      }
      return sealed
    },

    async acceptLoss() {
      for await (const one of everyAnswer()) if (!isOpened(one)) await replaceAnswerBody(db, one, givenUp)
    },

    async begin({ fingerprint, ...scope }) {
      const now = clock.now()
      const stale = new Date(now.getTime() - staleAfterMs).toISOString()
      const taken = await takeIdempotencyKey(db, scope, fingerprint, now.toISOString(), stale)
      if (taken === 'taken') return { kind: 'new' }
      if (taken.fingerprint !== fingerprint) {
        throw problem('idempotency_mismatch', `The key ${scope.key} came with another request before.`)
      }
      if (taken.answer === null) {
        throw problem('idempotency_in_progress', `The first request with the key ${scope.key} has not ended.`, {
          extra: { retryAfter: 1 },
        })
      }
      const { answer } = taken
      return { kind: 'replay', response: { ...answer, body: opened(answer.body, scope) } }
    },
    finish: (scope, response) => storeAnswer(db, scope, { ...response, body: box.seal(response.body, place(scope)) }),
    abandon: (scope) => freeIdempotencyKey(db, scope),
  }
}
