// One turn of a job: its next step that needs a call is done, with those before it that need none, and where it stands is
// saved. A turn is at most four batches or one page, so a connection with a hundred thousand items never holds up another;
// and all that is left to do is in the database, so any worker can go on with it.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { recordTypes } from '../domain/entity-types.ts'
import { isLoss, syncError } from '../domain/sync-errors.ts'
import type { SyncJob } from '../domain/sync-job.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { countJobErrors } from '../stores/job-errors.ts'
import { countLockedByType, openKinds } from '../stores/locked-counts.ts'
import { releaseLocked } from '../stores/queue-locking.ts'
import { type ClaimedJob, claimJob, extendLease, nextJobDueAt, saveJob } from '../stores/sync-jobs.ts'
import { openBatches } from '../stores/write-batches.ts'
import type { Exporter } from './export.ts'
import { outdatedList, readsBeforeExport, readsWhole } from './fresh-lists.ts'
import { areListsFresh } from './idle-jobs.ts'
import type { Importer } from './import.ts'
import { inJobTransaction, type JobContext, LeaseLost, type StepResult } from './job-context.ts'
import { parseStep, type Step, statusOf } from './job-plan.ts'
import type { ReferenceReader } from './reference.ts'
import type { Remover } from './removal.ts'
import { loadSurroundings } from './settings.ts'
import type { UncertainResolver } from './uncertain.ts'

/** A claim ends by itself after this time: a dead worker's job goes on elsewhere. */
const leaseMs = 60_000
const firstPauseMs = 5_000
const longestPauseMs = 60_000
/** Longer than it takes to find out what became of a write. */
const longWaitMs = 15 * 60_000
/** After so many faults of our own in a row, troubles of Xero not counted, a job ends: waiting does not mend what is wrong. */
const faultsAtMost = 8

export type JobRunner = ReturnType<typeof jobRunner>

