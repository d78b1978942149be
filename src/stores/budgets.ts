// The call budget of an organisation, one row shared by all replicas: an exact log of the last minute's calls, one slot a
// running call, and the calls of the day. One statement takes a call, so two processes cannot take the same one.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export interface BudgetLimits {
  readonly minute: number
  readonly day: number
  readonly concurrent: number
}

/**
 * What a call is for. Of the day a tenth is kept for `interactive` (a person waits) and a tenth for `resolution` (look-ups,
 * replays and sweeps: finding out what became of writes). What is kept for one, no other takes.
 */
export type CallPurpose = 'sync' | 'interactive' | 'resolution'

/** The calls left, as the answer's headers said; null where they said nothing. */
export interface SeenRemaining {
  readonly minuteRemaining: number | null
  readonly dayRemaining: number | null
}

/** A window of 61 s holds no more than the limit, so neither a fixed nor a rolling minute at Xero can (xero.md, Limits). */
const windowMs = 61_000
const dayMs = 24 * 60 * 60 * 1000
/** One in so many calls of the day is kept for each purpose that has a part of its own. */
const keptOneIn = 10

/** Takes one call; false when none is left now (see findBudget for when). `slotUntil` ends a slot that is never returned. */
export async function takeCall(
  db: Db,
  organisationId: string,
  limits: BudgetLimits,
  purpose: CallPurpose,
  nowMs: number,
  slotUntilMs: number,
): Promise<boolean> {
  const now = new Date(nowMs).toISOString()
  const newDay = sql<boolean>`day_started_at <= ${new Date(nowMs - dayMs).toISOString()}::timestamptz`
  const dayLimit = sql<number>`least(${limits.day}::int4, coalesce(day_limit, ${limits.day}::int4))`
  const kept = sql<number>`ceil(${dayLimit} / ${keptOneIn}::numeric)`
  const unusedOf = (used: 'day_interactive' | 'day_resolution') => sql`greatest(0, ${kept} - ${sql.ref(used)})`
  const keptForPeople = purpose === 'interactive' ? sql`0` : unusedOf('day_interactive')
  const keptForResolution = purpose === 'resolution' ? sql`0` : unusedOf('day_resolution')
  const countOf = (column: string, counted: CallPurpose | 'any') => {
    const one = sql.lit(counted === 'any' || counted === purpose ? 1 : 0)
    return sql`CASE WHEN ${newDay} THEN ${one} ELSE ${sql.ref(column)} + ${one} END`
  }
  const take = sql`
    UPDATE budgets SET
      recent_calls = array(SELECT c FROM unnest(recent_calls) c WHERE c > ${nowMs - windowMs}::int8 ORDER BY c) || ${nowMs}::int8,
      running_until = array(SELECT r FROM unnest(running_until) r WHERE r > ${nowMs}::int8) || ${slotUntilMs}::int8,
      day_calls = ${countOf('day_calls', 'any')},
      day_interactive = ${countOf('day_interactive', 'interactive')},
      day_resolution = ${countOf('day_resolution', 'resolution')},
      day_limit = CASE WHEN ${newDay} THEN NULL ELSE day_limit END,
      day_started_at = CASE WHEN ${newDay} THEN ${now}::timestamptz ELSE day_started_at END
    WHERE organisation_id = ${organisationId}
      AND (blocked_until IS NULL OR blocked_until <= ${now}::timestamptz)
      AND (SELECT count(*) FROM unnest(recent_calls) c WHERE c > ${nowMs - windowMs}::int8) < ${limits.minute}::int4
      AND (SELECT count(*) FROM unnest(running_until) r WHERE r > ${nowMs}::int8) < ${limits.concurrent}::int4
      AND (${newDay} OR day_calls < ${dayLimit} - ${keptForPeople} - ${keptForResolution})
    RETURNING organisation_id`
  const taken = async () => (await take.execute(db)).rows.length > 0
  return (await taken()) || ((await openBudget(db, organisationId, now)) && taken())
}

