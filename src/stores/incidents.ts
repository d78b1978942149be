// Incidents, and the documents that this application created, by which most of them are found.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import { type DocumentType, documentSections } from '../domain/entity-types.ts'
import { type Incident, incidentTexts } from '../domain/incident.ts'
import { openStatuses } from '../domain/queue-item.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { json } from './json.ts'
import { pageOfRows } from './pages.ts'

/** Record types whose documents are swept. */
const documentTypes = Object.keys(documentSections)

const toIncident = (row: Selectable<Tables['incidents']>): Incident => ({
  id: row.id,
  kind: row.kind,
  marker: row.marker,
  xeroIds: row.remote_ids,
  recordType: row.record_type,
  recordId: row.record_id,
  ...incidentTexts[row.kind],
  detectedAt: row.detected_at,
  resolvedAt: row.resolved_at,
})

/** Open ones, or all; newest first. */
export async function listIncidents(
  db: Db,
  companyId: string,
  connectionId: string,
  open: boolean,
  page: PageRequest,
): Promise<Page<Incident>> {
  const rows = db
    .selectFrom('incidents')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .$if(open, (query) => query.where('resolved_at', 'is', null))
    .$if(page.after !== null, (query) => query.where('id', '<', String(page.after?.[0])))
    .orderBy('id', 'desc')
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: sql`id DESC`,
    long: ['marker', 'remote_ids'],
    toItem: toIncident,
    positionOf: (row) => [row.id],
  })
}

export async function countOpenIncidents(db: Db, companyId: string, connectionId: string): Promise<number> {
  const row = await db
    .selectFrom('incidents')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('resolved_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function resolveIncident(
  db: Db,
  companyId: string,
  connectionId: string,
  id: string,
  now: string,
): Promise<Incident | null> {
  const row = await db
    .updateTable('incidents')
    .set((set) => ({ resolved_at: set.fn.coalesce('resolved_at', set.val(now)) }))
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row ? toIncident(row) : null
}

/** Linked items are missing in Xero's list, and it is not certain that they were deleted: opened, or brought up to date. */
export async function openVanishedIncident(
  db: Db,
  companyId: string,
  connectionId: string,
  found: { readonly id: string; readonly remoteIds: readonly string[] },
  now: string,
): Promise<{ opened: boolean }> {
  const { rows } = await sql<{ opened: boolean }>`
    INSERT INTO incidents (id, company_id, connection_id, kind, list, marker, remote_ids, record_type, detected_at)
    VALUES (${found.id}::uuid, ${companyId}, ${connectionId}::uuid, 'vanished_items', 'items', 'items',
      ${found.remoteIds}::text[], 'item', ${now}::timestamptz)
    ON CONFLICT (connection_id, kind, list, marker) WHERE resolved_at IS NULL
      DO UPDATE SET remote_ids = excluded.remote_ids
    RETURNING id = ${found.id}::uuid AS opened`.execute(db)
  return { opened: rows[0]?.opened ?? false }
}

export async function closeVanishedIncident(
  db: Db,
  companyId: string,
  connectionId: string,
  now: string,
): Promise<void> {
  await db
    .updateTable('incidents')
    .set({ resolved_at: now })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'vanished_items')
    .where('resolved_at', 'is', null)
    .execute()
}

