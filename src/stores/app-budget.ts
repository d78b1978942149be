// The application's own call budget: so many calls a second, that no minute can hold more than Xero allows, wherever it
// begins. One statement takes a call, so replicas cannot take the same one.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

/** 60 seconds touch at most 61 whole ones. */
export const appCallsASecond = (minuteLimit: number): number => Math.max(1, Math.floor(minuteLimit / 61))

/** False when this second's calls are used up, or Xero asked the whole application to wait. */
export async function takeAppCall(db: Db, minuteLimit: number, nowMs: number): Promise<boolean> {
  const second = Math.floor(nowMs / 1000)
  const aSecond = appCallsASecond(minuteLimit)
  const taken = await sql<{ one: boolean }>`
    UPDATE app_budget SET calls = CASE WHEN second = ${second}::int8 THEN calls + 1 ELSE 1 END, second = ${second}::int8
    WHERE (second < ${second}::int8 OR (second = ${second}::int8 AND calls < ${aSecond}::int4))
      AND (blocked_until IS NULL OR blocked_until <= ${new Date(nowMs).toISOString()}::timestamptz)
    RETURNING one`.execute(db)
  return taken.rows.length > 0
}

/** When the next call may be tried. */
export async function nextAppCallAt(db: Db, nowMs: number): Promise<string> {
  const row = await db.selectFrom('app_budget').select(['second', 'blocked_until']).executeTakeFirstOrThrow()
  const nextSecond = (Math.max(row.second, Math.floor(nowMs / 1000)) + 1) * 1000
  return new Date(Math.max(nextSecond, Date.parse(row.blocked_until ?? '') || 0)).toISOString()
}

/** Xero asked the whole application to wait. */
export async function blockApp(db: Db, until: string): Promise<void> {
  await sql`UPDATE app_budget SET blocked_until = greatest(blocked_until, ${until}::timestamptz)`.execute(db)
}

/** Xero refused this application's id or secret, or took them again (null). Only a change writes. */
export async function noteCredentials(db: Db, refusedSince: string | null): Promise<void> {
  await (refusedSince === null
    ? sql`UPDATE app_budget SET credentials_refused_since = NULL WHERE credentials_refused_since IS NOT NULL`
    : sql`UPDATE app_budget SET credentials_refused_since = ${refusedSince}::timestamptz WHERE credentials_refused_since IS NULL`
  ).execute(db)
}

/** Since when Xero refuses this application's credentials; null where it does not. */
export async function credentialsRefusedSince(db: Db): Promise<string | null> {
  const row = await db.selectFrom('app_budget').select('credentials_refused_since').executeTakeFirst()
  return row?.credentials_refused_since ?? null
}