/** The row of an organisation that was never called; false when there is one. */
async function openBudget(db: Db, organisationId: string, now: string): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO budgets (organisation_id, day_calls, day_started_at) VALUES (${organisationId}, 0, ${now}::timestamptz)
    ON CONFLICT DO NOTHING RETURNING organisation_id`.execute(db)
  return rows.length > 0
}

/** A call that was taken is made later than that: it counts from then on. */
export async function postponeCall(db: Db, organisationId: string, takenMs: number, sentMs: number): Promise<void> {
  await sql`
    UPDATE budgets SET recent_calls =
      recent_calls[:array_position(recent_calls, ${takenMs}::int8) - 1] ||
      recent_calls[array_position(recent_calls, ${takenMs}::int8) + 1:] || ${sentMs}::int8
    WHERE organisation_id = ${organisationId} AND ${takenMs}::int8 = ANY (recent_calls)`.execute(db)
}

/**
 * Returns the slot of a call that ended. What Xero counts beyond our own log was called by another application, or before
 * our database was restored: it is added to the log, as if it had been called now, and taken off what the day allows.
 */
export async function endCall(
  db: Db,
  organisationId: string,
  limits: BudgetLimits,
  seen: SeenRemaining,
  slotUntilMs: number,
  nowMs: number,
): Promise<void> {
  await sql`
    UPDATE budgets SET
      running_until = CASE WHEN ${slotUntilMs}::int8 = ANY (running_until) THEN
        running_until[:array_position(running_until, ${slotUntilMs}::int8) - 1] ||
        running_until[array_position(running_until, ${slotUntilMs}::int8) + 1:] ELSE running_until END,
      recent_calls = recent_calls || array_fill(${nowMs}::int8, ARRAY[greatest(0, coalesce(
        ${limits.minute}::int4 - ${seen.minuteRemaining}::int4 -
        (SELECT count(*)::int4 FROM unnest(recent_calls) c WHERE c > ${nowMs - windowMs}::int8), 0))]),
      day_limit = coalesce(day_calls + ${seen.dayRemaining}::int4, day_limit)
    WHERE organisation_id = ${organisationId}`.execute(db)
}

/** Xero refused a call: nobody calls before `until`. */
export async function blockBudget(db: Db, organisationId: string, until: string, reason: string): Promise<void> {
  await sql`
    UPDATE budgets SET blocked_until = greatest(blocked_until, ${until}::timestamptz), blocked_reason = ${reason}
    WHERE organisation_id = ${organisationId}`.execute(db)
}

/**
 * Forgets what Xero said of the day and how long it asked to wait; the calls of the last minute stay counted. The next
 * answer tells anew: a limit that still holds is on record again after one call.
 */
export async function forgetLimits(db: Db, organisationId: string, now: string): Promise<void> {
  await sql`
    UPDATE budgets SET blocked_until = NULL, blocked_reason = NULL, day_limit = NULL, day_calls = 0,
      day_interactive = 0, day_resolution = 0, day_started_at = ${now}::timestamptz
    WHERE organisation_id = ${organisationId}`.execute(db)
}

export interface BudgetState {
  readonly minuteRemaining: number
  readonly dayRemaining: number
  readonly blockedUntil: string | null
  readonly blockedReason: string | null
  /** When the next call may be made. */
  readonly nextCallAt: string
  /** The reason why the next call waits; null when it may be made now. */
  readonly waitsFor: 'minute' | 'day' | 'concurrent' | 'blocked' | null
}

/** The calls left, and when the next call for the purpose may be made. */
export async function findBudget(
  db: Db,
  organisationId: string,
  limits: BudgetLimits,
  purpose: CallPurpose,
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
  const today = row && dayStart > nowMs - dayMs ? row : null
  const dayRemaining = Math.max(0, Math.min(limits.day, today?.day_limit ?? limits.day) - (today?.day_calls ?? 0))
  const blockedUntil = row?.blocked_until && Date.parse(row.blocked_until) > nowMs ? row.blocked_until : null
  const firstInWindow = recent.at(-limits.minute)
  const waits: [Exclude<BudgetState['waitsFor'], null>, number][] = []
  if (blockedUntil) waits.push(['blocked', Date.parse(blockedUntil)])
  if (today && dayRemaining <= keptForOthers(today, limits, purpose)) waits.push(['day', dayStart + dayMs])
  if (recent.length >= limits.minute && firstInWindow !== undefined) waits.push(['minute', firstInWindow + windowMs])
  if (running.length >= limits.concurrent) waits.push(['concurrent', nowMs + 250])
  const longest = waits.sort((a, b) => b[1] - a[1])[0]
  return {
    minuteRemaining: Math.max(0, limits.minute - recent.length),
    dayRemaining,
    blockedUntil,
    blockedReason: blockedUntil ? (row?.blocked_reason ?? null) : null,
    nextCallAt: new Date(longest?.[1] ?? nowMs).toISOString(),
    waitsFor: longest?.[0] ?? null,
  }
}

/** As takeCall has it: of today's calls, those that are kept for other purposes and not used yet. */
function keptForOthers(
  today: { day_limit: number | null; day_interactive: number; day_resolution: number },
  limits: BudgetLimits,
  purpose: CallPurpose,
): number {
  const kept = Math.ceil(Math.min(limits.day, today.day_limit ?? limits.day) / keptOneIn)
  const forPeople = purpose === 'interactive' ? 0 : Math.max(0, kept - today.day_interactive)
  const forResolution = purpose === 'resolution' ? 0 : Math.max(0, kept - today.day_resolution)
  return forPeople + forResolution
}
