// Token sets: the sealed tokens of a user's consent. A refresh needs the lease, and saves only under the epoch it took
// the lease with: of two processes that refresh, or a refresh and a new consent, the later one stands.
import type { Selectable } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'

export interface TokenSet {
  readonly id: string
  readonly companyId: string
  readonly sealed: string
  readonly accessExpiresAt: string
  readonly version: number
  readonly epoch: number
  readonly refreshStartedAt: string | null
  readonly invalidSince: string | null
}

const toTokenSet = (row: Selectable<Tables['token_sets']>): TokenSet => ({
  id: row.id,
  companyId: row.company_id,
  sealed: row.sealed,
  accessExpiresAt: row.access_expires_at,
  version: row.version,
  epoch: row.epoch,
  refreshStartedAt: row.refresh_started_at,
  invalidSince: row.invalid_since,
})

export async function findTokenSet(db: Db, id: string): Promise<TokenSet | null> {
  const row = await db.selectFrom('token_sets').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toTokenSet(row) : null
}

/**
 * The row for a consent's tokens: the user's present one, or a new one without tokens. Of two first consents at the same
 * moment one makes the row, and the other one waits for it there.
 */
export async function claimTokenSet(
  tx: Db,
  companyId: string,
  { remoteUserId, newId, now }: { remoteUserId: string | null; newId: string; now: string },
): Promise<string> {
  const made = await tx
    .insertInto('token_sets')
    .values({
      id: newId,
      company_id: companyId,
      remote_user_id: remoteUserId,
      sealed: '',
      scopes: [],
      access_expires_at: now,
      rotated_at: now,
      invalid_since: now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['company_id', 'remote_user_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made) return made.id
  const { id } = await tx
    .selectFrom('token_sets')
    .select('id')
    .where('company_id', '=', companyId)
    .where('remote_user_id', '=', remoteUserId)
    .executeTakeFirstOrThrow()
  return id
}

/** Stores a new consent's tokens. Raising the epoch ends a refresh in flight: the new consent wins. */
export async function saveConsent(
  tx: Db,
  id: string,
  consent: { sealed: string; scopes: readonly string[]; accessExpiresAt: string; now: string },
): Promise<void> {
  await tx
    .updateTable('token_sets')
    .set((set) => ({
      sealed: consent.sealed,
      scopes: [...consent.scopes],
      access_expires_at: consent.accessExpiresAt,
      rotated_at: consent.now,
      version: set('version', '+', 1),
      epoch: set('epoch', '+', 1),
      lease_owner: null,
      lease_until: null,
      refresh_started_at: null,
      invalid_since: null,
    }))
    .where('id', '=', id)
    .execute()
}

/** Takes the right to refresh; null while another process holds it or when it is not due any more. */
export async function leaseForRefresh(
  db: Db,
  id: string,
  owner: string,
  now: string,
  leaseUntil: string,
  dueBefore: string,
): Promise<TokenSet | null> {
  const row = await db
    .updateTable('token_sets')
    .set((set) => ({
      lease_owner: owner,
      lease_until: leaseUntil,
      epoch: set('epoch', '+', 1),
      refresh_started_at: set.fn.coalesce('refresh_started_at', set.val(now)),
    }))
    .where('id', '=', id)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
    .where('access_expires_at', '<', dueBefore)
    .where('invalid_since', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row ? toTokenSet(row) : null
}

/** Saves what a refresh brought; false when the epoch has moved on. */
export async function saveRefresh(
  db: Db,
  id: string,
  epoch: number,
  refreshed: { sealed: string; accessExpiresAt: string; now: string },
): Promise<boolean> {
  const result = await db
    .updateTable('token_sets')
    .set((set) => ({
      sealed: refreshed.sealed,
      access_expires_at: refreshed.accessExpiresAt,
      rotated_at: refreshed.now,
      version: set('version', '+', 1),
      lease_owner: null,
      lease_until: null,
      refresh_started_at: null,
    }))
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Gives the lease back after a refresh whose answer was lost; the old token is tried again. */
export async function releaseRefresh(db: Db, id: string, epoch: number): Promise<void> {
  await db
    .updateTable('token_sets')
    .set({ lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .execute()
}

/** Only what the identity server really refused, and only if nothing newer came meanwhile. */
export async function markInvalid(db: Db, id: string, epoch: number, now: string): Promise<boolean> {
  const result = await db
    .updateTable('token_sets')
    .set({ invalid_since: now, lease_owner: null, lease_until: null, refresh_started_at: null })
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** The access token was refused before its time: the next use refreshes it. */
export async function expireAccess(db: Db, id: string, version: number, now: string): Promise<void> {
  await db
    .updateTable('token_sets')
    .set({ access_expires_at: now })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute()
}

/** As expireAccess, if it was not rotated meanwhile: another process keeps consents alive, too. */
export async function expireIdle(db: Db, id: string, rotatedBefore: string, now: string): Promise<void> {
  await db
    .updateTable('token_sets')
    .set({ access_expires_at: now })
    .where('id', '=', id)
    .where('rotated_at', '<', rotatedBefore)
    .execute()
}

/** Refreshes that were begun and whose end is not on record, while nobody is at it. */
export async function interruptedRefreshes(db: Db, now: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('token_sets')
    .select('id')
    .where('refresh_started_at', 'is not', null)
    .where('invalid_since', 'is', null)
    .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<', now)]))
    .orderBy('refresh_started_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Consents in use that were not rotated since: Xero ends a refresh token that is unused for 60 days. */
export async function idleTokenSets(db: Db, rotatedBefore: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('token_sets')
    .innerJoin('connections', 'connections.token_set_id', 'token_sets.id')
    .select('token_sets.id')
    .distinct()
    .where('connections.status', '=', 'active')
    .where('token_sets.invalid_since', 'is', null)
    .where('token_sets.rotated_at', '<', rotatedBefore)
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Tokens that no connection and no consent under way needs are not kept. A later consent of the user fills the row anew. */
export async function forgetUnusedTokens(tx: Db, id: string, now: string): Promise<void> {
  // A consent that is being stored has the row: what it says is seen by the statement after this one only.
  await tx.selectFrom('token_sets').select('id').where('id', '=', id).forNoKeyUpdate().execute()
  await tx
    .updateTable('token_sets')
    .set((set) => ({
      sealed: '',
      scopes: [],
      invalid_since: now,
      epoch: set('epoch', '+', 1),
      lease_owner: null,
      lease_until: null,
    }))
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('connections').select('connections.id').where('connections.token_set_id', '=', id))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('connect_sessions')
            .select('connect_sessions.id')
            .where('connect_sessions.token_set_id', '=', id)
            .where('confirmed_at', 'is', null)
            .where('expires_at', '>', now),
        ),
      ),
    )
    .execute()
}

/** Ids of token sets, in order, for sealing them anew. */
export async function tokenSetIdsAfter(db: Db, after: string | null, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('token_sets')
    .select('id')
    .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

/** Puts the same tokens back under another key; false when they were rotated meanwhile. */
export async function replaceSeal(db: Db, id: string, version: number, sealed: string): Promise<boolean> {
  const result = await db
    .updateTable('token_sets')
    .set({ sealed })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
