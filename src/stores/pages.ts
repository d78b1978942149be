// Rows of a list for one page: it ends at its limit, or sooner where its rows are long. The database adds up how long they are,
// so that rows beyond the page are never sent; the first row comes however long it is.
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { Page, Position } from '../lib/page.ts'

/** Bytes of stored values in a page. */
export const bytesOfPage = 1_000_000

/** Bytes that every row counts beside its long values. */
const bytesOfRow = 300

export interface PageOf<Row, T> {
  readonly limit: number
  /** Order of the rows, by names of their columns. */
  readonly order: RawBuilder<unknown>
  /** Columns that may be long. */
  readonly long: readonly (keyof Row & string)[]
  /** Column that holds the length of others. */
  readonly length?: keyof Row & string
  readonly toItem: (row: Row) => T
  readonly positionOf: (row: Row) => Position
}

/** `rows`: from where the page begins, in the same order, without a limit. */
export async function pageOfRows<Row extends object, T>(
  db: Db,
  // biome-ignore lint/suspicious/noExplicitAny: tables of whatever list
  rows: SelectQueryBuilder<any, any, Row>,
  { limit, order, long, length, toItem, positionOf }: PageOf<Row, T>,
): Promise<Page<T>> {
  const lengths = [
    ...long.map((name) => sql`coalesce(octet_length(${sql.ref(name)}::text), 0)`),
    ...(length === undefined ? [] : [sql`${sql.ref(length)}`]),
  ]
  const weight = sql.join([sql`${bytesOfRow}::int4`, ...lengths], sql` + `)
  const found = await sql<Row & { rows_found: number }>`
    SELECT * FROM (
      SELECT weighed.*, count(*) OVER () AS rows_found,
        sum(row_bytes) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS page_bytes
      FROM (SELECT listed.*, ${weight} AS row_bytes FROM (${rows.limit(limit + 1)}) AS listed) AS weighed
    ) AS summed
    WHERE page_bytes <= ${bytesOfPage} OR page_bytes = row_bytes
    ORDER BY ${order}`.execute(db)
  const shown = found.rows.slice(0, limit)
  const last = shown.at(-1)
  const isMore = last !== undefined && last.rows_found > shown.length
  return { items: shown.map(toItem), next: isMore ? positionOf(last) : null }
}
