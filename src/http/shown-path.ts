// The path of a request as an answer may repeat it: without the query, and without the one-time token of a consent link,
// which works for whoever reads it in a screenshot or a log of the client.
import type { FastifyRequest } from 'fastify'

const ownPages = /^\/connect\/(callback|done)$/

export function shownPath(request: FastifyRequest): string {
  const path = request.url.split('?')[0] ?? '/'
  return path.startsWith('/connect/') && !ownPages.test(path) ? '/connect' : path
}
