// Whether there is another page of a list.
import type { Answer } from './answer.ts'
import { integer, isObject, part } from './json.ts'

const pageCountOf = ({ body }: Answer): number | null =>
  isObject(body) ? integer(part(body, 'pagination'), 'pageCount') : null

/**
 * Past the last page Xero answers 200 with an empty list and the same page count (xero.md, Reading). Where the count is missing, or
 * contradicts the rows, only an empty page is the end: a short one may be of a server that cut it.
 */
export function nextPage(answer: Answer, page: number, length: number): number | null {
  return length === 0 || pageCountOf(answer) === page ? null : page + 1
}

/** Whether an answer of the first page lacks rows that it counts, or is empty without Xero's count, which comes with every page. */
export function isDoubtful({ body }: Answer, length: number): boolean {
  const items = isObject(body) ? integer(part(body, 'pagination'), 'itemCount') : null
  return items === null ? length === 0 : items > length
}

/** Whether an answer of one page holds all there is. A query asks for a handful, so a short page may be believed. */
export function isOnlyPage(answer: Answer, pageSize: number, length: number): boolean {
  const pageCount = pageCountOf(answer)
  return length === 0 || (pageCount === null ? length < pageSize : pageCount <= 1)
}
