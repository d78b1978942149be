// The linked documents as they were seen at the accounting system: at the look before a change or removal, and when a person
// decides about a conflict.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { metBy, nothingSent, type StandingContent, type StandingDocument } from '../domain/standing-document.ts'
import type { Difference } from '../domain/sync-state.ts'
import { json } from './json.ts'
import { forgotten } from './posted-marks.ts'

const accepted = { ...nothingSent, isAccepted: true }

export interface Look {
  readonly recordId: string
  /** Null: it was not there. */
  readonly seen: StandingDocument | null
  /** The content from which a later edit is told apart; null leaves what is known. */
  readonly content: StandingContent | null
}

/** Puts on record what a job saw of linked documents. */
export async function saveLooks(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  jobId: string,
  looks: readonly Look[],
  now: string,
): Promise<void> {
  if (looks.length === 0) return
  const rows = looks.map(({ recordId, seen, content }) => ({
    recordId,
    seen,
    content,
    remoteId: seen?.remote.remoteId,
    number: seen?.remote.number,
    status: seen?.remote.status,
    remoteUpdatedAt: seen?.remote.updatedAt,
    amountDue: seen?.amountDue,
    fullyPaidOn: seen?.fullyPaidOn,
  }))
  await sql`
    UPDATE links l SET looked_in = ${jobId}::uuid, looked_at = ${now}::timestamptz, seen = s.seen,
      content = coalesce(s.content, l.content), number = coalesce(s.number, l.number), status = coalesce(s.status, l.status),
      -- Where nothing else is known of how it stood, the stamp of our last write tells whether somebody changed it.
      remote_updated_at = CASE WHEN coalesce(s.content, l.content) IS NULL THEN l.remote_updated_at
        ELSE coalesce(s."remoteUpdatedAt", l.remote_updated_at) END,
      amount_due = CASE WHEN s.seen IS NULL THEN l.amount_due ELSE s."amountDue" END,
      fully_paid_on = CASE WHEN s.seen IS NULL THEN l.fully_paid_on ELSE s."fullyPaidOn" END, updated_at = ${now}::timestamptz
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS s("recordId" text, seen jsonb, content jsonb, number text, status text,
      "remoteUpdatedAt" timestamptz, "amountDue" text, "fullyPaidOn" date)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.record_id = s."recordId"`.execute(db)
}

/** Documents that went along with a merge stand at the contact that was left, also once the lost one is active again. */
export async function keepAtSurvivors(
  db: Db,
  companyId: string,
  connectionId: string,
  restored: readonly { readonly from: string; readonly to: string }[],
): Promise<void> {
  if (restored.length === 0) return
  await sql`
    UPDATE links l SET content = jsonb_set(l.content, '{contactRemoteId}', to_jsonb(m."to"))
    FROM jsonb_to_recordset(${json(restored)}::jsonb) AS m("from" text, "to" text)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type IN ('invoice', 'bill')
      AND l.content->>'contactRemoteId' = m."from"`.execute(db)
}

/** The record's content is what stands there: nothing had to be sent. */
export async function saveRecordHashes(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  entries: readonly { readonly recordId: string; readonly recordHash: string }[],
): Promise<void> {
  if (entries.length === 0) return
  await sql`
    UPDATE links l SET record_hash = e."recordHash"
    FROM jsonb_to_recordset(${json(entries)}::jsonb) AS e("recordId" text, "recordHash" text)
    WHERE l.company_id = ${companyId} AND l.connection_id = ${connectionId}::uuid AND l.type = ${type}
      AND l.record_id = e."recordId"`.execute(db)
}

/** A person decided to overwrite what was seen: it is no edit any more, and a later one still is. */
export async function acceptSeen(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordId: string,
  linesAnew: boolean,
): Promise<void> {
  await sql`
    UPDATE links SET content = coalesce(seen->'content', content), posted_hash = ${forgotten},
      line_ids = CASE WHEN ${linesAnew} THEN '{}'::jsonb ELSE line_ids END,
      sent = (CASE
        -- One that stood there before the record may be written over from now on.
        WHEN sent IS NULL AND matched_by = ANY (${[...metBy]}::text[]) THEN ${json(accepted)}::jsonb
        WHEN content IS NULL OR sent->'former' IS NOT NULL THEN sent
        ELSE coalesce(sent, ${json(nothingSent)}::jsonb) || jsonb_build_object('former', content) END) - 'kept'
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
      AND record_id = ${recordId}`.execute(db)
}

/** A decision to overwrite what was seen counts no more, and was not carried out: what it let pass is an edit again. */
export async function withdrawAcceptance(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  recordId: string,
): Promise<void> {
  await sql`
    UPDATE links SET content = coalesce(sent->'former', content),
      sent = CASE WHEN sent->>'isAccepted' = 'true' THEN NULL ELSE sent - 'former' END
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
      AND record_id = ${recordId} AND sent IS NOT NULL`.execute(db)
}

/** A person decided to leave what we wrote as it stands there, with these differences: its removal asks first. */
export async function saveKept(
  db: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  recordId: string,
  differences: readonly Difference[],
): Promise<void> {
  await sql`
    UPDATE links SET sent = sent || ${json({ kept: differences })}::jsonb
    WHERE company_id = ${companyId} AND connection_id = ${connectionId}::uuid AND type = ${type}
      AND record_id = ${recordId} AND sent IS NOT NULL`.execute(db)
}
