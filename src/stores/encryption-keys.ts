// The encryption keys that sealed what is stored: a check of each, and what is sealed with it.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

export interface SealedTokenSet {
  readonly id: string
  readonly sealed: string
  readonly epoch: number
}

/** One process at a time looks and records: of two that bring different keys to an empty database, the second sees the first. */
export async function lockKeyChecks(tx: Db): Promise<void> {
  await sql`LOCK TABLE encryption_key_checks IN SHARE ROW EXCLUSIVE MODE`.execute(tx)
}

/** Sealed checks by the id of their key. */
export async function readKeyChecks(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('encryption_key_checks').selectAll().orderBy('key_id').execute()
  return new Map(rows.map((row) => [row.key_id, row.sealed]))
}

export async function saveKeyCheck(tx: Db, keyId: string, sealed: string): Promise<void> {
  await tx
    .insertInto('encryption_key_checks')
    .values({ key_id: keyId, sealed })
    .onConflict((conflict) => conflict.column('key_id').doUpdateSet({ sealed }))
    .execute()
}

export async function deleteKeyCheck(tx: Db, keyId: string): Promise<void> {
  await tx.deleteFrom('encryption_key_checks').where('key_id', '=', keyId).execute()
}

/** The second part of a sealed text. */
const keyId = sql<string>`split_part(sealed, '.', 2)`

const validTokenSets = (db: Db) =>
  db.selectFrom('token_sets').where('sealed', '<>', '').where('invalid_since', 'is', null)

/** Ids of the keys that valid consents are sealed with. */
export async function keyIdsInUse(db: Db): Promise<string[]> {
  const rows = await validTokenSets(db).select(keyId.as('id')).distinct().orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** Some valid consents that are sealed with the key. */
export async function tokenSetsSealedWith(db: Db, id: string, limit: number): Promise<SealedTokenSet[]> {
  return validTokenSets(db).select(['id', 'sealed', 'epoch']).where(keyId, '=', id).orderBy('id').limit(limit).execute()
}

/** Valid consents in order of their id, page by page. */
export async function tokenSetsAfter(db: Db, after: string | null, limit: number): Promise<SealedTokenSet[]> {
  return validTokenSets(db)
    .select(['id', 'sealed', 'epoch'])
    .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute()
}
