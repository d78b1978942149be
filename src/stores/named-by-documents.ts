// Customers, vendors and items that the documents of a job name: somebody needs them in Xero, even where they are inactive.
import { sql } from 'kysely'
import type { Db } from '../db/tables.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'

/** Documents dated before the cut-over are kept out of Xero, and need nobody there; null: there is no cut-over. */
export interface CutOver {
  readonly invoice: string | null
  readonly bill: string | null
}

/** By any of its dates: which of them is posted, the plan of the document decides. */
const lastDate = sql`greatest(r.body->>'date', r.body->>'shipDate', r.body->>'receiveDate', r.body->>'vendorInvoiceDate')`

/** Of these records, the ids of those that invoices or bills locked in the job name. */
export async function namedByDocuments(
  db: Db,
  { companyId, id: jobId }: { readonly companyId: string; readonly id: string },
  { type, ids }: { readonly type: EntityRecordType; readonly ids: readonly string[] },
  cutOver: CutOver,
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const named =
    type === 'item'
      ? sql`SELECT line->>'itemId' AS id
          FROM jsonb_array_elements(coalesce(r.body->'lines', '[]') || coalesce(r.body->'otherCharges', '[]')) line`
      : sql`SELECT r.body->>${type === 'customer' ? 'customerId' : 'vendorId'}::text AS id`
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT named.id FROM sync_queue_items q
    JOIN records r ON r.connection_id = q.connection_id AND r.type = q.record_type AND r.id = q.record_id
    CROSS JOIN LATERAL (${named}) named
    WHERE q.company_id = ${companyId} AND q.job_id = ${jobId}::uuid AND q.status = 'locked' AND q.action <> 'delete'
      AND q.record_type IN ('invoice', 'bill') AND r.deleted_at IS NULL AND named.id = ANY (${ids}::text[])
      AND ${lastDate} >= coalesce(CASE q.record_type WHEN 'invoice' THEN ${cutOver.invoice}::text ELSE ${cutOver.bill}::text END, '')`.execute(
    db,
  )
  return new Set(rows.map(({ id }) => id))
}
