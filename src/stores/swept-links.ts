// Links of invoices and bills beside what the sweep reads of them: how they stand there, who of them changed, and the conflicts of those
// that a person removed.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import type { SyncError, SyncStateName } from '../domain/sync-state.ts'
import { json } from './json.ts'

export interface Scope {
  readonly companyId: string
  readonly connectionId: string
}

/** The part of a link that a list without lines shows, and its record. */
export interface LinkedStatus {
  readonly type: DocumentType
  readonly recordId: string
  readonly remoteId: string
  readonly status: string | null
  readonly updatedAt: string | null
  readonly amountDue: string | null
  readonly fullyPaidOn: string | null
  readonly recordName: string | null
  readonly recordState: SyncStateName
  readonly isDeleted: boolean
}

/** By the ids of their documents. */
export async function findLinkedStatuses(
  db: Db,
  { companyId, connectionId }: Scope,
  remoteIds: Readonly<Record<DocumentType, readonly string[]>>,
): Promise<LinkedStatus[]> {
  const found: LinkedStatus[] = []
  // A list of ids costs as much as it is long; a join of as many rows may be quadratic while there are no statistics.
  for (const [type, ids] of Object.entries(remoteIds) as [DocumentType, readonly string[]][]) {
    if (ids.length === 0) continue
    const { rows } = await sql<LinkedStatus>`
      SELECT l.type, l.record_id AS "recordId", l.remote_id AS "remoteId", l.status, l.remote_updated_at AS "updatedAt",
        l.amount_due AS "amountDue", l.fully_paid_on AS "fullyPaidOn", r.name AS "recordName",
        r.sync_state AS "recordState", r.deleted_at IS NOT NULL AS "isDeleted"
      FROM links l JOIN records r ON r.connection_id = l.connection_id AND r.type = l.type AND r.id = l.record_id
      WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
        AND l.remote_id = ANY (${[...ids]}::text[])`.execute(db)
    found.push(...rows)
  }
  return found
}

export interface StatusSeen {
  readonly recordId: string
  readonly status: string | null
  readonly updatedAt: string
  readonly amountDue: string | null
  readonly fullyPaidOn: string | null
  /** A person voided or deleted it: what was sent and seen last does not stand there any more. */
  readonly isRemoved: boolean
}

/** How documents of one type stand there by now. */
export async function saveStatuses(
  db: Db,
  { companyId, connectionId, type }: Scope & { readonly type: DocumentType },
  seen: readonly StatusSeen[],
  now: string,
): Promise<void> {
  if (seen.length === 0) return
  await sql`
    UPDATE links l SET status = s.status, amount_due = s."amountDue", fully_paid_on = s."fullyPaidOn",
      -- Where nothing else is known of how it stood, the stamp of our last write tells whether somebody changed it.
      remote_updated_at = CASE WHEN l.content IS NULL THEN l.remote_updated_at ELSE s."updatedAt" END,
      posted_hash = CASE WHEN s."isRemoved" THEN NULL ELSE l.posted_hash END,
      seen = CASE WHEN s."isRemoved" THEN NULL ELSE l.seen END,
      looked_in = CASE WHEN s."isRemoved" THEN NULL ELSE l.looked_in END,
      looked_at = CASE WHEN s."isRemoved" THEN NULL ELSE l.looked_at END, updated_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${json(seen)}::jsonb) AS s("recordId" text, status text, "updatedAt" timestamptz,
      "amountDue" text, "fullyPaidOn" date, "isRemoved" boolean)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.record_id = s."recordId"`.execute(db)
}

export interface ConflictFound {
  readonly itemId: string
  readonly recordId: string
  readonly recordName: string | null
  readonly error: SyncError
}

/** Conflicts that no job found. A record whose next step waits already keeps that: its job looks by itself. */
export async function openConflicts(
  db: Db,
  { companyId, connectionId, type }: Scope & { readonly type: DocumentType },
  conflicts: readonly ConflictFound[],
  now: string,
): Promise<void> {
  if (conflicts.length === 0) return
  await sql`
    INSERT INTO sync_queue_items (id, company_id, connection_id, record_type, record_id, record_name, action, status, last_error,
      created_at, updated_at)
    SELECT c."itemId", ${companyId}, ${connectionId}::uuid, ${type}, c."recordId", c."recordName", 'update', 'conflict', c.error,
      ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(conflicts)}::jsonb) AS c("itemId" uuid, "recordId" text, "recordName" text, error jsonb)
    ON CONFLICT (connection_id, record_type, record_id) WHERE status IN ('pending', 'failed', 'blocked', 'conflict')
    DO NOTHING`.execute(db)
}
