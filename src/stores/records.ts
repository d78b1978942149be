// Records, as this service last received or imported them: read one by one, by ids, or page by page.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { Fields } from '../domain/merging.ts'
import type { LeftAgreement } from '../domain/met-again.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { waitingStatuses } from '../domain/queue-item.ts'
import type { DecimalsAsSent } from '../domain/records/decimals-as-sent.ts'
import type { RemoteDocument, SyncError, SyncStateName } from '../domain/sync-state.ts'
import type { SpokenOver } from '../domain/taking-back.ts'
import { type LinkRow, linkOf, withLinks } from './linked-rows.ts'

export interface StoredRecord {
  readonly type: RecordType
  readonly id: string
  readonly origin: 'product' | 'import' | 'service'
  readonly body: Record<string, unknown>
  readonly contentHash: string
  readonly version: number | null
  readonly name: string | null
  readonly status: string | null
  readonly syncState: SyncStateName
  readonly lastError: SyncError | null
  readonly lastSyncedAt: string | null
  readonly nextStepAt: string | null
  /** It may stand at the accounting system as this document of the record, without a link. */
  readonly formerDocument: Posted | null
  /** Ids of invoices or bills of ours that a person unlinked from it. */
  readonly leftDocuments: readonly string[]
  /** Of contacts or items that it was unlinked from: what both had in common. */
  readonly leftAgreements: readonly LeftAgreement[]
  /** Fields of a contact or item as last handed over; null: never, or to an earlier version of the service. */
  readonly handed: Fields | null
  /** Fields and parts of it that speak over what the record had learned. */
  readonly spokenOver: SpokenOver
  readonly decimalsAsSent: DecimalsAsSent | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly deletedAt: string | null
}

/** A record with the document in Xero that it is linked to. */
export interface LinkedRecord extends StoredRecord {
  readonly link: Omit<RemoteDocument, 'url'> | null
}

const toRecord = (row: Selectable<Tables['records']>): StoredRecord => ({
  type: row.type,
  id: row.id,
  origin: row.origin,
  body: row.body,
  contentHash: row.content_hash,
  // One beyond what a number can hold, from an older version of the service, would make every later one look old.
  version: Number.isSafeInteger(row.version) ? row.version : null,
  name: row.name,
  status: row.status,
  syncState: row.sync_state,
  lastError: row.last_error,
  lastSyncedAt: row.last_synced_at,
  nextStepAt: row.next_step_at,
  formerDocument: row.former_document,
  leftDocuments: row.left_documents ?? [],
  leftAgreements: row.left_agreements ?? [],
  handed: row.handed,
  spokenOver: row.spoken_over ?? [],
  decimalsAsSent: row.decimals_as_sent,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  deletedAt: row.deleted_at,
})

const toLinkedRecord = (row: Selectable<Tables['records']> & LinkRow): LinkedRecord => ({
  ...toRecord(row),
  link: linkOf(row),
})

const selectLinked = (db: Db, companyId: string, connectionId: string, type: RecordType) =>
  withLinks(db, companyId, connectionId, type).selectAll('records')

export async function findLinkedRecord(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  id: string,
): Promise<LinkedRecord | null> {
  const row = await selectLinked(db, companyId, connectionId, type).where('records.id', '=', id).executeTakeFirst()
  return row ? toLinkedRecord(row) : null
}

export async function findRecords(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  ids: readonly string[],
): Promise<Map<string, StoredRecord>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('records')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where(sql<boolean>`id = ANY (${ids}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, toRecord(row)]))
}

/** Which of these names, in lower case, records bear that are linked to no document yet. */
export async function namesWithoutLink(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return []
  const wanted = names.map((name) => name.trim().toLowerCase())
  const rows = await sql<{ name: string }>`
    SELECT DISTINCT lower(r.name) AS name FROM records r
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ${type}
      AND r.origin = 'product' AND r.deleted_at IS NULL AND lower(r.name) = ANY (${wanted}::text[])
      AND NOT EXISTS (SELECT 1 FROM links l WHERE l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id)`.execute(
    db,
  )
  return rows.rows.map(({ name }) => name)
}

/** Of these names, in lower case, those of customers and vendors that are active and go to Xero in this job for the first time. */
export async function namesComing(
  db: Db,
  companyId: string,
  jobId: string,
  names: readonly string[],
): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const wanted = names.map((name) => name.trim().toLowerCase())
  const { rows } = await sql<{ name: string }>`
    SELECT DISTINCT lower(r.name) AS name FROM sync_queue_items q
    JOIN records r ON r.connection_id = q.connection_id AND r.type = q.record_type AND r.id = q.record_id
    WHERE q.company_id = ${companyId} AND q.job_id = ${jobId}::uuid AND q.status = 'locked' AND q.action <> 'delete'
      AND q.record_type IN ('customer', 'vendor') AND r.deleted_at IS NULL AND r.body->>'active' IS DISTINCT FROM 'false'
      AND lower(r.name) = ANY (${wanted}::text[])
      AND NOT EXISTS (SELECT 1 FROM links l WHERE l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id)`.execute(
    db,
  )
  return new Set(rows.map(({ name }) => name))
}

/** Ids of live records of a type in order, for queueing them again. */
export async function liveRecordIds(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  ids: readonly string[] | null,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('records')
    .select('id')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('origin', '=', 'product')
    .where('deleted_at', 'is', null)
    .where('id', '>', after)
    .$if(ids !== null, (query) => query.where(sql<boolean>`id = ANY (${ids}::text[])`))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/**
 * Live records whose change was kept back for one of these reasons, and those that a job or a write of unknown outcome has: what
 * was handed over meanwhile may be kept back as well. None that waits in the queue already.
 */
export async function recordsKeptBack(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  reasons: readonly string[],
  { after, limit }: { after: string; limit: number },
): Promise<StoredRecord[]> {
  const rows = await db
    .selectFrom('records')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('origin', '=', 'product')
    .where('deleted_at', 'is', null)
    .where('id', '>', after)
    .where(sql<boolean>`(sync_state IN ('locked', 'uncertain')
      OR (sync_state = 'outdated' AND last_error->>'code' = ANY (${[...reasons]}::text[])))`)
    .where(sql<boolean>`NOT EXISTS (SELECT 1 FROM sync_queue_items q WHERE q.connection_id = records.connection_id
      AND q.record_type = records.type AND q.record_id = records.id AND q.status = ANY (${[...waitingStatuses]}::text[]))`)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(toRecord)
}
