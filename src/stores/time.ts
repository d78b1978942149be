// The time that all processes share.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

/** Milliseconds since the epoch, with their fraction. */
export async function readTime(db: Db): Promise<number> {
  const { rows } = await sql<{ time: number }>`
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS time`.execute(db)
  const [row] = rows
  if (!row) throw new Error('the database did not tell the time')
  return row.time
}
