// What holds a record, and who keeps a document in the accounting system from others that would adopt it.

import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { type ProblemError, problem } from '../domain/errors.ts'
import { heldStatuses, type QueueItem } from '../domain/queue-item.ts'
import type { StoredRecord } from '../stores/records.ts'
import { findUnfinishedJob } from '../stores/sync-jobs.ts'

/** Why nothing is done with a record whose item is held. Of an uncertain one the job is named while it goes on. */
export async function heldBy(
  db: Db,
  companyId: string,
  connectionId: string,
  { status, jobId }: Pick<QueueItem, 'status' | 'jobId'>,
): Promise<ProblemError> {
  if (status !== 'uncertain') {
    return problem('queue_item_locked', `The item is ${status} by the job ${jobId}.`, { extra: { jobId } })
  }
  const job = await findUnfinishedJob(db, companyId, connectionId)
  const detail = job
    ? `Xero's answer to it was lost; the job ${job.id} finds out what became of it.`
    : "Xero's answer to it was lost, and no job goes on: the next one finds out what became of it."
  return problem('queue_item_uncertain', detail, { extra: job ? { jobId: job.id } : {} })
}

const decide =
  'It is in conflict with an edit in Xero, and a person decides: POST …/resolve-conflict with {"keep": "product"} lets the next job remove the document, {"keep": "xero"} leaves it there and ends the deletion. Then PUT the record again.'

/** A deletion in conflict goes on by no job: a person decides about it. */
export const underDeletion = (
  detail: string,
  isInConflict: boolean,
  of: { readonly recordType: RecordType; readonly recordId: string },
) => problem('delete_irreversible', detail, { ...(isInConflict && { action: decide }), extra: of })

/** A job or a write call of unknown outcome has the item. */
export const isHeldItem = ({ status }: Pick<QueueItem, 'status'>): boolean =>
  heldStatuses.some((held) => held === status)

/** A job or a write call of unknown outcome has it: what becomes of it is known later. */
export const isHeld = ({ syncState }: Pick<StoredRecord, 'syncState'>): boolean =>
  heldStatuses.some((status) => status === syncState)

/** States of a deleted record whose deletion is over: it went through, or a person ended it. */
const overStates: readonly string[] = ['never_synced', 'outdated']

/**
 * An imported record gives its document up to one of the product. A deleted one gives it up when its deletion is over and
 * the document stays (the settings, or a person, kept it): adopted before that, the deletion would find nothing to delete.
 */
export const keepsDocument = ({ origin, deletedAt, syncState }: StoredRecord): boolean =>
  origin !== 'import' && (deletedAt === null || !overStates.includes(syncState))
