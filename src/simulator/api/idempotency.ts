// Idempotency-Key: the first answer, success or error, is repeated for six minutes; the same key with another request is
// refused; afterwards the key is new again. Not for GET and DELETE.
import { createHash } from 'node:crypto'
import { minutes } from '../time.ts'
import { type Answer, problem } from './answer.ts'

export interface CachedAnswer {
  fingerprint: string
  at: number
  answer: Answer
}

const life = minutes(6)
const maximumLength = 128

export const takesKey = (method: string) => method === 'POST' || method === 'PUT' || method === 'PATCH'

export const fingerprint = (method: string, url: string, tenantId: string, body: string) =>
  createHash('sha256')
    .update(JSON.stringify([method, url, tenantId, body]))
    .digest('hex')

export function recall(
  cache: Map<string, CachedAnswer>,
  key: string,
  print: string,
  at: number,
): { answer: Answer; replayed: boolean } | undefined {
  if (key.length > maximumLength)
    return {
      answer: problem(400, 'Bad Request', `Idempotency Key: ${key.slice(0, 20)}… is longer than 128 characters.`),
      replayed: false,
    }
  const cached = cache.get(key)
  if (!cached || at - cached.at >= life) return undefined
  if (cached.fingerprint === print) return { answer: cached.answer, replayed: true }
  return {
    answer: problem(400, 'Bad Request', `Idempotency Key: ${key} is used with a different request.`),
    replayed: false,
  }
}

export function remember(
  cache: Map<string, CachedAnswer>,
  key: string,
  print: string,
  at: number,
  answer: Answer,
): void {
  for (const [old, cached] of cache) {
    if (at - cached.at < life) break
    cache.delete(old)
  }
  cache.delete(key)
  cache.set(key, { fingerprint: print, at, answer })
}
