// A page of a list, by keyset: rows after the place where the last page ended, so that rows added meanwhile neither
// repeat nor hide others.

/** Where a page ended: values of the sort columns. http turns it into an opaque cursor and back. */
export type Position = readonly (string | number)[]

export interface PageRequest {
  readonly limit: number
  readonly after: Position | null
}

export interface Page<T> {
  readonly items: T[]
  readonly next: Position | null
}

/** From `limit + 1` rows: the page, and where the next one starts if there is one. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  positionOf: (row: Row) => Position,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(toItem), next: rows.length > limit && last ? positionOf(last) : null }
}
