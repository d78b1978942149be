// Whether there is another page of a list.
import type { Answer } from './answer.ts'
import { integer, isObject, part } from './json.ts'

/** Past the last page Xero answers 200 with an empty list and the same page count (FACTS §2.4). */
export function nextPage({ body }: Answer, page: number, pageSize: number, length: number): number | null {
  if (length === 0) return null
  const pageCount = isObject(body) ? integer(part(body, 'pagination'), 'pageCount') : null
  return (pageCount === null ? length >= pageSize : page < pageCount) ? page + 1 : null
}
