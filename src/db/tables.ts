// The database: one interface a table, in the value types of tables/columns.ts.
import type { Kysely } from 'kysely'
import type { AccessTables } from './tables/access.ts'
import type { RecordTables } from './tables/records.ts'
import type { SyncTables } from './tables/sync.ts'

export type { Json } from './tables/columns.ts'

export interface Tables extends AccessTables, RecordTables, SyncTables {}

/** The database, or a transaction on it: store functions take either. */
export type Db = Kysely<Tables>
