// Verdicts on documents, put on record: queue item, state of the record and error list of the job, in one transaction.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { wordedFor } from '../domain/item-words.ts'
import type { QueueItem, QueueStatus, Refused } from '../domain/queue-item.ts'
import type { SyncError, SyncStateName } from '../domain/sync-state.ts'
import { clearJobErrors, saveJobErrors } from '../stores/job-errors.ts'
import { forgetRequest } from '../stores/posted-marks.ts'
import { type Settlement, settleItems } from '../stores/queue-locking.ts'
import { findWaiting } from '../stores/queue-waiting.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import type { JobContext } from './job-context.ts'
import { type Judged, unsentChanges } from './unsent-changes.ts'

export interface DocumentVerdict {
  readonly queueItemId: string
  readonly recordType: RecordType
  readonly recordId: string
  readonly status: QueueStatus
  readonly state: SyncStateName
  readonly error: SyncError | null
  readonly blockedBy: QueueItem['blockedBy']
  readonly attempted: boolean
  readonly nextStepAt?: string | null
  readonly refused?: Refused | null
  /** Content of the record that the verdict is about; absent where it is about none. */
  readonly recordHash?: string
  /** Of a contact or item that was written: what tells a change of the product's from what it was taught. */
  readonly written?: Judged['written']
}

/** In the words of its type; candidates of a conflict are shown with a link to each. */
function shown({ linkTo }: JobContext, { recordType, error: found }: DocumentVerdict): SyncError | null {
  const error = found && wordedFor(recordType, found)
  if (!error?.candidates) return error
  // An archived contact is shown on the documents that wait for it too.
  const type = error.code === 'contact_archived' ? (error.blockedBy?.type ?? recordType) : recordType
  const candidates = error.candidates.map((candidate) => ({ ...candidate, url: linkTo(type, candidate.id) }))
  return { ...error, candidates }
}

/** Nothing is in line that was handed over again, and is not to be sent. */
async function asRecordsSay(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  verdicts: readonly DocumentVerdict[],
): Promise<readonly DocumentVerdict[]> {
  const unsent = new Map<RecordType, ReadonlyMap<string, SyncError>>()
  for (const type of new Set(verdicts.map(({ recordType }) => recordType))) {
    const judged = verdicts.flatMap(({ recordType, recordId, state, recordHash: hash, written = null }) =>
      recordType === type && state === 'synced' && hash !== undefined ? [{ recordId, hash, written }] : [],
    )
    unsent.set(type, await unsentChanges(tx, { companyId, connectionId, type }, judged))
  }
  return verdicts.map((verdict) => {
    const error = unsent.get(verdict.recordType)?.get(verdict.recordId)
    return error ? { ...verdict, state: 'outdated', error } : verdict
  })
}

/** A request to send a document once more ends with its item, where that is not to be sent. */
async function endRequests(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  type: RecordType,
  verdicts: readonly DocumentVerdict[],
): Promise<void> {
  const ended = verdicts.flatMap(({ recordType, recordId, status }) =>
    recordType === type && status === 'cancelled' ? recordId : [],
  )
  const waiting = await findWaiting(tx, companyId, connectionId, type, ended)
  const others = [...waiting.values()].map(({ id }) => id)
  await forgetRequest(tx, companyId, connectionId, type, ended, others)
}

/** Queue item, record and error list of each document, in the caller's transaction. */
export async function settleDocuments(
  tx: Db,
  context: JobContext,
  judged: readonly DocumentVerdict[],
  now: string,
): Promise<void> {
  const linked = judged.map((verdict) => ({ ...verdict, error: shown(context, verdict) }))
  const verdicts = await asRecordsSay(tx, context, linked)
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  const settlements: Settlement[] = verdicts.map((verdict) => ({
    itemId: verdict.queueItemId,
    status: verdict.status,
    // An item that is done, and leaves something to be said, is told by its record alone.
    error: verdict.status === 'synced' ? null : verdict.error,
    blockedBy: verdict.blockedBy,
    attempted: verdict.attempted,
    nextStepAt: verdict.nextStepAt ?? null,
    refused: verdict.refused ?? null,
  }))
  await settleItems(tx, companyId, settlements, now)
  for (const type of new Set(verdicts.map((verdict) => verdict.recordType))) {
    const changes = verdicts
      .filter((verdict) => verdict.recordType === type)
      .map((verdict) => ({
        id: verdict.recordId,
        state: verdict.state,
        error: verdict.error,
        synced: verdict.state === 'synced',
        nextStepAt: verdict.nextStepAt ?? null,
      }))
    await setSyncStates(tx, companyId, connectionId, type, changes, now)
    await endRequests(tx, context, type, verdicts)
  }
  const errors = verdicts.flatMap((verdict) =>
    verdict.error && !['locked', 'pending', 'cancelled', 'synced'].includes(verdict.status)
      ? {
          itemId: verdict.queueItemId,
          status: verdict.status,
          error: verdict.error,
          blockedBy: verdict.blockedBy,
        }
      : [],
  )
  await saveJobErrors(tx, companyId, connectionId, jobId, errors, now)
  const fine = verdicts.filter((verdict) => verdict.status === 'synced').map((verdict) => verdict.queueItemId)
  await clearJobErrors(tx, companyId, jobId, fine)
}
