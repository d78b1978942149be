// Links: which document at the accounting system a record is. A link is a fact: it is recorded whoever learned it, and
// never silently moved to another document, for the second one would be a duplicate.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import { documentSections, type RecordType } from '../domain/entity-types.ts'
import type { Fields } from '../domain/merging.ts'
import type { SentMarks, StandingContent, StandingDocument } from '../domain/standing-document.ts'
import type { Untaken } from '../domain/untaken-edits.ts'
import { resolveAdopted } from './incidents.ts'
import { json } from './json.ts'
import { askedSince, readPosted, storedBefore } from './posted-marks.ts'

export interface Link {
  readonly recordId: string
  readonly remoteId: string
  readonly number: string | null
  readonly status: string | null
  readonly remoteUpdatedAt: string | null
  readonly lineIds: Readonly<Record<string, string>>
  readonly marker: string | null
  /** Null: not known, or it is to be sent again. */
  readonly postedHash: string | null
  /** The same of one that is to be sent again, although nothing of it changed. */
  readonly lastHash?: string | null
  /** Its record said something else since, and somebody may have edited it meanwhile: a look tells whether it is in line. */
  readonly isUnsure?: boolean
  /** Somebody queued it once more: it is sent as it would be sent today. */
  readonly isQueuedAgain?: boolean
  /** Tells that request from others. With a new hash: the one that is carried out with it. */
  readonly request?: string | null
  readonly matchedBy: string | null
  /** Of a contact or item: the fields that both sides last agreed on; null: not known. */
  readonly agreed?: Fields | null
  /** Names of fields that the product took away and that Xero keeps. */
  readonly leftOver?: readonly string[] | null
  /** Edits in Xero that settings keep from the record. */
  readonly untaken?: Untaken | null
  /** Its contact was merged into one that another record of the type is. */
  readonly followsMerge?: boolean
  /** When it was first linked; absent in a link that is to be recorded. */
  readonly createdAt?: string
  /** Of an invoice or bill: how it stood at our last write or look; absent or null while that is not known. */
  readonly content?: StandingContent | null
  readonly sent?: SentMarks | null
  /** As it stood when it was looked at last before a write, or when a conflict was found. */
  readonly seen?: StandingDocument | null
  readonly lookedIn?: string | null
  readonly lookedAt?: string | null
  readonly amountDue?: string | null
  readonly fullyPaidOn?: string | null
  /** Content of the record that stands there. */
  readonly recordHash?: string | null
}

/** A link that says of which type its record is. */
export type TypedLink = Link & { readonly type: RecordType }

const toLink = (row: Selectable<Tables['links']>): Link => ({
  recordId: row.record_id,
  remoteId: row.remote_id,
  number: row.number,
  status: row.status,
  remoteUpdatedAt: row.remote_updated_at,
  lineIds: row.line_ids,
  marker: row.marker,
  ...readPosted(row.posted_hash),
  matchedBy: row.matched_by,
  agreed: row.agreed,
  leftOver: row.left_over,
  untaken: row.untaken,
  followsMerge: row.follows_merge,
  createdAt: row.created_at,
  content: row.content,
  sent: row.sent,
  seen: row.seen,
  lookedIn: row.looked_in,
  lookedAt: row.looked_at,
  amountDue: row.amount_due,
  fullyPaidOn: row.fully_paid_on,
  recordHash: row.record_hash,
})

