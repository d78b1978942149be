// Invoices and bills of a customer or vendor that is another contact than it was: they stand at the one of before until they are sent
// again. Found by an index, so that a company with a million of them pays for those of this one contact.
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import { longestChain } from '../domain/merged-away.ts'
import { syncError } from '../domain/sync-errors.ts'
import { json } from './json.ts'

/** The contact of a document as last seen, or the one that is left of those into which that one was merged. */
const standsAt = sql`CASE WHEN e.merged_into IS NULL THEN l.content->>'contactRemoteId' ELSE (
    WITH RECURSIVE way AS (
      SELECT e.merged_into AS contact, 1 AS step
      UNION ALL
      SELECT n.merged_into, way.step + 1 FROM way
      JOIN remote_entities n ON n.connection_id = l.connection_id AND n.list = 'contacts' AND n.remote_id = way.contact
      WHERE n.merged_into IS NOT NULL AND way.step < ${sql.lit(longestChain)}
    ) SELECT contact FROM way ORDER BY step DESC LIMIT 1) END`

interface Scope {
  readonly companyId: string
  readonly connectionId: string
  readonly type: 'customer' | 'vendor'
}

const documentsOf = (type: Scope['type']) => (type === 'customer' ? 'invoice' : 'bill')

/** Documents `d` with their links `l`, and the contacts at which they were seen last, by the customers or vendors `c`. */
const documentsAndLinks = ({ companyId, connectionId, type }: Scope) => sql`
    JOIN records d ON d.connection_id = ${connectionId}::uuid AND d.type = ${documentsOf(type)}
      AND coalesce(d.body->>'customerId', d.body->>'vendorId') = c."recordId" AND d.type IN ('invoice', 'bill')
    JOIN links l ON l.connection_id = d.connection_id AND l.type = d.type AND l.record_id = d.id
    LEFT JOIN remote_entities e ON e.connection_id = l.connection_id AND e.list = 'contacts'
      AND e.remote_id = l.content->>'contactRemoteId'
    WHERE d.company_id = ${companyId} AND d.deleted_at IS NULL`

/**
 * `contacts`: what these records are from now on. Only one that was unlinked before, or one that `isNew` to a record that was in Xero in
 * an earlier life, can have documents elsewhere.
 */
export async function tellRelinkedDocuments(
  tx: Db,
  scope: Scope,
  contacts: readonly { readonly recordId: string; readonly remoteId: string; readonly isNew: boolean }[],
): Promise<void> {
  if (contacts.length === 0) return
  const { connectionId, type } = scope
  const documents = documentsOf(type)
  const relinked = sql`jsonb_to_recordset(${json(contacts)}::jsonb) AS c("recordId" text, "remoteId" text, "isNew" boolean)
    JOIN records o ON o.connection_id = ${connectionId}::uuid AND o.type = ${type} AND o.id = c."recordId"
      AND (o.left_documents IS NOT NULL OR (c."isNew" AND o.last_synced_at IS NOT NULL))
    ${documentsAndLinks(scope)}`
  const error = syncError('contact_relinked')
  // What was sent is not what the record says by now, also after its item was taken out of the queue.
  await sql`
    WITH elsewhere AS (
      SELECT d.id FROM ${relinked} AND d.sync_state = 'synced' AND ${standsAt} <> c."remoteId"
    ), told AS (
      UPDATE records r SET sync_state = 'outdated', last_error = ${json(error)}::jsonb FROM elsewhere
      WHERE r.connection_id = ${connectionId}::uuid AND r.type = ${documents} AND r.id = elsewhere.id RETURNING r.id
    )
    UPDATE links l SET record_hash = '' FROM told
    WHERE l.connection_id = ${connectionId}::uuid AND l.type = ${documents} AND l.record_id = told.id`.execute(tx)
  await tellBack(tx, scope, relinked)
}

/** Contacts that are left after a merge: their documents that stood elsewhere may have come to them, or they to their documents. */
export async function tellDocumentsBack(
  tx: Db,
  scope: Scope,
  contacts: readonly { readonly recordId: string; readonly remoteId: string }[],
): Promise<void> {
  if (contacts.length === 0) return
  const left = contacts.map(({ recordId, remoteId }) => ({ recordId, remoteId }))
  await tellBack(
    tx,
    scope,
    sql`jsonb_to_recordset(${json(left)}::jsonb) AS c("recordId" text, "remoteId" text)${documentsAndLinks(scope)}`,
  )
}

/** Documents that were told to stand elsewhere, and stand at their own contact, say so. */
async function tellBack(tx: Db, scope: Scope, relinked: RawBuilder<unknown>): Promise<void> {
  await tellThere(tx, scope, sql`${relinked} AND ${toldElsewhere} AND ${standsAt} = c."remoteId"`)
}

const toldElsewhere = sql`d.sync_state = 'outdated' AND d.last_error->>'code' = 'contact_relinked'`

