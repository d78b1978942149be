// The hash of what was last sent of a linked record, with a mark before it where it is sent or looked at although nothing changed here.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'

/** Before the hash of what a person asked to be sent once more, or alone where none is known. */
const again = 'again:'
/** Before the hash of what may stand there otherwise by now. */
const unsure = 'unsure:'
/** The one or the other mark. */
const anyMark = `^(${again}|${unsure})`
const isMarked = new RegExp(anyMark)

/** The parts of a link that its hash tells. */
export const readPosted = (stored: string | null) => ({
  postedHash: isMarked.test(stored ?? '') ? null : stored,
  lastHash: stored?.replace(isMarked, '') || null,
  isUnsure: stored?.startsWith(unsure) ?? false,
  isQueuedAgain: stored?.startsWith(again) ?? false,
})

/** The hash where it is not known any more what was sent: a request of a person's stays. */
export const forgotten = sql<string | null>`CASE WHEN starts_with(posted_hash, ${again}) THEN ${again} END`

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

/** A request to send it once more is over. */
export const forgetRequest: Marker = async (db, companyId, connectionId, type, recordIds) => {
  await sql`
    UPDATE links SET posted_hash = nullif(${unsure} || substr(posted_hash, ${again.length + 1}), ${unsure})
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
      AND record_id = ANY (${[...recordIds]}::text[]) AND starts_with(posted_hash, ${again})`.execute(db)
}

/** Puts a mark before what was last sent, which is still known; `alone`: and where it is not. What a person asked for stays asked for. */
const marking =
  (mark: string, alone: string | null = null): Marker =>
  async (db, companyId, connectionId, type, recordIds) => {
    if (recordIds.length === 0) return
    await sql`
      UPDATE links SET posted_hash = coalesce(${mark} || regexp_replace(posted_hash, ${anyMark}, ''), ${alone})
      WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
        AND record_id = ANY (${recordIds}::text[]) AND NOT starts_with(coalesce(posted_hash, ''), ${again})`.execute(db)
  }

/** The next export sends it again, as if it had changed. */
export const sendAgain = marking(again, again)

/** The next export looks at it before it is taken for what stands there. */
export const doubtPosted = marking(unsure)
