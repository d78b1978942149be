// Lists by keyset: a cursor is opaque, and bound to the company, the list and the filter that it came from.
import type { FastifyRequest } from 'fastify'
import { decodeCursor, encodeCursor } from '../lib/cursor.ts'
import { canonicalJson } from '../lib/json.ts'
import type { Page, PageRequest } from '../services/contract.ts'
import { invalidParameter } from './faults.ts'

interface ListQuery {
  readonly limit?: number
  readonly cursor?: string
}
type ListRequest = Pick<FastifyRequest, 'companyFilter' | 'companyId' | 'routeOptions' | 'params'> & {
  readonly query: ListQuery
}

const scopeOf = (request: ListRequest, filter: unknown): string =>
  canonicalJson([request.companyFilter ?? request.companyId, request.routeOptions.url ?? '', request.params, filter])

function positionOf(scope: string, cursor: string | undefined): PageRequest['after'] {
  if (cursor === undefined) return null
  const position = decodeCursor(scope, cursor)
  if (position) return position
  throw invalidParameter('cursor', 'The cursor is not one of this list and filter.', 'Start again without a cursor.')
}

/** One page of a list: reads limit and cursor, fetches, and makes the cursor of the next page. */
export async function listOf<T>(
  request: ListRequest,
  filter: unknown,
  fetch: (page: PageRequest) => Promise<Page<T>>,
): Promise<{ items: T[]; nextCursor: string | null }> {
  const scope = scopeOf(request, filter)
  const page = await fetch({ limit: request.query.limit ?? 50, after: positionOf(scope, request.query.cursor) })
  return { items: page.items, nextCursor: page.next && encodeCursor(scope, page.next) }
}
