// What one step of a job works with, loaded once; and the two things every step must respect: the job's lease, and the
// counters that people watch.

import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { ReferenceData, Settings } from '../domain/settings/index.ts'
import type { JobProgress, TypeProgress } from '../domain/sync-job.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { enterForJob } from '../stores/connection-lock.ts'
import type { ConnectionRow } from '../stores/connections.ts'
import type { ClaimedJob } from '../stores/sync-jobs.ts'
import { alone } from './alone.ts'
import type { CallMeter } from './calls.ts'

export interface JobContext {
  readonly job: ClaimedJob
  readonly connection: ConnectionRow
  readonly settings: Settings
  readonly settingsVersion: number
  readonly reference: ReferenceData
  /** Counts the calls of this step. */
  readonly meter: CallMeter
  /** Changed in place; saved when the step ends. */
  readonly progress: JobProgress
  /** The document's page in the accounting system's own user interface; null while the organisation was not read. */
  readonly linkTo: (type: RecordType, remoteId: string) => string | null
}

export type StepResult =
  /** Go on with the next step; `first` are steps to do before it. */
  | { readonly kind: 'done'; readonly first?: readonly string[] }
  /** The same step again; `first` are steps to do before it. */
  | { readonly kind: 'again'; readonly first?: readonly string[] }
  | { readonly kind: 'wait'; readonly until: string; readonly reason: string }
  /** The other side did not answer properly: the step is tried again, after longer and longer pauses. */
  | { readonly kind: 'trouble'; readonly error: SyncError }
  | { readonly kind: 'fail'; readonly error: SyncError }

/** The claim was lost: another worker has the job, and this one must not change anything any more. */
export class LeaseLost extends Error {}

/** A transaction of the job: has the connection to itself, runs only while the claim holds, and keeps it until it ends. */
export function inJobTransaction<T>(db: Db, job: ClaimedJob, work: (tx: Db) => Promise<T>): Promise<T> {
  return alone(db, job.connectionId, work, async (tx) => {
    if (!(await enterForJob(tx, job.connectionId, job.id, job.epoch))) throw new LeaseLost(job.id)
  })
}

export function count(
  context: JobContext,
  type: RecordType | 'reference',
  field: keyof TypeProgress,
  by: number,
): void {
  context.progress[type][field] = Math.max(0, context.progress[type][field] + by)
}
