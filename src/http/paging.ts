// Lists by keyset: a cursor is opaque, and bound to the company, the list and the filter that it came from.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Cursors } from '../lib/cursor.ts'
import { canonicalJson } from '../lib/json.ts'
import type { Page, PageRequest } from '../services/contract.ts'
import { invalidParameter } from './faults.ts'

interface ListQuery {
  readonly limit?: number
  readonly cursor?: string
}
declare module 'fastify' {
  interface FastifyInstance {
    cursors: Cursors
  }
}

type ListRequest = Pick<
  FastifyRequest,
  'server' | 'companyFilter' | 'companyId' | 'routeOptions' | 'params' | 'url'
> & {
  readonly query: ListQuery
}

const scopeOf = (request: ListRequest, filter: unknown): string =>
  canonicalJson([request.companyFilter ?? request.companyId, request.routeOptions.url ?? '', request.params, filter])

function positionOf(cursors: Cursors, scope: string, cursor: string | undefined): PageRequest['after'] {
  if (cursor === undefined) return null
  const position = cursors.decode(scope, cursor)
  if (position) return position
  throw invalidParameter('cursor', 'The cursor is not one of this list and filter.', 'Start again without a cursor.')
}

/** The address of the same list from a cursor on, for the Link header (RFC 8288). */
function addressOf(url: string, cursor: string): string {
  const [path, query] = url.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}

/** One page of a list: reads limit and cursor, fetches, and makes the cursor and the link of the next page. */
export async function listOf<T>(
  request: ListRequest,
  reply: Pick<FastifyReply, 'header'>,
  filter: unknown,
  fetch: (page: PageRequest) => Promise<Page<T>>,
): Promise<{ items: T[]; nextCursor: string | null }> {
  const { cursors } = request.server
  const scope = scopeOf(request, filter)
  const page = await fetch({
    limit: request.query.limit ?? 50,
    after: positionOf(cursors, scope, request.query.cursor),
  })
  const nextCursor = page.next && cursors.encode(scope, page.next)
  if (nextCursor) reply.header('link', `<${addressOf(request.url, nextCursor)}>; rel="next"`)
  return { items: page.items, nextCursor }
}
