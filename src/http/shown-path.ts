// The path of a request as an answer may repeat it: without the query, without the one-time token of a consent link, which works
// for whoever reads it in a screenshot or a log of the client, and not at any length.
import type { FastifyRequest } from 'fastify'

const ownPages = /^\/connect\/(callback|done)$/
/** Longer than the longest path of a route, with an id of which every character is percent-encoded. */
const longest = 1_000

const decoded = (path: string): string =>
  path.replace(/%([0-7][\da-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

type Addressed = Pick<FastifyRequest, 'originalUrl'>

/** As the client wrote it: what the router cannot read goes on under another address. */
const pathOf = ({ originalUrl }: Addressed): string => originalUrl.split('?')[0] ?? '/'

/** True of a request for a page of a consent, or was meant to be one: a link that changed on its way is taken by no route. */
export const isOfConsent = (request: Addressed): boolean =>
  /^(?:[a-z][a-z+.-]*:\/\/[^/\\]*)?[/\\.]*connect(?:[/\\]|$)/i.test(decoded(pathOf(request)))

/** Also where it is written so that no route takes it: the token is the same. */
export function shownPath(request: Addressed): string {
  const path = pathOf(request)
  if (isOfConsent(request) && !ownPages.test(path)) return '/connect'
  return path.length <= longest ? path : `${path.slice(0, longest)}…`
}
