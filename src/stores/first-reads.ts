// Connections whose organisation and reference lists are to be read without a job, because they have just become active. A
// job reads them as well, so a connection with an unfinished one is passed by.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

const due = sql`status = 'active' AND first_read_at IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM sync_jobs j WHERE j.connection_id = connections.id AND j.completed_at IS NULL)`

/** Takes the first read that is due; until then nobody else takes it, and after that anybody does. */
export async function claimFirstRead(
  db: Db,
  now: string,
  until: string,
): Promise<{ companyId: string; id: string } | null> {
  const { rows } = await sql<{ company_id: string; id: string }>`
    UPDATE connections SET first_read_at = ${until}::timestamptz WHERE id = (
      SELECT id FROM connections WHERE ${due} AND first_read_at <= ${now}::timestamptz
      ORDER BY first_read_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING company_id, id`.execute(db)
  const [row] = rows
  return row ? { companyId: row.company_id, id: row.id } : null
}

/** Null: all was read. Changes nothing where the claim was lost, for example to a new consent. */
export async function postponeFirstRead(db: Db, id: string, claimedUntil: string, at: string | null): Promise<void> {
  await sql`
    UPDATE connections SET first_read_at = ${at}::timestamptz
    WHERE id = ${id}::uuid AND first_read_at = ${claimedUntil}::timestamptz`.execute(db)
}

export async function nextFirstReadAt(db: Db): Promise<string | null> {
  const { rows } = await sql<{ at: string | null }>`
    SELECT min(first_read_at) AS at FROM connections WHERE ${due}`.execute(db)
  return rows[0]?.at ?? null
}
