// Records beside the documents in Xero that they are linked to.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { RemoteDocument } from '../domain/sync-state.ts'

export interface LinkRow {
  readonly link_id: string | null
  readonly link_number: string | null
  readonly link_status: string | null
  readonly link_updated_at: string | null
  readonly link_amount_due: string | null
  readonly link_fully_paid_on: string | null
}

export const linkOf = (row: LinkRow): Omit<RemoteDocument, 'url'> | null =>
  row.link_id
    ? {
        id: row.link_id,
        number: row.link_number,
        status: row.link_status,
        updatedAt: row.link_updated_at,
        amountDue: row.link_amount_due,
        fullyPaidOn: row.link_fully_paid_on,
      }
    : null

/** Records of a type with the columns of their links, and none of their own. */
export const withLinks = (db: Db, companyId: string, connectionId: string, type: RecordType) =>
  db
    .selectFrom('records')
    .leftJoin('links', (join) =>
      join
        .onRef('links.connection_id', '=', 'records.connection_id')
        .onRef('links.type', '=', 'records.type')
        .onRef('links.record_id', '=', 'records.id'),
    )
    .select([
      'links.remote_id as link_id',
      'links.number as link_number',
      'links.status as link_status',
      'links.remote_updated_at as link_updated_at',
      'links.amount_due as link_amount_due',
      'links.fully_paid_on as link_fully_paid_on',
    ])
    .where('records.company_id', '=', companyId)
    .where('records.connection_id', '=', connectionId)
    .where('records.type', '=', type)
