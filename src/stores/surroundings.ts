// The surroundings with which every turn of a job begins: the connection, its settings and what the settings refer to, in one statement.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { ReferenceEntry, ReferenceListName } from '../domain/reference-lists.ts'
import { type ConnectionRow, selectConnections, toConnection } from './connections.ts'

export type ReferenceEntries = { readonly [N in ReferenceListName]?: readonly ReferenceEntry<N>[] }

export interface Surroundings {
  readonly connection: ConnectionRow
  /** The stored document; null where none was saved. */
  readonly settings: unknown
  readonly settingsVersion: number | null
  readonly lists: ReferenceEntries
}

export async function findSurroundings(db: Db, companyId: string, connectionId: string): Promise<Surroundings | null> {
  const row = await selectConnections(db)
    .leftJoin('settings', 'settings.connection_id', 'connections.id')
    .select(['settings.document as settings', 'settings.version as settingsVersion'])
    .select(
      sql<ReferenceEntries | null>`(SELECT json_object_agg(l.name, l.entries) FROM reference_lists l
        WHERE l.company_id = connections.company_id AND l.connection_id = connections.id)`.as('lists'),
    )
    .where('connections.company_id', '=', companyId)
    .where('connections.id', '=', connectionId)
    .executeTakeFirst()
  if (!row) return null
  const { settings, settingsVersion, lists } = row
  return { connection: toConnection(row), settings, settingsVersion, lists: lists ?? {} }
}
