// The call budget of an organisation, one row shared by all replicas: an exact log of the last minute's calls, one slot a
// running call, and the calls of the day. One statement takes a call, so two processes cannot take the same one.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export interface BudgetLimits {
  readonly minute: number
  readonly day: number
  readonly concurrent: number
}

/** A window of 61 s holds no more than the limit, so neither a fixed nor a rolling minute at Xero can (FACTS §2.1). */
const windowMs = 61_000
const dayMs = 24 * 60 * 60 * 1000

/** Takes one call; false when none is left now (see findBudget for when). `slotUntil` ends a slot that is never returned. */
export async function takeCall(
  db: Db,
  organisationId: string,
  limits: BudgetLimits,
  nowMs: number,
  slotUntilMs: number,
): Promise<boolean> {
  const now = new Date(nowMs).toISOString()
  await sql`
    INSERT INTO budgets (organisation_id, day_started_at) VALUES (${organisationId}, ${now}::timestamptz)
    ON CONFLICT DO NOTHING`.execute(db)
  const taken = await sql<{ organisation_id: string }>`
    UPDATE budgets SET
      recent_calls = array(SELECT c FROM unnest(recent_calls) c WHERE c > ${nowMs - windowMs}::int8 ORDER BY c) || ${nowMs}::int8,
      running_until = array(SELECT r FROM unnest(running_until) r WHERE r > ${nowMs}::int8) || ${slotUntilMs}::int8,
      day_calls = CASE WHEN day_started_at <= ${new Date(nowMs - dayMs).toISOString()}::timestamptz THEN 1 ELSE day_calls + 1 END,
      day_started_at = CASE WHEN day_started_at <= ${new Date(nowMs - dayMs).toISOString()}::timestamptz THEN ${now}::timestamptz ELSE day_started_at END
    WHERE organisation_id = ${organisationId}
      AND (blocked_until IS NULL OR blocked_until <= ${now}::timestamptz)
      AND (SELECT count(*) FROM unnest(recent_calls) c WHERE c > ${nowMs - windowMs}::int8) < ${limits.minute}::int4
      AND (SELECT count(*) FROM unnest(running_until) r WHERE r > ${nowMs}::int8) < ${limits.concurrent}::int4
      AND (day_calls < ${limits.day}::int4 OR day_started_at <= ${new Date(nowMs - dayMs).toISOString()}::timestamptz)
    RETURNING organisation_id`.execute(db)
  return taken.rows.length > 0
}

/** Returns the slot of a call that ended. */
export async function returnSlot(db: Db, organisationId: string, slotUntilMs: number): Promise<void> {
  await sql`
    UPDATE budgets SET running_until =
      running_until[:array_position(running_until, ${slotUntilMs}::int8) - 1] ||
      running_until[array_position(running_until, ${slotUntilMs}::int8) + 1:]
    WHERE organisation_id = ${organisationId} AND ${slotUntilMs}::int8 = ANY (running_until)`.execute(db)
}

/** Xero refused a call, or says that fewer are left than we thought: nobody calls before `until`. */
export async function blockBudget(db: Db, organisationId: string, until: string, reason: string): Promise<void> {
  await sql`
    UPDATE budgets SET blocked_until = greatest(blocked_until, ${until}::timestamptz), blocked_reason = ${reason}
    WHERE organisation_id = ${organisationId}`.execute(db)
}

/** Xero's own count of the day is the truth when it is higher than ours: another application may share the limit. */
export async function raiseDayCalls(db: Db, organisationId: string, usedAtLeast: number): Promise<void> {
  await db
    .updateTable('budgets')
    .set({ day_calls: usedAtLeast })
    .where('organisation_id', '=', organisationId)
    .where('day_calls', '<', usedAtLeast)
    .execute()
}

export interface BudgetState {
  readonly minuteRemaining: number
  readonly dayRemaining: number
  readonly blockedUntil: string | null
  readonly blockedReason: string | null
  /** When the next call may be made. */
  readonly nextCallAt: string
  /** What the next call waits for; null when it may be made now. */
  readonly waitsFor: 'minute' | 'day' | 'concurrent' | 'blocked' | null
}

export async function findBudget(
  db: Db,
  organisationId: string,
  limits: BudgetLimits,
  nowMs: number,
): Promise<BudgetState> {
  const row = await db
    .selectFrom('budgets')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst()
  const recent = (row?.recent_calls ?? []).filter((at) => at > nowMs - windowMs).sort((a, b) => a - b)
  const running = (row?.running_until ?? []).filter((until) => until > nowMs).sort((a, b) => a - b)
  const dayStart = row ? Date.parse(row.day_started_at) : nowMs
  const dayCalls = row && dayStart > nowMs - dayMs ? row.day_calls : 0
  const blockedUntil = row?.blocked_until && Date.parse(row.blocked_until) > nowMs ? row.blocked_until : null
  const firstInWindow = recent.at(-limits.minute)
  const waits: [Exclude<BudgetState['waitsFor'], null>, number][] = []
  if (blockedUntil) waits.push(['blocked', Date.parse(blockedUntil)])
  if (dayCalls >= limits.day) waits.push(['day', dayStart + dayMs])
  if (recent.length >= limits.minute && firstInWindow !== undefined) waits.push(['minute', firstInWindow + windowMs])
  if (running.length >= limits.concurrent) waits.push(['concurrent', nowMs + 250])
  const longest = waits.sort((a, b) => b[1] - a[1])[0]
  return {
    minuteRemaining: Math.max(0, limits.minute - recent.length),
    dayRemaining: Math.max(0, limits.day - dayCalls),
    blockedUntil,
    blockedReason: blockedUntil ? (row?.blocked_reason ?? null) : null,
    nextCallAt: new Date(longest?.[1] ?? nowMs).toISOString(),
    waitsFor: longest?.[0] ?? null,
  }
}
