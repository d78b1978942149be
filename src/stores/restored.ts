// The facts about a database that may have been restored from a backup.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'

/**
 * The same in every connection to one database. Another one in a database that was made from a dump, a template or a standby
 * that took over, all of which may have forgotten something. Null where the database does not tell.
 */
export async function readIdentity(db: Db): Promise<string | null> {
  try {
    const { rows } = await sql<{ identity: string }>`
      SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8), (SELECT oid FROM pg_database WHERE datname = current_database()),
        'write_batches'::regclass::oid) AS identity`.execute(db)
    return rows[0]?.identity ?? null
  } catch (error) {
    // Class 42: a hosted PostgreSQL without these functions, or without the right to call them.
    if (String((error as { code?: unknown }).code).startsWith('42')) return null
    throw error
  }
}

/** The identity that is on record, which becomes this one; null when there was none. Of two that ask at once, one sees the other's. */
export async function exchangeIdentity(tx: Db, identity: string): Promise<string | null> {
  const before = await tx.selectFrom('database_identity').select('identity').forUpdate().executeTakeFirst()
  if (before?.identity !== identity) {
    await tx
      .insertInto('database_identity')
      .values({ identity })
      .onConflict((conflict) => conflict.column('one').doUpdateSet({ identity }))
      .execute()
  }
  return before?.identity ?? null
}

/** From now on these connections look everything up first, until a sweep that began after `sweepDueAt`. Answers how many. */
export async function startLookingUpFirst(
  tx: Db,
  only: { readonly companyId: string; readonly connectionId: string } | null,
  now: string,
  sweepDueAt: string,
): Promise<number> {
  const marked = await tx
    .updateTable('connections')
    .set({ look_up_first_since: now, updated_at: now })
    .where('organisation_id', 'is not', null)
    .$if(only !== null, (query) =>
      query.where('company_id', '=', only?.companyId ?? '').where('id', '=', only?.connectionId ?? ''),
    )
    .returning(['company_id', 'id'])
    .execute()
  if (marked.length === 0) return 0
  const anew = { due_at: sweepDueAt, run_started_at: null, run_since: null, next_page: null }
  await tx
    .insertInto('sweeps')
    .values(marked.map(({ company_id, id }) => ({ company_id, connection_id: id, ...anew })))
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(anew))
    .execute()
  // What their look-ups saw before the backup may have been sent after it.
  await tx
    .updateTable('write_batches')
    .set({ negative_lookups: 0, look_up: null })
    .where(
      'connection_id',
      'in',
      marked.map(({ id }) => id),
    )
    .where('settled_at', 'is', null)
    .execute()
  return marked.length
}

/** All that was sent before `since` is known now. */
export async function endLookingUpFirst(tx: Db, connectionId: string, since: string): Promise<void> {
  await tx
    .updateTable('connections')
    .set({ look_up_first_since: null })
    .where('id', '=', connectionId)
    .where('look_up_first_since', '<=', since)
    .execute()
}