/** Documents `d` with their links `l`, as found, say that they stand at their own contact. */
async function tellThere(tx: Db, { connectionId, type }: Scope, found: RawBuilder<unknown>): Promise<void> {
  const documents = documentsOf(type)
  const withdrawn = syncError('change_withdrawn')
  await sql`
    WITH back AS (
      -- Of one that we wrote, nothing is known to have been sent last where a change of it was not sent.
      SELECT d.id, l.sent IS NULL OR l.posted_hash IS NOT NULL AS is_sent FROM ${found}
    ), told AS (
      UPDATE records r SET sync_state = CASE WHEN is_sent THEN 'synced' ELSE 'outdated' END,
        last_error = CASE WHEN is_sent THEN NULL ELSE ${json(withdrawn)}::jsonb END
      FROM back
      WHERE r.connection_id = ${connectionId}::uuid AND r.type = ${documents} AND r.id = back.id
      RETURNING r.id, r.content_hash, is_sent
    )
    UPDATE links l SET record_hash = CASE WHEN is_sent THEN told.content_hash ELSE l.record_hash END FROM told
    WHERE l.connection_id = ${connectionId}::uuid AND l.type = ${documents} AND l.record_id = told.id`.execute(tx)
}

/** An invoice or bill as a list without lines shows it. */
export interface ListedAt {
  readonly remoteId: string
  readonly contact: string
  readonly updatedAt: string
}

/** Listed documents that were told to stand elsewhere, and that somebody moved to their own contact since. */
const movedBack = ({ companyId, connectionId, type }: Scope, listed: readonly ListedAt[]) => sql`
    jsonb_to_recordset(${json(listed)}::jsonb) AS s("remoteId" text, contact text, "updatedAt" timestamptz)
    JOIN links l ON l.connection_id = ${connectionId}::uuid AND l.type = ${documentsOf(type)} AND l.remote_id = s."remoteId"
    JOIN records d ON d.connection_id = l.connection_id AND d.type = l.type AND d.id = l.record_id
    JOIN links c ON c.connection_id = d.connection_id AND c.type = ${type}
      AND c.record_id = coalesce(d.body->>'customerId', d.body->>'vendorId') AND lower(c.remote_id) = lower(s.contact)
    WHERE d.company_id = ${companyId} AND d.deleted_at IS NULL AND ${toldElsewhere}
      AND (l.remote_updated_at IS NULL OR s."updatedAt" >= date_trunc('second', l.remote_updated_at))`

export async function areMovedBack(db: Db, scope: Scope, listed: readonly ListedAt[]): Promise<boolean> {
  if (listed.length === 0) return false
  const { rows } = await sql`SELECT 1 FROM ${movedBack(scope, listed)} LIMIT 1`.execute(db)
  return rows.length > 0
}

export const tellMovedBack = (tx: Db, scope: Scope, listed: readonly ListedAt[]): Promise<void> =>
  tellThere(tx, scope, movedBack(scope, listed))

/**
 * Documents that were just settled, and whose customer or vendor became another contact meanwhile: no request waited for them, and
 * when the link was changed they were not in line yet.
 */
export async function tellWrittenElsewhere(
  tx: Db,
  {
    companyId,
    connectionId,
    type,
  }: { readonly companyId: string; readonly connectionId: string; readonly type: 'invoice' | 'bill' },
  recordIds: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return
  const contacts = type === 'invoice' ? 'customer' : 'vendor'
  const error = syncError('contact_relinked')
  await sql`
    WITH RECURSIVE settled AS (
      SELECT d.id, l.content->>'contactRemoteId' AS stands_at, c.remote_id AS contact FROM records d
      JOIN links l ON l.connection_id = d.connection_id AND l.type = d.type AND l.record_id = d.id
      JOIN links c ON c.connection_id = d.connection_id AND c.type = ${contacts}
        AND c.record_id = coalesce(d.body->>'customerId', d.body->>'vendorId')
      WHERE d.company_id = ${companyId} AND d.connection_id = ${connectionId}::uuid AND d.type = ${type}
        AND d.id = ANY (${[...recordIds]}::text[]) AND d.sync_state = 'synced' AND d.deleted_at IS NULL
        AND lower(l.content->>'contactRemoteId') <> lower(c.remote_id)
    ), ends_at AS (
      SELECT id, stands_at AS contact FROM settled
      UNION
      SELECT s.id, e.merged_into FROM ends_at s
      JOIN remote_entities e ON e.connection_id = ${connectionId}::uuid AND e.list = 'contacts' AND e.remote_id = s.contact
      WHERE e.merged_into IS NOT NULL
    ), elsewhere AS (
      UPDATE records r SET sync_state = 'outdated', last_error = ${json(error)}::jsonb FROM settled s
      WHERE r.connection_id = ${connectionId}::uuid AND r.type = ${type} AND r.id = s.id
        AND NOT EXISTS (SELECT 1 FROM ends_at e WHERE e.id = s.id AND lower(e.contact) = lower(s.contact))
      RETURNING r.id
    )
    UPDATE links l SET record_hash = '' FROM elsewhere
    WHERE l.connection_id = ${connectionId}::uuid AND l.type = ${type} AND l.record_id = elsewhere.id`.execute(tx)
}