/** By record id. */
export async function findLinks(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
): Promise<Map<string, Link>> {
  if (recordIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('links')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where(sql<boolean>`record_id = ANY (${recordIds}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.record_id, toLink(row)]))
}

/** By the accounting system's id: the records of these types that are linked to it. */
export async function findLinksByRemoteId(
  db: Db,
  companyId: string,
  connectionId: string,
  types: readonly RecordType[],
  remoteIds: readonly string[],
): Promise<TypedLink[]> {
  if (remoteIds.length === 0) return []
  const rows = await db
    .selectFrom('links')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', 'in', [...types])
    .where(sql<boolean>`remote_id = ANY (${remoteIds}::text[])`)
    .execute()
  return rows.map((row) => ({ ...toLink(row), type: row.type }))
}

/**
 * Records links of one type. Known ones are refreshed. Returned are the ids of records whose link was not taken, because
 * the record is linked to another document already, or the document to another record: somebody must look at that. Of two
 * records that claim one document, the first one gets it.
 */
export async function recordLinks(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  links: readonly Link[],
  now: string,
): Promise<string[]> {
  if (links.length === 0) return []
  const claimed = new Set<string>()
  const first = links.filter(({ remoteId }) => !claimed.has(remoteId) && claimed.add(remoteId))
  const stored = storedBefore(connectionId, type, sql`l."recordId"`)
  const saved = await sql<{ record_id: string }>`
    INSERT INTO links (company_id, connection_id, type, record_id, remote_id, number, status, remote_updated_at, line_ids,
                       marker, posted_hash, matched_by, agreed, content, sent, amount_due, fully_paid_on, record_hash, created_at,
                       updated_at)
    SELECT ${companyId}, ${connectionId}::uuid, ${type}, l."recordId", l."remoteId", l.number, l.status, l."remoteUpdatedAt",
           coalesce(l."lineIds", '{}'), l.marker, ${askedSince(stored, sql`l.request`)} || l."postedHash", l."matchedBy", l.agreed, l.content, l.sent, l."amountDue",
           l."fullyPaidOn", l."recordHash", ${now}::timestamptz, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(first)}::jsonb) AS l("recordId" text, "remoteId" text, number text, status text,
      "remoteUpdatedAt" timestamptz, "lineIds" jsonb, marker text, "postedHash" text, request text, "matchedBy" text, agreed jsonb,
      content jsonb, sent jsonb, "amountDue" text, "fullyPaidOn" date, "recordHash" text)
    WHERE NOT EXISTS (SELECT 1 FROM links o WHERE o.connection_id = ${connectionId}::uuid AND o.type = ${type}
      AND o.remote_id = l."remoteId" AND o.record_id <> l."recordId" AND NOT o.follows_merge)
      -- After a merge several records are one document: what is known of a link already is refreshed, never claimed anew.
      OR EXISTS (SELECT 1 FROM links own WHERE own.connection_id = ${connectionId}::uuid AND own.type = ${type}
      AND own.record_id = l."recordId" AND own.remote_id = l."remoteId")
    ON CONFLICT (connection_id, type, record_id) DO UPDATE SET
      number = coalesce(excluded.number, links.number), status = coalesce(excluded.status, links.status),
      remote_updated_at = coalesce(excluded.remote_updated_at, links.remote_updated_at),
      line_ids = CASE WHEN excluded.line_ids = '{}' THEN links.line_ids ELSE excluded.line_ids END,
      marker = coalesce(excluded.marker, links.marker), posted_hash = coalesce(excluded.posted_hash, links.posted_hash),
      matched_by = coalesce(links.matched_by, excluded.matched_by), agreed = coalesce(excluded.agreed, links.agreed),
      content = coalesce(excluded.content, links.content),
      sent = coalesce(excluded.sent, links.sent), seen = NULL, looked_in = NULL, looked_at = NULL,
      amount_due = CASE WHEN excluded.content IS NULL THEN links.amount_due ELSE excluded.amount_due END,
      fully_paid_on = CASE WHEN excluded.content IS NULL THEN links.fully_paid_on ELSE excluded.fully_paid_on END,
      record_hash = coalesce(excluded.record_hash, links.record_hash), updated_at = excluded.updated_at
    WHERE links.remote_id = excluded.remote_id
    RETURNING record_id`.execute(db)
  const done = new Set(saved.rows.map((row) => row.record_id))
  if (type in documentSections) {
    const adopted = first.flatMap(({ recordId, remoteId }) => (done.has(recordId) ? remoteId : []))
    if (adopted.length > 0) await resolveAdopted(db, connectionId, adopted, now)
  }
  return links.filter((link) => !done.has(link.recordId)).map((link) => link.recordId)
}

/** A person says that the record is what it is linked to. */
export async function confirmLink(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  recordId: string,
): Promise<void> {
  await db
    .updateTable('links')
    .set({ matched_by: 'hand' })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('record_id', '=', recordId)
    .execute()
}

/** Linked documents as an import saw them. */
export async function refreshLinks(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  seen: readonly Pick<Link, 'recordId' | 'status' | 'remoteUpdatedAt'>[],
  now: string,
): Promise<void> {
  if (seen.length === 0) return
  await sql`
    UPDATE links l SET status = s.status, remote_updated_at = s."remoteUpdatedAt", updated_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${json(seen)}::jsonb) AS s("recordId" text, status text, "remoteUpdatedAt" timestamptz)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.record_id = s."recordId"`.execute(db)
}

export async function deleteLinks(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return
  await db
    .deleteFrom('links')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('record_id', 'in', [...recordIds])
    .execute()
}

/** The fields that both sides agree on from now on; those that Xero keeps, where a write told; and edits that are not taken. */
export async function saveAgreed(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  entries: readonly {
    readonly recordId: string
    readonly agreed: Fields
    readonly leftOver?: readonly string[]
    readonly untaken?: Untaken
  }[],
): Promise<void> {
  if (entries.length === 0) return
  await sql`
    UPDATE links l SET agreed = e.agreed, left_over = coalesce(e."leftOver", l.left_over),
      untaken = coalesce(e.untaken, l.untaken)
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS e("recordId" text, agreed jsonb, "leftOver" jsonb, untaken jsonb)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.record_id = e."recordId"`.execute(db)
}
