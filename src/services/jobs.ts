// Sync jobs as people and the schedule see them: create, read, cancel. What a job does is in job-steps.ts.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import { type SyncJob, wholeProgress } from '../domain/sync-job.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { listJobErrors } from '../stores/job-errors.ts'
import { lockForJob } from '../stores/queue-locking.ts'
import { findJob, findUnfinishedJob, insertJob, listJobs, requestCancel } from '../stores/sync-jobs.ts'
import { alone } from './alone.ts'
import { requireActiveConnection, requireConnection } from './connections.ts'
import type { JobService } from './contract.ts'
import { stepsOfJob } from './job-plan.ts'

/** Creates a job and locks the waiting queue items to it, in a transaction that has the connection; null when it may not run now. */
export type JobStarter = (
  tx: Db,
  companyId: string,
  connectionId: string,
  input: { kind: SyncJob['kind']; trigger: SyncJob['trigger']; slot: string | null },
) => Promise<SyncJob | null>

export function jobStarter(deps: { clock: Clock; newId: NewId; provider: AccountingProvider }): JobStarter {
  const { clock, newId, provider } = deps
  return async (tx, companyId, connectionId, input) => {
    const now = clock.now().toISOString()
    const id = newId()
    const steps = stepsOfJob(provider.referenceCalls.length)
    const job = await insertJob(tx, companyId, connectionId, { id, ...input, steps, progress: wholeProgress({}) }, now)
    if (job) await lockForJob(tx, companyId, connectionId, id, null, now)
    return job
  }
}

export function jobService(deps: {
  db: Db
  startJob: JobStarter
  /** Tells the worker of this process that there is something to do. */
  wake: () => void
}): JobService {
  const { db, startJob, wake } = deps

  async function requireJob(companyId: string, connectionId: string, jobId: string): Promise<SyncJob> {
    await requireConnection(db, companyId, connectionId)
    const job = await findJob(db, companyId, connectionId, jobId)
    if (!job) throw problem('not_found', `There is no sync job ${jobId}.`)
    return job
  }

  return {
    async create(companyId, connectionId, input) {
      const job = await alone(db, connectionId, async (tx) => {
        await requireActiveConnection(tx, companyId, connectionId)
        return startJob(tx, companyId, connectionId, { kind: input.kind, trigger: 'manual', slot: null })
      })
      if (job) {
        wake()
        return job
      }
      const unfinished = await findUnfinishedJob(db, companyId, connectionId)
      throw problem('job_in_progress', 'This connection has an unfinished sync job.', {
        extra: unfinished ? { jobId: unfinished.id } : {},
      })
    },

    async list(companyId, connectionId, page) {
      await requireConnection(db, companyId, connectionId)
      return listJobs(db, companyId, connectionId, page)
    },

    get: requireJob,

    async cancel(companyId, connectionId, jobId) {
      const job = await requireJob(companyId, connectionId, jobId)
      if (!(await requestCancel(db, companyId, connectionId, jobId))) {
        throw problem('invalid_state_transition', `The job has ended: ${job.status}.`)
      }
      return requireJob(companyId, connectionId, jobId)
    },

    async errors(companyId, connectionId, jobId, page) {
      await requireJob(companyId, connectionId, jobId)
      return listJobErrors(db, companyId, connectionId, jobId, page)
    },
  }
}
