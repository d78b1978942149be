// The hash of what was last sent of a linked record, with a mark before it where it is sent or looked at although nothing changed here.
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { waitingStatuses } from '../domain/queue-item.ts'
import { json } from './json.ts'

/** Before the hash of what a person asked to be sent once more, or alone where none is known; after it the id of the request. */
const again = 'again:'
/** Before the hash of what may stand there otherwise by now. */
const unsure = 'unsure:'
/** A request from before has none. */
const request = `^${again}(?:[0-9a-f-]{36}:)?`
/** The one or the other mark. */
const anyMark = `${request}|^${unsure}`
const [isMarked, isRequest] = [new RegExp(anyMark), new RegExp(request)]

/** The parts of a link that its hash tells. */
export const readPosted = (stored: string | null) => ({
  postedHash: isMarked.test(stored ?? '') ? null : stored,
  lastHash: stored?.replace(isMarked, '') || null,
  isUnsure: stored?.startsWith(unsure) ?? false,
  isQueuedAgain: stored?.startsWith(again) ?? false,
  request: stored?.match(isRequest)?.[0] ?? null,
})

/** The request in a stored hash; null where there is none. */
const requestIn = (stored: RawBuilder<string | null>) => sql<string | null>`substring(${stored} FROM ${request})`

/** The hash where it is not known any more what was sent: a request of a person's stays. */
export const forgotten = requestIn(sql.ref('posted_hash'))

const asked = sql.raw(
  `sync_queue_items q WHERE q.status IN (${waitingStatuses.map((status) => `'${status}'`).join(', ')}) AND q.request IS NOT NULL`,
)

/** Requests for records of which a creation may be under way, as a link says them; by record id. */
export async function findRequests(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
): Promise<Map<string, string>> {
  if (recordIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; request: string }>`
    SELECT q.record_id AS id, ${again} || q.request || ':' AS request FROM ${asked} AND q.company_id = ${companyId}
      AND q.connection_id = ${connectionId}::uuid AND q.record_type = ${type} AND q.record_id = ANY (${[...recordIds]}::text[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, request: mark }) => [id, mark]))
}

/** The stored hash with its request, before a new one: that of the link, or the request of the item that waits where there is no link yet. */
export const storedBefore = (connectionId: string, type: RecordType, recordId: RawBuilder<string>) =>
  sql<string | null>`coalesce(
    (SELECT known.posted_hash FROM links known
      WHERE known.connection_id = ${connectionId}::uuid AND known.type = ${type} AND known.record_id = ${recordId}),
    (SELECT ${again} || q.request || ':' FROM ${asked}
      AND q.connection_id = ${connectionId}::uuid AND q.record_type = ${type} AND q.record_id = ${recordId}))`

/** The mark to be kept before a new hash: what was asked for since the document was made stays asked for. */
export const askedSince = (stored: RawBuilder<string | null>, answered: RawBuilder<string | null>) =>
  sql<string>`CASE WHEN ${requestIn(stored)} = ${answered} THEN '' ELSE coalesce(${requestIn(stored)}, '') END`

type Marker = (
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
) => Promise<void>

/** Forgets what was last sent, so that the next export sends it again. */
export const forgetPosted: Marker = async (db, companyId, connectionId, type, recordIds) => {
  if (recordIds.length === 0) return
  await db
    .updateTable('links')
    .set({ posted_hash: forgotten })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where('record_id', 'in', [...recordIds])
    .execute()
}

/** Requests to send it once more are over, but for that of one of these queue items. */
export async function forgetRequest(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordIds: readonly string[],
  but: readonly string[] = [],
): Promise<void> {
  if (recordIds.length === 0) return
  await sql`
    UPDATE links SET posted_hash = nullif(coalesce(
      (SELECT ${again} || q.request || ':' FROM sync_queue_items q WHERE q.company_id = ${companyId} AND q.id = ANY (${[...but]}::uuid[])
        AND q.record_id = links.record_id), ${unsure}) || regexp_replace(posted_hash, ${request}, ''), ${unsure})
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
      AND record_id = ANY (${[...recordIds]}::text[]) AND starts_with(posted_hash, ${again})`.execute(db)
}

/** The next export sends it again, as if it had changed. */
export async function sendAgain(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  requests: readonly { readonly recordId: string; readonly request: string }[],
): Promise<void> {
  if (requests.length === 0) return
  await sql`
    UPDATE links l SET posted_hash = ${again} || r.request || ':' || coalesce(regexp_replace(l.posted_hash, ${anyMark}, ''), '')
    FROM jsonb_to_recordset(${json(requests)}::jsonb) AS r("recordId" text, request text)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.record_id = r."recordId"`.execute(db)
}

/** The next export looks at it before it is taken for what stands there. What a person asked for stays asked for. */
export const doubtPosted: Marker = async (db, companyId, connectionId, type, recordIds) => {
  if (recordIds.length === 0) return
  await sql`
    UPDATE links SET posted_hash = ${unsure} || regexp_replace(posted_hash, ${anyMark}, '')
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
      AND record_id = ANY (${[...recordIds]}::text[]) AND NOT starts_with(coalesce(posted_hash, ''), ${again})`.execute(
    db,
  )
}
