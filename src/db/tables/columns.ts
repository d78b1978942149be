// Types of columns, as both databases are made to return them (see value-types.ts): int8 and int4 number, numeric string,
// date YYYY-MM-DD, timestamptz ISO-8601 UTC, arrays of the same, jsonb parsed.
import type { ColumnType } from 'kysely'

/** jsonb: read as a value, written as JSON text (a driver would turn an array into a PostgreSQL array). */
type Text<T> = null extends T ? string | null : string
export type Json<T> = ColumnType<T, null extends T ? Text<T> | undefined : Text<T>, Text<T>>
/** UTC, ISO-8601. */
export type Instant = string

export interface Owned {
  company_id: string
  connection_id: string
}
