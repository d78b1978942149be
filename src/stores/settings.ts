// Settings of a connection: one versioned document. A row appears with the first change; until then the defaults hold.
import type { Db } from '../db/tables.ts'
import { json } from './json.ts'

export interface StoredSettings {
  readonly document: unknown
  readonly version: number
}

export async function findSettings(db: Db, companyId: string, connectionId: string): Promise<StoredSettings | null> {
  const row = await db
    .selectFrom('settings')
    .select(['document', 'version'])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .executeTakeFirst()
  return row ?? null
}

/** Saves over the version that was read; false when somebody saved in between. Version 1 is the unsaved default. */
export async function saveSettings(
  db: Db,
  companyId: string,
  connectionId: string,
  document: unknown,
  readVersion: number,
  now: string,
): Promise<boolean> {
  if (readVersion === 1) {
    const inserted = await db
      .insertInto('settings')
      .values({
        company_id: companyId,
        connection_id: connectionId,
        document: json(document),
        version: 2,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('version')
      .executeTakeFirst()
    return inserted !== undefined
  }
  const result = await db
    .updateTable('settings')
    .set({ document: json(document), version: readVersion + 1, updated_at: now })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('version', '=', readVersion)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}
