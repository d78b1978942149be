// Records as lists show them, with the columns that are shown and no others: a record may hold megabytes.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { SyncStateName } from '../domain/sync-state.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { linkOf, withLinks } from './linked-rows.ts'
import { pageOfRows } from './pages.ts'
import type { LinkedRecord } from './records.ts'

/** A record without its content. */
export type RecordState = Pick<
  LinkedRecord,
  'type' | 'id' | 'name' | 'syncState' | 'lastError' | 'lastSyncedAt' | 'nextStepAt' | 'deletedAt' | 'link'
>
export type ShownRecord = RecordState &
  Pick<LinkedRecord, 'origin' | 'body' | 'decimalsAsSent' | 'createdAt' | 'updatedAt'>

const selectStates = (db: Db, companyId: string, connectionId: string, type: RecordType) =>
  withLinks(db, companyId, connectionId, type).select([
    'records.type as record_type',
    'records.id as record_id',
    'records.name',
    'records.sync_state',
    'records.last_error',
    'records.last_synced_at',
    'records.next_step_at',
    'records.deleted_at',
  ])

type StateRow = Awaited<ReturnType<ReturnType<typeof selectStates>['execute']>>[number]

const toState = (row: StateRow): RecordState => ({
  type: row.record_type,
  id: row.record_id,
  name: row.name,
  syncState: row.sync_state,
  lastError: row.last_error,
  lastSyncedAt: row.last_synced_at,
  nextStepAt: row.next_step_at,
  deletedAt: row.deleted_at,
  link: linkOf(row),
})

/** By id. */
export async function findRecordStates(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  ids: readonly string[],
): Promise<Map<string, RecordState>> {
  if (ids.length === 0) return new Map()
  const rows = await selectStates(db, companyId, connectionId, type)
    .where(sql<boolean>`records.id = ANY (${ids}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.record_id, toState(row)]))
}

/** The parts of records that decide whether they are sent, by id: lines do not. */
export async function findRecordHeads(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  ids: readonly string[],
): Promise<(RecordState & Pick<LinkedRecord, 'body'>)[]> {
  if (ids.length === 0) return []
  const rows = await selectStates(db, companyId, connectionId, type)
    .select(sql<Record<string, unknown>>`records.body - 'lines'`.as('head'))
    .where(sql<boolean>`records.id = ANY (${ids}::text[])`)
    .execute()
  return rows.map((row) => ({ ...toState(row), body: row.head }))
}

/** Bytes that each of them takes up, by id. */
export async function findRecordSizes(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('records')
    .select(['id', 'shown_bytes'])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('type', '=', type)
    .where(sql<boolean>`id = ANY (${ids}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row.shown_bytes ?? 0]))
}

export interface RecordFilter {
  readonly state: SyncStateName | null
  readonly search: string | null
  readonly updatedSince: string | null
}

/** Neither deleted records nor those that the service keeps for itself. */
export function listRecords(
  db: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  filter: RecordFilter,
  page: PageRequest,
): Promise<Page<ShownRecord>> {
  const rows = selectStates(db, companyId, connectionId, type)
    .select([
      'records.origin',
      'records.body',
      'records.decimals_as_sent',
      'records.shown_bytes',
      'records.created_at',
      'records.updated_at',
    ])
    .where('records.deleted_at', 'is', null)
    .where('records.origin', '!=', 'service')
    .$if(filter.state !== null, (query) => query.where('records.sync_state', '=', filter.state ?? 'pending'))
    .$if(filter.updatedSince !== null, (query) => query.where('records.updated_at', '>=', filter.updatedSince ?? ''))
    .$if(filter.search !== null, (query) =>
      query.where(sql<boolean>`strpos(lower(records.name), lower(${filter.search ?? ''})) > 0`),
    )
    .$if(page.after !== null, (query) =>
      query.where(
        sql<boolean>`(records.created_at, records.id) > (${page.after?.[0]}::timestamptz, ${page.after?.[1]})`,
      ),
    )
    .orderBy('records.created_at')
    .orderBy('records.id')
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: sql`created_at, record_id`,
    long: ['last_error'],
    length: 'shown_bytes',
    toItem: (row) => ({
      ...toState(row),
      origin: row.origin,
      body: row.body,
      decimalsAsSent: row.decimals_as_sent,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
    positionOf: (row) => [row.created_at, row.record_id],
  })
}
