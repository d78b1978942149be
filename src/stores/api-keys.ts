// API keys. Only a hash of the secret is stored: a copy of the database opens nothing.
import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import type { ApiKey } from '../domain/api-key.ts'
import { type Page, type PageRequest, pageOf } from '../lib/page.ts'

const toApiKey = (row: Selectable<Tables['api_keys']>): ApiKey => ({
  id: row.id,
  companyId: row.company_id,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
})

export async function insertApiKey(
  db: Db,
  key: {
    id: string
    companyId: string | null
    name: string
    secretHash: string
    expiresAt: string | null
    /** The key that makes it; null: the bootstrap key, or the command line. */
    madeBy: string | null
    now: string
  },
): Promise<ApiKey> {
  const row = await db
    .insertInto('api_keys')
    .values({
      id: key.id,
      company_id: key.companyId,
      name: key.name,
      secret_hash: key.secretHash,
      created_at: key.now,
      expires_at: key.expiresAt,
      made_by: key.madeBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toApiKey(row)
}

export async function findApiKey(db: Db, id: string): Promise<(ApiKey & { secretHash: string }) | null> {
  const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? { ...toApiKey(row), secretHash: row.secret_hash } : null
}

/** Keys that were used since, and are right still. */
export async function findKeysInUse(
  db: Db,
  usedSince: string,
  now: string,
): Promise<{ readonly id: string; readonly secretHash: string }[]> {
  return db
    .selectFrom('api_keys')
    .select(['id', 'secret_hash as secretHash'])
    .where('last_used_at', '>=', usedSince)
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .execute()
}

/** Remembers the use at most once a minute: a write for every request would make the busiest key a hot row. */
export async function touchApiKey(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: now.toISOString() })
    .where('id', '=', id)
    .where((where) =>
      where.or([
        where('last_used_at', 'is', null),
        where('last_used_at', '<', new Date(now.getTime() - 60_000).toISOString()),
      ]),
    )
    .execute()
}

/** companyId null: of all companies. */
export async function listApiKeys(db: Db, companyId: string | null, page: PageRequest): Promise<Page<ApiKey>> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .$if(companyId !== null, (query) => query.where('company_id', '=', companyId))
    .$if(page.after !== null, (query) => query.where('id', '>', String(page.after?.[0])))
    .orderBy('id')
    .limit(page.limit + 1)
    .execute()
  return pageOf(rows, page.limit, toApiKey, (row) => [row.id])
}

/** Kept from being revoked until the transaction ends. Null when it is revoked, or unknown. */
export async function holdApiKey(tx: Db, id: string): Promise<ApiKey | null> {
  const row = await tx
    .selectFrom('api_keys')
    .selectAll()
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .forShare()
    .executeTakeFirst()
  return row ? toApiKey(row) : null
}

/** Keys that are neither revoked nor expired. */
export async function countLiveApiKeys(db: Db, companyId: string, now: string): Promise<number> {
  const { count } = await db
    .selectFrom('api_keys')
    .select((select) => select.fn.countAll().as('count'))
    .where('company_id', '=', companyId)
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Keys of a company that were made since and have ended. */
export async function countBriefApiKeys(db: Db, companyId: string, madeSince: string, now: string): Promise<number> {
  const { count } = await db
    .selectFrom('api_keys')
    .select((select) => select.fn.countAll().as('count'))
    .where('company_id', '=', companyId)
    .where('created_at', '>', madeSince)
    .where((where) => where.or([where('revoked_at', 'is not', null), where('expires_at', '<=', now)]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Keys that were revoked or expired before, those that made others after these. Returns how many. */
export async function dropEndedApiKeys(db: Db, endedBefore: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM api_keys WHERE id IN (
      SELECT k.id FROM api_keys k
      WHERE least(k.revoked_at, k.expires_at) < ${endedBefore}
        AND NOT EXISTS (SELECT 1 FROM api_keys made WHERE made.made_by = k.id)
      LIMIT ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** With all keys that were made with it, directly or not. False when there is no such key (of this company). */
export async function revokeApiKey(db: Db, companyId: string | null, id: string, now: string): Promise<boolean> {
  const key = await db
    .selectFrom('api_keys')
    .select('id')
    .where('id', '=', id)
    .$if(companyId !== null, (query) => query.where('company_id', '=', companyId))
    .executeTakeFirst()
  if (!key) return false
  // A key that is made meanwhile holds its maker: the next round sees it.
  for (let revoked = 1n; revoked > 0n; ) {
    const result = await sql`
      WITH RECURSIVE made AS (
        SELECT k.id FROM api_keys k WHERE k.id = ${id}
        UNION ALL
        SELECT k.id FROM api_keys k JOIN made ON k.made_by = made.id
      )
      UPDATE api_keys SET revoked_at = ${now} WHERE id IN (SELECT id FROM made) AND revoked_at IS NULL`.execute(db)
    revoked = result.numAffectedRows ?? 0n
  }
  return true
}
