// A refusal for a lock date is told by how the document stands in Xero: one that stands in the locked period itself is not moved
// out of it by another date of the record, and a deletion has no date at all.
import type { Db } from '../db/tables.ts'
import { isDocumentType } from '../domain/entity-types.ts'
import { isLocked, standsLocked, staysLocked } from '../domain/lock-dates.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { findLinks } from '../stores/links.ts'
import type { JobContext } from './job-context.ts'

/** In these words; null: as Xero says it. */
async function worded(tx: Db, context: JobContext, element: BatchElement): Promise<SyncError | null> {
  const { recordType, recordId, posted, removal } = element
  const { job, connection, reference } = context
  const links = await findLinks(tx, job.companyId, connection.id, recordType, [recordId])
  const date = links.get(recordId)?.content?.date ?? null
  if (removal !== null) return staysLocked(date)
  if (date === null || posted?.list !== 'invoices') return null
  // Of the two dates the earlier one is locked in any case; which others are, the lock dates tell as they were last read.
  const isStanding = date <= posted.date || (reference.organisation !== null && isLocked(date, reference.organisation))
  return isStanding ? standsLocked(date) : null
}

/** The verdict on a document that Xero refused for its lock date, with the cause and the way out that fit it. */
export async function toldByState<V extends { readonly error: SyncError | null }>(
  tx: Db,
  context: JobContext,
  element: BatchElement,
  verdict: V,
): Promise<V> {
  if (verdict.error?.code !== 'period_locked' || !isDocumentType(element.recordType)) return verdict
  const error = await worded(tx, context, element)
  return error ? { ...verdict, error } : verdict
}
