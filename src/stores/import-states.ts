// Where the import of a list stands: watermark (lower bound of the next incremental run), checkpoint (place inside the
// present run), sweep (generation of the last whole comparison) and how many rows without an id that one brought.
import type { Db } from '../db/tables.ts'

export interface ImportState {
  readonly watermark: string | null
  readonly runStartedAt: string | null
  readonly runSince: string | null
  readonly nextPage: number | null
  readonly sweep: number
  /** Rows without an id in the last whole read that could be believed. */
  readonly rowsWithoutId: number
  /** The time of the last whole comparison that leaves nothing open; null: the next job compares. */
  readonly comparedAt: string | null
}

const none: ImportState = {
  watermark: null,
  runStartedAt: null,
  runSince: null,
  nextPage: null,
  sweep: 0,
  rowsWithoutId: 0,
  comparedAt: null,
}

export async function findImportState(
  db: Db,
  companyId: string,
  connectionId: string,
  list: 'contacts' | 'items',
): Promise<ImportState> {
  const row = await db
    .selectFrom('import_states')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('list', '=', list)
    .executeTakeFirst()
  return row
    ? {
        watermark: row.watermark,
        runStartedAt: row.run_started_at,
        runSince: row.run_since,
        nextPage: row.next_page,
        sweep: row.sweep,
        rowsWithoutId: row.rows_without_id,
        comparedAt: row.compared_at,
      }
    : none
}

export async function saveImportState(
  db: Db,
  companyId: string,
  connectionId: string,
  list: 'contacts' | 'items',
  state: ImportState,
): Promise<void> {
  const columns = {
    watermark: state.watermark,
    run_started_at: state.runStartedAt,
    run_since: state.runSince,
    next_page: state.nextPage,
    sweep: state.sweep,
    rows_without_id: state.rowsWithoutId,
    compared_at: state.comparedAt,
  }
  await db
    .insertInto('import_states')
    .values({ company_id: companyId, connection_id: connectionId, list, ...columns })
    .onConflict((conflict) => conflict.columns(['connection_id', 'list']).doUpdateSet(columns))
    .execute()
}

/** When the last complete read of each list began. */
export async function lastReads(
  db: Db,
  companyId: string,
  connectionId: string,
): Promise<ReadonlyMap<'contacts' | 'items', string>> {
  const rows = await db
    .selectFrom('import_states')
    .select(['list', 'watermark'])
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .execute()
  return new Map(rows.flatMap(({ list, watermark }) => (watermark === null ? [] : [[list, watermark]])))
}
