// Reference lists as last read, whole: they are small, and always replaced together.
import type { Db } from '../db/tables.ts'
import type { ReferenceEntry, ReferenceListName } from '../domain/reference-lists.ts'
import { json } from './json.ts'

export interface StoredReferenceList<N extends ReferenceListName> {
  readonly entries: ReferenceEntry<N>[]
  readonly fetchedAt: string
}

export type StoredReferenceLists = { [N in ReferenceListName]?: StoredReferenceList<N> }

export async function findReferenceLists(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<StoredReferenceLists> {
  const rows = await db
    .selectFrom('reference_lists')
    .select(['name', 'entries', 'fetched_at'])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .execute()
  return Object.fromEntries(
    rows.map((row) => [row.name, { entries: row.entries, fetchedAt: row.fetched_at }]),
  ) as StoredReferenceLists
}

/** The time at which each list was read last. */
export async function referenceListsReadAt(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<ReadonlyMap<ReferenceListName, string>> {
  const rows = await db
    .selectFrom('reference_lists')
    .select(['name', 'fetched_at'])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .execute()
  return new Map(rows.map((row) => [row.name, row.fetched_at]))
}

export async function saveReferenceLists(
  db: Db,
  companyId: string,
  connectionId: string,
  lists: { [N in ReferenceListName]?: readonly ReferenceEntry<N>[] },
  now: string,
): Promise<void> {
  const rows = Object.entries(lists).map(([name, entries]) => ({
    company_id: companyId,
    connection_id: connectionId,
    name: name as ReferenceListName,
    entries: json(entries),
    fetched_at: now,
  }))
  if (rows.length === 0) return
  await db
    .insertInto('reference_lists')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['connection_id', 'name']).doUpdateSet((set) => ({
        entries: set.ref('excluded.entries'),
        fetched_at: set.ref('excluded.fetched_at'),
      })),
    )
    .execute()
}
