// The path of a request as an answer may repeat it: without the query, without the one-time token of a consent link, which works
// for whoever reads it in a screenshot or a log of the client, and not at any length.
import type { FastifyRequest } from 'fastify'

const ownPages = /^\/connect\/(callback|done)$/
/** Longer than the longest path of a route, with an id of which every character is percent-encoded. */
const longest = 1_000

const decoded = (path: string): string =>
  path.replace(/%([0-7][\da-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

/** Also where it is written so that no route takes it: the token is the same. */
const isConsentLink = (path: string): boolean =>
  /^(?:[a-z][a-z+.-]*:\/\/[^/\\]*)?[/\\.]*connect[/\\]/i.test(decoded(path)) && !ownPages.test(path)

export function shownPath(request: Pick<FastifyRequest, 'url'>): string {
  const path = request.url.split('?')[0] ?? '/'
  if (isConsentLink(path)) return '/connect'
  return path.length <= longest ? path : `${path.slice(0, longest)}…`
}