export function jobRunner(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  owner: string
  exportStep: Exporter
  removeStep: Remover
  settleStep: UncertainResolver
  importer: Importer
  readReference: ReferenceReader
  log: Logger
}) {
  const { db, clock, provider, owner, exportStep, removeStep, settleStep, importer, readReference, log } = deps
  const at = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds).toISOString()
  const now = () => at(0)

  async function perform(context: JobContext, step: Step): Promise<StepResult> {
    switch (step.kind) {
      case 'settle':
        return settleStep(context)
      case 'reference':
        return readReferenceLists(context, step.call)
      case 'match':
        return { kind: 'done', first: readsBeforeExport(context) }
      case 'export':
        return exportStep(context, step.type)
      case 'remove':
        return removeStep(context, step.type)
      case 'read':
        return step.list === 'contacts'
          ? importer.readContacts(context, readsWhole(context, 'contacts'))
          : importer.readItems(context, readsWhole(context, 'items'))
      case 'reread':
        return step.list === 'contacts' ? importer.readContacts(context, false) : importer.readItems(context, false)
      case 'recheck':
        return importer.recheck(context, step)
      case 'sweep':
        return importer.sweepItems(context, step.second)
      case 'assign':
        return importer.assign(context, step.type)
    }
  }

  async function readReferenceLists(context: JobContext, call: number): Promise<StepResult> {
    const wanted: Readonly<Record<string, boolean>> = context.settings.company.lists
    const names = (provider.referenceCalls[call] ?? []).filter((name) => wanted[name] !== false)
    if (names.length === 0 || (await areListsFresh(db, context, names, clock.now()))) return { kind: 'done' }
    const read = await readReference(context.connection, names, { meter: context.meter })
    switch (read.kind) {
      case 'ok':
        break
      case 'wait':
        return { kind: 'wait', until: read.until, reason: read.error.code }
      case 'unknown':
        return { kind: 'trouble', error: read.error }
      default:
        return { kind: 'fail', error: read.error }
    }
    const organisation = read.value.organisation?.[0]
    if (organisation && context.settings.company.demoCompanyOnly && !organisation.isDemoCompany) {
      return { kind: 'fail', error: syncError('wrong_organisation') }
    }
    return { kind: 'done' }
  }

  /** Takes a job that is due and does one turn of it. False when there is none. */
  async function turn(): Promise<boolean> {
    const job = await claimJob(db, owner, now(), at(leaseMs))
    if (!job) return false
    const turnEnds = new AbortController()
    void keepLease(job, turnEnds.signal)
    try {
      await serve(job)
    } catch (error) {
      if (error instanceof LeaseLost) log.warn({ jobId: job.id }, 'the job went to another worker')
      else await giveBack(job, error)
    } finally {
      turnEnds.abort()
    }
    return true
  }

  async function keepLease(job: ClaimedJob, turnEnds: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(leaseMs / 3, turnEnds)
      if (turnEnds.aborted) return
      await extendLease(db, job.id, job.epoch, at(leaseMs)).catch((error: unknown) => {
        log.warn({ jobId: job.id, error }, 'the lease of a job could not be extended')
      })
    }
  }

  async function serve(job: ClaimedJob): Promise<void> {
    const surroundings = await loadSurroundings(db, job.companyId, job.connectionId)
    if (!surroundings) throw new Error(`job ${job.id} has no connection`)
    const { connection } = surroundings
    const meter = { sent: 0, received: 0 }
    const progress = structuredClone(job.progress)
    if (job.startedAt === null || job.status === 'queued') await countQueued(job, progress)
    const shortCode = connection.organisation?.shortCode ?? null
    const linkTo: JobContext['linkTo'] = (type, remoteId) => provider.deepLink(type, remoteId, shortCode)
    const context: JobContext = { ...surroundings, job, meter, progress, linkTo }
    if (connection.status !== 'active') {
      const lost = () => failure(context, syncError('disconnected'))
      return save(context, job.cancelRequested ? await completion(context) : await lost())
    }
    if (job.cancelRequested && (job.steps[0] !== 'settle' || job.steps.length > 1)) {
      await inJobTransaction(db, job, (tx) => releaseLocked(tx, job.companyId, job.id, now()))
      // What may have been written already is still found out: a cancelled job leaves nothing uncertain behind.
      return save(context, { status: 'exporting', steps: ['settle'] })
    }
    await save(context, await advance(context, job.steps))
  }

  /** Does steps up to the first one that called the accounting system or could not be ended. */
  async function advance(context: JobContext, steps: readonly string[]): Promise<Next> {
    const left = await withoutIdleSteps(context, steps)
    const [first] = left
    if (first === undefined) return completion(context)
    const step = parseStep(first)
    const outdated = await outdatedList(db, context, { step, now: clock.now() })
    if (outdated) return advance(context, [`reread:${outdated}`, `recheck:${outdated}`, ...left])
    const result = await perform({ ...context, job: { ...context.job, steps: left } }, step)
    count(context, step)
    if (result.kind !== 'done' || context.meter.sent > 0) return after(context, left, result)
    return advance(context, [...(result.first ?? []), ...left.slice(1)])
  }

  /** Most jobs have records of a type or two: the steps that would look for others in vain are passed over, by one look. */
  async function withoutIdleSteps({ job }: JobContext, steps: readonly string[]): Promise<readonly string[]> {
    const isWriting = (step: string) => step.startsWith('export:') || step.startsWith('remove:')
    if (!steps[0] || !isWriting(steps[0])) return steps
    const open = await openKinds(db, job.companyId, job.id)
    const next = steps.findIndex((step) => !isWriting(step) || open.has(step))
    return next < 0 ? [] : steps.slice(next)
  }

  /** Queue items by type that the job took when it was created. */
  async function countQueued(job: ClaimedJob, progress: JobContext['progress']): Promise<void> {
    const locked = await countLockedByType(db, job.companyId, job.id)
    for (const type of recordTypes) progress[type].queued = locked[type] ?? 0
  }

  function count({ meter, progress }: JobContext, step: Step): void {
    const type =
      'type' in step ? step.type : 'list' in step ? (step.list === 'items' ? 'item' : 'customer') : 'reference'
    progress[type].calls += meter.sent
  }

  type Next = Partial<Parameters<typeof saveJob>[3]> & Pick<SyncJob, 'status'> & { steps: readonly string[] }

  async function after(context: JobContext, steps: readonly string[], result: StepResult): Promise<Next> {
    const left = (rest: readonly string[]): Next => ({ status: statusOf(rest), steps: rest })
    switch (result.kind) {
      case 'done': {
        const rest = [...(result.first ?? []), ...steps.slice(1)]
        return rest.length > 0 ? left(rest) : completion(context)
      }
      case 'again':
        return left([...(result.first ?? []), ...steps])
      case 'wait':
        if (steps[0] !== 'settle' && (await hasTimeToSettle(context, result.until))) return left(['settle', ...steps])
        return { status: 'waiting', steps, waitingUntil: result.until, waitingReason: result.reason }
      case 'trouble': {
        const troubles = context.job.troubles + 1
        const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (troubles - 1))
        const waiting = { waitingUntil: at(pause), waitingReason: result.error.code }
        return { status: 'waiting', steps, troubles, ...waiting }
      }
      case 'fail':
        return failure(context, result.error)
    }
  }

  /** A long wait, for the next day perhaps: what became of earlier writes is found out meanwhile, by calls kept for that. */
  async function hasTimeToSettle({ job }: JobContext, until: string): Promise<boolean> {
    return until > at(longWaitMs) && (await openBatches(db, job.companyId, job.connectionId)).length > 0
  }

  async function failure({ job }: JobContext, error: SyncError): Promise<Next> {
    await inJobTransaction(db, job, (tx) => releaseLocked(tx, job.companyId, job.id, now()))
    return { status: 'failed', steps: [], error, isLost: isLoss(error), completedAt: now() }
  }

  async function completion({ job }: JobContext): Promise<Next> {
    await inJobTransaction(db, job, (tx) => releaseLocked(tx, job.companyId, job.id, now()))
    if (job.cancelRequested) return { status: 'cancelled', steps: [], completedAt: now() }
    const errors = await countJobErrors(db, job.companyId, job.id)
    return { status: errors > 0 ? 'completed_with_errors' : 'completed', steps: [], completedAt: now() }
  }

  async function save({ job, meter, progress }: JobContext, next: Next): Promise<void> {
    const saved = await saveJob(
      db,
      job.id,
      job.epoch,
      {
        progress,
        sentRequests: job.sentRequests + meter.sent,
        receivedResponses: job.receivedResponses + meter.received,
        troubles: 0,
        error: null,
        waitingUntil: null,
        waitingReason: null,
        completedAt: null,
        ...next,
      },
      now(),
    )
    if (!saved) throw new LeaseLost(job.id)
    if (next.completedAt) {
      log.info(
        { jobId: job.id, connectionId: job.connectionId, status: saved, code: next.error?.code },
        'sync job ended',
      )
    }
  }

  /** A fault of our own: the job waits and is tried again, so that a passing one (the database was away) costs nothing. */
  async function giveBack(job: ClaimedJob, error: unknown): Promise<void> {
    log.error({ jobId: job.id, error }, 'a turn of a sync job failed')
    const troubles = (job.waitingReason === 'internal' ? job.troubles : 0) + 1
    const lasting = troubles >= faultsAtMost
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (troubles - 1))
    if (lasting) await inJobTransaction(db, job, (tx) => releaseLocked(tx, job.companyId, job.id, now()))
    await saveJob(
      db,
      job.id,
      job.epoch,
      {
        status: lasting ? 'failed' : 'waiting',
        steps: job.steps,
        progress: job.progress,
        sentRequests: job.sentRequests,
        receivedResponses: job.receivedResponses,
        troubles,
        error: lasting ? syncError('internal') : null,
        waitingUntil: lasting ? null : at(pause),
        waitingReason: lasting ? null : 'internal',
        completedAt: lasting ? now() : null,
      },
      now(),
    )
  }

  return { turn, nextDueAt: () => nextJobDueAt(db) }
}
