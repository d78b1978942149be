// API keys. Only a hash of the secret is stored: a copy of the database opens nothing.
import type { Selectable } from 'kysely'
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
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toApiKey(row)
}

export async function findApiKey(db: Db, id: string): Promise<(ApiKey & { secretHash: string }) | null> {
  const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? { ...toApiKey(row), secretHash: row.secret_hash } : null
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

/** False when there is no such key (of this company). */
export async function revokeApiKey(db: Db, companyId: string | null, id: string, now: string): Promise<boolean> {
  const result = await db
    .updateTable('api_keys')
    .set((set) => ({ revoked_at: set.fn.coalesce('revoked_at', set.val(now)) }))
    .where('id', '=', id)
    .$if(companyId !== null, (query) => query.where('company_id', '=', companyId))
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
