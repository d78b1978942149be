// Answers of idempotent requests: the second request with a key gets the first one's answer.
import { sql } from 'kysely'
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

export interface KeptAnswer {
  readonly scope: IdempotencyScope
  readonly answer: StoredAnswer
}

/** Stored answers of all companies in the order of their keys, from after one of them. */
export async function answersAfter(db: Db, after: IdempotencyScope | null, limit: number): Promise<KeptAnswer[]> {
  const rows = await db
    .selectFrom('idempotency_keys')
    .select(['company_id', 'route', 'key', 'response'])
    .where('response', 'is not', null)
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(company_id, route, key) > (${after?.companyId}, ${after?.route}, ${after?.key})`),
    )
    .orderBy('company_id')
    .orderBy('route')
    .orderBy('key')
    .limit(limit)
    .execute()
  return rows.flatMap(({ company_id: companyId, route, key, response }) =>
    response ? [{ scope: { companyId, route, key }, answer: response }] : [],
  )
}

/** Puts another body in place of the one that was read. False when it is another one by now. */
export async function replaceAnswerBody(db: Db, { scope, answer }: KeptAnswer, body: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('idempotency_keys')
    .set({ response: json({ ...answer, body }) })
    .where('company_id', '=', scope.companyId)
    .where('route', '=', scope.route)
    .where('key', '=', scope.key)
    .where(sql<boolean>`response ->> 'body' = ${answer.body}`)
    .executeTakeFirst()
  return numUpdatedRows === 1n
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
