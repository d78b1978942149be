// The change feed. The counter row is locked until the transaction ends, so numbers follow commit order and have no gaps:
// a reader that remembers the last number misses nothing.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { Change } from '../domain/change.ts'
import { withDecimalsAsSent } from '../domain/records/decimals-as-sent.ts'
import { json } from './json.ts'
import { pageOfRows } from './pages.ts'

export type NewChange = Omit<Change, 'sequence' | 'changedAt'>

/** Must run inside the transaction that makes the changes. */
export async function appendChanges(
  tx: Db,
  companyId: string,
  connectionId: string,
  changes: readonly NewChange[],
  now: string,
): Promise<void> {
  if (changes.length === 0) return
  const counter = await sql<{ latest: number }>`
    INSERT INTO change_counters (company_id, connection_id, latest) VALUES (${companyId}, ${connectionId}::uuid, ${changes.length}::int8)
    ON CONFLICT (connection_id) DO UPDATE SET latest = change_counters.latest + excluded.latest
    RETURNING latest`.execute(tx)
  const first = (counter.rows[0]?.latest ?? changes.length) - changes.length + 1
  const rows = changes.map((change, index) => ({ ...change, sequence: first + index }))
  await sql`
    INSERT INTO changes (company_id, connection_id, sequence, record_type, record_id, operation, record, remote_id, job_id, changed_at)
    SELECT ${companyId}, ${connectionId}::uuid, c.sequence, c."recordType", c."recordId", c.operation, c.record, c."xeroId",
           c."jobId", ${now}::timestamptz
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS c(sequence int8, "recordType" text, "recordId" text, operation text,
      record jsonb, "xeroId" text, "jobId" uuid)`.execute(tx)
}

export async function listChanges(
  db: Db,
  companyId: string,
  connectionId: string,
  after: number,
  limit: number,
): Promise<{ items: Change[]; latest: number }> {
  const counter = await db
    .selectFrom('change_counters')
    .select('latest')
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst()
  const rows = db
    .selectFrom('changes')
    .leftJoin('records', (join) =>
      join
        .onRef('records.connection_id', '=', 'changes.connection_id')
        .onRef('records.type', '=', 'changes.record_type')
        .onRef('records.id', '=', 'changes.record_id'),
    )
    .selectAll('changes')
    .select('records.decimals_as_sent')
    .where('changes.company_id', '=', companyId)
    .where('changes.connection_id', '=', connectionId)
    .where('sequence', '>', after)
    .orderBy('sequence')
  const { items } = await pageOfRows(db, rows, {
    limit,
    order: sql`sequence`,
    long: ['record', 'decimals_as_sent'],
    toItem: (row) => ({
      sequence: row.sequence,
      recordType: row.record_type,
      recordId: row.record_id,
      operation: row.operation,
      // A value that the product holds is told as the product writes it.
      record: withDecimalsAsSent(row.record, row.decimals_as_sent),
      xeroId: row.remote_id,
      jobId: row.job_id,
      changedAt: row.changed_at,
    }),
    positionOf: (row) => [row.sequence],
  })
  return { latest: counter?.latest ?? 0, items }
}
