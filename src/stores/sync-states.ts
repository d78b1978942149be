// How records stand with the accounting system: their sync states, and where documents of theirs may stand without a link.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { LeftAgreement } from '../domain/met-again.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { waitingStatuses } from '../domain/queue-item.ts'
import type { SyncError, SyncStateName } from '../domain/sync-state.ts'
import { json } from './json.ts'

export interface RecordSyncChange {
  readonly id: string
  readonly state: SyncStateName
  readonly error: SyncError | null
  /** True when the record is now the same as its document in Xero. */
  readonly synced: boolean
  readonly nextStepAt: string | null
}

/** Sets the sync state of records of one type. A record that has a newer request waiting shows that one: pending. */
export async function setSyncStates(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  changes: readonly RecordSyncChange[],
  now: string,
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    UPDATE records r SET
      sync_state = CASE WHEN c.state NOT IN ('locked', 'uncertain') AND EXISTS (
          SELECT 1 FROM sync_queue_items q WHERE q.connection_id = r.connection_id AND q.record_type = r.type
            AND q.record_id = r.id AND q.status = 'pending') THEN 'pending' ELSE c.state END,
      last_error = c.error,
      last_synced_at = CASE WHEN c.synced THEN ${now}::timestamptz ELSE r.last_synced_at END,
      next_step_at = c."nextStepAt"
    FROM jsonb_to_recordset(${json(changes)}::jsonb) AS c(id text, state text, error jsonb, synced boolean, "nextStepAt" timestamptz)
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ${type} AND r.id = c.id`.execute(
    db,
  )
}

/** Of records as they were when it was decided about them, those that say something else by now, with nothing waiting to send it. */
export async function changedWithoutRequest(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  entries: readonly { readonly id: string; readonly hash: string }[],
): Promise<string[]> {
  if (entries.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    SELECT r.id FROM records r
    JOIN jsonb_to_recordset(${json(entries)}::jsonb) AS e(id text, hash text) ON e.id = r.id
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ${type}
      AND r.content_hash <> e.hash AND r.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM sync_queue_items q WHERE q.connection_id = r.connection_id AND q.record_type = r.type
        AND q.record_id = r.id AND q.status = ANY (${[...waitingStatuses]}::text[]))`.execute(db)
  return rows.map(({ id }) => id)
}

/** Remembers the document that may stand for a record without a link, as it was sent; null: it stands nowhere any more. */
export async function saveFormerDocuments(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  entries: readonly { readonly id: string; readonly document: Posted | null }[],
): Promise<void> {
  if (entries.length === 0) return
  await sql`
    UPDATE records r SET former_document = e.document
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS e(id text, document jsonb)
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ${type} AND r.id = e.id`.execute(
    db,
  )
}

/** Remembers the documents of ours that a person unlinked from the record; none: what stands there is none of its own any more. */
export async function saveLeftDocuments(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  recordId: string,
  remoteIds: readonly string[],
): Promise<void> {
  await sql`
    UPDATE records SET left_documents = ${remoteIds.length > 0 ? json(remoteIds) : null}::jsonb
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type} AND id = ${recordId}`.execute(
    db,
  )
}

/** Remembers documents that may be the record's own beside those that it was unlinked from. */
export async function addLeftDocuments(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  recordId: string,
  remoteIds: readonly string[],
): Promise<void> {
  await sql`
    UPDATE records SET left_documents = coalesce(left_documents, '[]') || ${json(remoteIds)}::jsonb
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type} AND id = ${recordId}`.execute(
    db,
  )
}

/** Remembers what each record had in common with contacts or items that it was unlinked from. */
export async function saveLeftAgreements(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  left: readonly { readonly recordId: string; readonly agreements: readonly LeftAgreement[] }[],
): Promise<void> {
  if (left.length === 0) return
  await sql`
    UPDATE records r SET left_agreements = l.agreements
    FROM jsonb_to_recordset(${json(left)}::jsonb) AS l("recordId" text, agreements jsonb)
    WHERE r.company_id = ${companyId} AND r.connection_id = ${connectionId}::uuid AND r.type = ${type}
      AND r.id = l."recordId"`.execute(db)
}

/** Values of these that documents bear which may stand for records without a link: addresses, or numbers. */
export async function formerlyBorne(
  db: Db,
  {
    companyId,
    connectionId,
    type,
  }: { readonly companyId: string; readonly connectionId: string; readonly type: RecordType },
  field: 'url' | 'number',
  values: readonly string[],
): Promise<string[]> {
  if (values.length === 0) return []
  const { rows } = await sql<{ value: string }>`
    SELECT former_document->>${field}::text AS value FROM records
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type} AND former_document IS NOT NULL
      AND former_document->>${field}::text = ANY (${[...values]}::text[])`.execute(db)
  return rows.map(({ value }) => value)
}
