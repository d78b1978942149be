// Writing records: handed over, merged with what stands in Xero, deleted. One statement each, for any number of records.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { Fields } from '../domain/merging.ts'
import type { DecimalsAsSent } from '../domain/records/decimals-as-sent.ts'
import type { SyncStateName } from '../domain/sync-state.ts'
import type { SpokenOver } from '../domain/taking-back.ts'
import { json } from './json.ts'
import type { StoredRecord } from './records.ts'

export interface RecordWrite {
  readonly id: string
  readonly origin: StoredRecord['origin']
  readonly body: unknown
  readonly contentHash: string
  readonly version: number | null
  readonly name: string | null
  readonly status: string | null
  readonly syncState: SyncStateName
  /** Of contacts and items; null: never handed over. */
  readonly handed?: Fields | null
  /** Fields and parts of it that speak over what the record had learned. */
  readonly spokenOver?: SpokenOver
  readonly decimalsAsSent?: DecimalsAsSent | null
}

/** Inserts or replaces records of one type, in one statement. A deleted record comes back to life. */
export async function saveRecords(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  writes: readonly RecordWrite[],
  now: string,
): Promise<void> {
  if (writes.length === 0) return
  await sql`
    INSERT INTO records (company_id, connection_id, type, id, origin, body, content_hash, version, name, status, sync_state,
                         handed, spoken_over, decimals_as_sent, created_at, updated_at)
    SELECT ${companyId}, ${connectionId}::uuid, ${type}, w.id, w.origin, w.body, w."contentHash", w.version, w.name, w.status,
           w."syncState", w.handed, w."spokenOver", w."decimalsAsSent", ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(writes)}::jsonb) AS w(id text, origin text, body jsonb, "contentHash" text, version int8,
                                                       name text, status text, "syncState" text, handed jsonb, "spokenOver" jsonb,
                                                       "decimalsAsSent" jsonb)
    ON CONFLICT (connection_id, type, id) DO UPDATE SET
      origin = excluded.origin, body = excluded.body, content_hash = excluded.content_hash, version = excluded.version,
      name = excluded.name, status = excluded.status, sync_state = excluded.sync_state, handed = excluded.handed, spoken_over = excluded.spoken_over,
      decimals_as_sent = excluded.decimals_as_sent, updated_at = excluded.updated_at,
      deleted_at = NULL`.execute(db)
}

/** The same content came with these versions: what is older is late from now on. A record's time of change stays. */
export async function raiseVersions(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  unchanged: readonly { readonly id: string; readonly version: number | null }[],
): Promise<void> {
  const raised = unchanged.filter(({ version }) => version !== null)
  if (raised.length === 0) return
  await sql`
    UPDATE records SET version = w.version, body = jsonb_set(records.body, '{version}', to_jsonb(w.version))
    FROM jsonb_to_recordset(${json(raised)}::jsonb) AS w(id text, version int8)
    WHERE records.company_id = ${companyId} AND records.connection_id = ${connectionId}::uuid AND records.type = ${type}
      AND records.id = w.id AND records.version IS DISTINCT FROM w.version`.execute(db)
}

/** What the product hands over now says as much as the records do: it has learned what they learned. */
export async function saveHanded(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  handovers: readonly { readonly id: string; readonly handed: Fields }[],
): Promise<void> {
  if (handovers.length === 0) return
  await sql`
    UPDATE records SET handed = w.handed
    FROM jsonb_to_recordset(${json(handovers)}::jsonb) AS w(id text, handed jsonb)
    WHERE records.company_id = ${companyId} AND records.connection_id = ${connectionId}::uuid AND records.type = ${type}
      AND records.id = w.id`.execute(db)
}

/** The same values, written otherwise. */
export async function saveDecimalsAsSent(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  writes: readonly { readonly id: string; readonly decimalsAsSent: DecimalsAsSent | null }[],
): Promise<void> {
  if (writes.length === 0) return
  await sql`
    UPDATE records SET decimals_as_sent = w."decimalsAsSent"
    FROM jsonb_to_recordset(${json(writes)}::jsonb) AS w(id text, "decimalsAsSent" jsonb)
    WHERE records.company_id = ${companyId} AND records.connection_id = ${connectionId}::uuid AND records.type = ${type}
      AND records.id = w.id`.execute(db)
}

/** Replaces the bodies of records by what was merged into them. Their sync states stay. */
export async function saveMergedBodies(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  writes: readonly Pick<RecordWrite, 'id' | 'body' | 'contentHash' | 'name'>[],
  now: string,
): Promise<void> {
  if (writes.length === 0) return
  await sql`
    UPDATE records r SET body = w.body, content_hash = w."contentHash", name = w.name, updated_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${json(writes)}::jsonb) AS w(id text, body jsonb, "contentHash" text, name text)
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ${type} AND r.id = w.id`.execute(
    db,
  )
}

export async function markDeleted(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  ids: readonly string[],
  state: SyncStateName,
  now: string,
): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('records')
    .set((set) => ({
      deleted_at: set.fn.coalesce('deleted_at', set.val(now)),
      updated_at: now,
      sync_state: state,
    }))
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('id', 'in', [...ids])
    .execute()
}

/** Takes a record that was only imported away for good: the product adopted its document under another id. */
export async function dropRecord(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  id: string,
): Promise<void> {
  await db
    .deleteFrom('records')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('id', '=', id)
    .execute()
}
