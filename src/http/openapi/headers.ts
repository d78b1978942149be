// The headers of answers, as the document names them. `required`: every such answer carries it.
const text = { type: 'string' } as const
const seconds = { type: 'integer', minimum: 0 } as const

const requestId =
  'Identifies the request in the log: the X-Request-Id of the request where that has 8 to 64 letters, digits, points, hyphens or underscores.'
const retryAfter = 'Seconds to wait before the request is sent again.'

export const headers = {
  RequestId: { required: true, description: requestId, schema: text },
  CacheControl: { required: true, description: 'no-store: no cache on the way may keep it.', schema: text },
  RateLimitLimit: { description: 'Requests that are allowed within a minute.', schema: seconds },
  RateLimitRemaining: { description: 'How many of these requests are left.', schema: seconds },
  RateLimitReset: { description: 'Seconds until the full number is available again.', schema: seconds },
  Location: { required: true, description: 'Where to go, or where the new resource is.', schema: text },
  LocationOfJob: { description: 'With job_in_progress: the address of the job.', schema: text },
  ETag: { required: true, description: 'The version, to be sent in If-Match with a change.', schema: text },
  Link: { description: 'The address of the next page, rel="next"; absent on the last one.', schema: text },
  IdempotencyReplayed: { description: '"true" when this is the answer to an earlier request.', schema: text },
  RetryAfter: { required: true, description: retryAfter, schema: seconds },
  RetryAfterIfKnown: { description: `${retryAfter} Absent where that is not known.`, schema: seconds },
  WWWAuthenticate: { required: true, description: 'Bearer: how to send a key.', schema: text },
  SetCookie: { description: 'Binds the consent to this browser, or ends that.', schema: text },
} as const

/** The name in answers, where it is not that of the component. */
const sentAs: Readonly<Partial<Record<keyof typeof headers, string>>> = {
  RequestId: 'X-Request-Id',
  CacheControl: 'Cache-Control',
  RateLimitLimit: 'RateLimit-Limit',
  RateLimitRemaining: 'RateLimit-Remaining',
  RateLimitReset: 'RateLimit-Reset',
  LocationOfJob: 'Location',
  IdempotencyReplayed: 'Idempotency-Replayed',
  RetryAfter: 'Retry-After',
  RetryAfterIfKnown: 'Retry-After',
  WWWAuthenticate: 'WWW-Authenticate',
  SetCookie: 'Set-Cookie',
}

export type HeaderName = keyof typeof headers
export const rateLimitHeaders: readonly HeaderName[] = ['RateLimitLimit', 'RateLimitRemaining', 'RateLimitReset']

/** References to these, as an answer lists its headers. */
export const headersNamed = (names: readonly HeaderName[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map((name) => [sentAs[name] ?? name, { $ref: `#/components/headers/${name}` }]))
