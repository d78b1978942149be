// Answers of idempotent requests: the second request with a key gets the first one's answer.
import type { Db } from '../db/tables.ts'
import { json } from './json.ts'

export interface IdempotencyScope {
  readonly companyId: string
  readonly route: string
  readonly key: string
}

export interface StoredAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Sealed. */
  readonly body: string
}

/** Takes the key, or returns what is stored under it. A request that never ended frees its key after `staleBefore`. */
export async function takeIdempotencyKey(
  db: Db,
  scope: IdempotencyScope,
  fingerprint: string,
  now: string,
  staleBefore: string,
): Promise<'taken' | { fingerprint: string; answer: StoredAnswer | null }> {
  await db
    .deleteFrom('idempotency_keys')
    .where('company_id', '=', scope.companyId)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .where('response', 'is', null)
    .where('created_at', '<', staleBefore)
    .execute()
  // The holder may free the key between the two statements: then it is there to be taken.
  for (;;) {
    const inserted = await db
      .insertInto('idempotency_keys')
      .values({ company_id: scope.companyId, route: scope.route, key: scope.key, fingerprint, created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('key')
      .executeTakeFirst()
    if (inserted) return 'taken'
    const row = await db
      .selectFrom('idempotency_keys')
      .select(['fingerprint', 'response'])
      .where('company_id', '=', scope.companyId)
      .where('route', '=', scope.route)
      .where('key', '=', scope.key)
      .executeTakeFirst()
    if (row) return { fingerprint: row.fingerprint, answer: row.response }
  }
}

export async function storeAnswer(db: Db, scope: IdempotencyScope, answer: StoredAnswer): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ response: json(answer) })
    .where('company_id', '=', scope.companyId)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .execute()
}

export async function freeIdempotencyKey(db: Db, scope: IdempotencyScope): Promise<void> {
  await db
    .deleteFrom('idempotency_keys')
    .where('company_id', '=', scope.companyId)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .where('response', 'is', null)
    .execute()
}

export async function deleteIdempotencyKeysBefore(db: Db, before: string): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('created_at', '<', before).execute()
}