export async function hasVanishedIncident(db: Db, companyId: string, connectionId: string): Promise<boolean> {
  const row = await db
    .selectFrom('incidents')
    .select('id')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('kind', '=', 'vanished_items')
    .where('resolved_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export interface WrittenRow {
  readonly remoteId: string
  readonly marker: string
  readonly live: boolean
}

export async function saveWrittenDocuments(
  db: Db,
  companyId: string,
  connectionId: string,
  list: 'invoices',
  documents: readonly WrittenRow[],
): Promise<void> {
  if (documents.length === 0) return
  await sql`
    INSERT INTO written_documents (company_id, connection_id, list, remote_id, marker, live)
    SELECT ${companyId}, ${connectionId}::uuid, ${list}, d."remoteId", d.marker, d.live
    FROM jsonb_to_recordset(${json(documents)}::jsonb) AS d("remoteId" text, marker text, live boolean)
    ON CONFLICT (connection_id, list, remote_id) DO UPDATE SET marker = excluded.marker, live = excluded.live`.execute(
    db,
  )
}

/** Of these markers, those of live documents that this application created and that belong to no record, as far as is known. */
export async function findOrphans(db: Db, connectionId: string, markers: readonly string[]): Promise<Set<string>> {
  if (markers.length === 0) return new Set()
  const { rows } = await sql<{ marker: string }>`
    SELECT w.marker FROM written_documents w
    WHERE w.connection_id = ${connectionId}::uuid AND w.list = 'invoices' AND w.live AND w.marker = ANY (${markers}::text[])
      AND NOT EXISTS (SELECT 1 FROM links l WHERE l.connection_id = w.connection_id AND l.type = ANY (${documentTypes}::text[])
        AND l.remote_id = w.remote_id)`.execute(db)
  return new Set(rows.map((row) => row.marker))
}

/**
 * Compares what was created with what is linked: opens an incident for every finding, and resolves those that are gone.
 * Documents of write calls that are not settled yet are left to the engine.
 */
export async function compareWritten(
  db: Db,
  companyId: string,
  connectionId: string,
  newId: () => string,
  now: string,
): Promise<{ opened: number }> {
  const findings = await sql<{
    kind: 'duplicate' | 'orphan'
    marker: string
    remote_ids: string[]
    record_type: DocumentType | null
    record_id: string | null
  }>`
    WITH live AS (
      SELECT w.remote_id, w.marker, l.type, l.record_id
      FROM written_documents w
      LEFT JOIN links l ON l.connection_id = w.connection_id AND l.type = ANY (${documentTypes}::text[])
        AND l.remote_id = w.remote_id
      WHERE w.company_id = ${companyId} AND w.connection_id = ${connectionId}::uuid AND w.list = 'invoices' AND w.live
        AND NOT EXISTS (
          SELECT 1 FROM write_batches b, jsonb_array_elements(b.elements) e
          WHERE b.connection_id = w.connection_id AND b.settled_at IS NULL AND e->>'marker' = w.marker)
    )
    SELECT 'duplicate' AS kind, marker, array_agg(remote_id ORDER BY remote_id) AS remote_ids, max(type) AS record_type,
      max(record_id) AS record_id
    FROM live GROUP BY marker HAVING count(*) > 1
    UNION ALL
    SELECT 'orphan', marker, array_agg(remote_id), NULL, NULL
    FROM live GROUP BY marker HAVING count(*) = 1 AND max(record_id) IS NULL`.execute(db)
  const rows = findings.rows.map((row) => ({ ...row, id: newId() }))
  // After a restore the product hands its documents over again: while such wait, the next sweep tells which were not.
  const isHeld = await isRecovering(db, connectionId)
  const told = isHeld ? rows.filter(({ kind }) => kind !== 'orphan') : rows
  const opened = await sql<{ id: string }>`
    INSERT INTO incidents (id, company_id, connection_id, kind, list, marker, remote_ids, record_type, record_id, detected_at)
    SELECT f.id, ${companyId}, ${connectionId}::uuid, f.kind, 'invoices', f.marker,
      ARRAY(SELECT jsonb_array_elements_text(f.remote_ids)), f.record_type, f.record_id, ${now}::timestamptz
    FROM jsonb_to_recordset(${json(told)}::jsonb)
      AS f(id uuid, kind text, marker text, remote_ids jsonb, record_type text, record_id text)
    WHERE NOT EXISTS (SELECT 1 FROM incidents i WHERE i.connection_id = ${connectionId}::uuid AND i.kind = f.kind
      AND i.list = 'invoices' AND i.marker = f.marker AND (i.resolved_at IS NULL OR f.kind = 'orphan'))
    ON CONFLICT DO NOTHING RETURNING id`.execute(db)
  const open = rows.map((row) => `${row.kind}:${row.marker}`)
  await sql`
    UPDATE incidents SET resolved_at = ${now}::timestamptz
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND list = 'invoices' AND resolved_at IS NULL
      AND NOT (kind || ':' || marker) = ANY (${open}::text[])`.execute(db)
  return { opened: opened.rows.length }
}

/** Everything is still looked up first, and documents are queued. */
async function isRecovering(db: Db, connectionId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM connections c WHERE c.id = ${connectionId}::uuid AND c.look_up_first_since IS NOT NULL
      AND EXISTS (SELECT 1 FROM sync_queue_items q WHERE q.connection_id = c.id AND q.status = ANY (${openStatuses}::text[])
        AND q.record_type = ANY (${documentTypes}::text[]))`.execute(db)
  return rows.length > 0
}

/** Documents that belong to a record from now on are no orphans any more. */
export async function resolveAdopted(
  db: Db,
  connectionId: string,
  remoteIds: readonly string[],
  now: string,
): Promise<void> {
  await sql`
    UPDATE incidents SET resolved_at = ${now}::timestamptz
    WHERE connection_id = ${connectionId}::uuid AND kind = 'orphan' AND list = 'invoices' AND resolved_at IS NULL
      AND remote_ids && ${remoteIds}::text[]`.execute(db)
}

/** Where the sweep of a connection stands: since when it reads, and the page to read next. */
export interface SweepRun {
  readonly companyId: string
  readonly connectionId: string
  readonly startedAt: string
  readonly since: string | null
  readonly page: number
}

/**
 * Takes a connection whose sweep is due, and puts its next one off; other replicas pass it by. A run that was stopped goes
 * on, another begins at the watermark.
 */
export async function claimSweep(db: Db, now: string, nextDueAt: string): Promise<SweepRun | null> {
  await sql`
    INSERT INTO sweeps (company_id, connection_id, due_at)
    SELECT company_id, id, ${nextDueAt}::timestamptz FROM connections WHERE status = 'active'
    ON CONFLICT DO NOTHING`.execute(db)
  const { rows } = await sql<SweepRun>`
    UPDATE sweeps SET
      due_at = ${nextDueAt}::timestamptz,
      run_started_at = CASE WHEN next_page IS NULL THEN ${now}::timestamptz ELSE run_started_at END,
      run_since = CASE WHEN next_page IS NULL THEN watermark ELSE run_since END,
      next_page = coalesce(next_page, 1)
    WHERE connection_id = (
      SELECT s.connection_id FROM sweeps s JOIN connections c ON c.id = s.connection_id AND c.status = 'active'
      WHERE s.due_at <= ${now}::timestamptz ORDER BY s.due_at FOR UPDATE OF s SKIP LOCKED LIMIT 1)
    RETURNING company_id AS "companyId", connection_id AS "connectionId", run_started_at AS "startedAt",
      run_since AS since, next_page AS page`.execute(db)
  return rows[0] ?? null
}

/** Changes nothing when the run was begun anew meanwhile: a person said that the database was restored. */
export async function changeSweep(
  db: Db,
  { connectionId, startedAt }: SweepRun,
  change: { readonly dueAt?: string; readonly page?: number },
): Promise<void> {
  const { dueAt, page } = change
  await db
    .updateTable('sweeps')
    .set({ ...(dueAt !== undefined && { due_at: dueAt }), ...(page !== undefined && { next_page: page }) })
    .where('connection_id', '=', connectionId)
    .where('run_started_at', '=', startedAt)
    .execute()
}

/** The run has read its last page: the next one begins where this one began. */
export async function endSweep(db: Db, { connectionId, startedAt }: SweepRun): Promise<void> {
  await db
    .updateTable('sweeps')
    .set({ watermark: startedAt, run_started_at: null, run_since: null, next_page: null })
    .where('connection_id', '=', connectionId)
    .where('run_started_at', '=', startedAt)
    .execute()
}
