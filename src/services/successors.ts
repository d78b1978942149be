// A customer or vendor that the product deletes, and hands over under another id in the same job: the contact is the same firm, and
// goes over to the new record. Archived with the old one, it would keep the history, and the firm would get a second contact.
import type { Db } from '../db/tables.ts'
import { syncError } from '../domain/sync-errors.ts'
import { deleteLinks, findLinksByRemoteId } from '../stores/links.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { lockedRecords } from '../stores/queue-locking.ts'
import type { ContactType } from './contact-roles.ts'
import { settleDocuments } from './document-verdicts.ts'
import type { JobContext } from './job-context.ts'

/** Why a contact stays, although a record that it was is deleted. */
export const keptForAnother = () =>
  syncError('kept_in_xero', { cause: 'Another record is the same contact, and needs it.' })

/** Of these records, those that the job is about to delete. */
export const aboutToLeave = (
  db: Db,
  { job }: JobContext,
  type: ContactType,
  recordIds: readonly string[],
): Promise<ReadonlySet<string>> => lockedRecords(db, job.companyId, job.id, { type, removal: true }, recordIds)

/** Records that the job is about to delete give these contacts up, and their deletions are over. */
export async function leaveToSuccessors(
  tx: Db,
  context: JobContext,
  type: ContactType,
  remoteIds: readonly string[],
  now: string,
): Promise<void> {
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const holders = await findLinksByRemoteId(tx, companyId, connectionId, [type], remoteIds)
  const ids = holders.map(({ recordId }) => recordId)
  const items = (await findOpenItems(tx, companyId, connectionId, type, ids)).filter(
    (item) => item.action === 'delete' && item.status === 'locked' && item.jobId === jobId,
  )
  if (items.length === 0) return
  const leaving = items.map(({ recordId }) => recordId)
  await deleteLinks(tx, companyId, connectionId, type, leaving)
  const over = { status: 'synced', state: 'never_synced', error: keptForAnother() } as const
  const verdicts = items.map(({ id: queueItemId, recordId }) => ({
    ...{ queueItemId, recordType: type, recordId, blockedBy: null, attempted: false },
    ...over,
  }))
  await settleDocuments(tx, context, verdicts, now)
}
