// Sync jobs: creation, reading, and the claim by which workers share them. A claim raises the epoch; whatever a worker
// saves names its epoch, so that one that lost its lease changes nothing.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../db/tables.ts'
import { type JobProgress, type JobStatus, type SyncJob, wholeProgress } from '../domain/sync-job.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Page, PageRequest } from '../lib/page.ts'
import { json } from './json.ts'
import { pageOfRows } from './pages.ts'

/** A job as its worker sees it. */
export interface ClaimedJob extends SyncJob {
  readonly companyId: string
  readonly epoch: number
  readonly steps: readonly string[]
  readonly troubles: number
}

const toJob = (row: Selectable<Tables['sync_jobs']>): SyncJob => ({
  id: row.id,
  connectionId: row.connection_id,
  status: row.status,
  kind: row.kind,
  trigger: row.trigger,
  waitingUntil: row.waiting_until,
  waitingReason: row.waiting_reason,
  cancelRequested: row.cancel_requested,
  progress: wholeProgress(row.progress),
  sentRequests: row.sent_requests,
  receivedResponses: row.received_responses,
  error: row.error,
  createdAt: row.created_at,
  startedAt: row.started_at,
  completedAt: row.completed_at,
})

export interface NewJob {
  readonly id: string
  readonly kind: SyncJob['kind']
  readonly trigger: SyncJob['trigger']
  /** Of a scheduled job: one job a slot. */
  readonly slot: string | null
  readonly steps: readonly string[]
  readonly progress: JobProgress
}

/** Null when the connection has an unfinished job, or the slot had its job already. */
export async function insertJob(
  db: Db,
  companyId: string,
  connectionId: string,
  job: NewJob,
  now: string,
): Promise<SyncJob | null> {
  const row = await db
    .insertInto('sync_jobs')
    .values({
      id: job.id,
      company_id: companyId,
      connection_id: connectionId,
      status: 'queued',
      kind: job.kind,
      trigger: job.trigger,
      slot: job.slot,
      steps: json(job.steps),
      progress: json(job.progress),
      last_served_at: now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  return row ? toJob(row) : null
}

const owned = (db: Db, companyId: string, connectionId: string) =>
  db.selectFrom('sync_jobs').selectAll().where('company_id', '=', companyId).where('connection_id', '=', connectionId)

export async function findJob(db: Db, companyId: string, connectionId: string, id: string): Promise<SyncJob | null> {
  const row = await owned(db, companyId, connectionId).where('id', '=', id).executeTakeFirst()
  return row ? toJob(row) : null
}

export async function findUnfinishedJob(db: Db, companyId: string, connectionId: string): Promise<SyncJob | null> {
  const row = await owned(db, companyId, connectionId).where('completed_at', 'is', null).executeTakeFirst()
  return row ? toJob(row) : null
}

/** When everything was last read: by the last full job that completed, else by the first job at all. Null before that. */
export async function lastWholeRead(db: Db, companyId: string, connectionId: string): Promise<string | null> {
  const completed = owned(db, companyId, connectionId).where('status', 'in', ['completed', 'completed_with_errors'])
  const row =
    (await completed.where('kind', '=', 'full').orderBy('id', 'desc').limit(1).executeTakeFirst()) ??
    (await completed.orderBy('id').limit(1).executeTakeFirst())
  return row?.created_at ?? null
}

/** Newest first. */
export async function listJobs(
  db: Db,
  companyId: string,
  connectionId: string,
  page: PageRequest,
): Promise<Page<SyncJob>> {
  const rows = owned(db, companyId, connectionId)
    .$if(page.after !== null, (query) => query.where('id', '<', String(page.after?.[0])))
    .orderBy('id', 'desc')
  return pageOfRows(db, rows, {
    limit: page.limit,
    order: sql`id DESC`,
    long: ['progress', 'error', 'steps'],
    toItem: toJob,
    positionOf: (row) => [row.id],
  })
}

const askToEnd = (db: Db, companyId: string, connectionId: string) =>
  db
    .updateTable('sync_jobs')
    .set({ cancel_requested: true, waiting_until: null })
    .where('company_id', '=', companyId)
    .where('connection_id', '=', connectionId)
    .where('completed_at', 'is', null)

/** Asks a job to end and wakes it; false when it has ended. */
export async function requestCancel(db: Db, companyId: string, connectionId: string, id: string): Promise<boolean> {
  const result = await askToEnd(db, companyId, connectionId).where('id', '=', id).executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Asks the unfinished job of a connection, if there is one, to end for this reason, which the job then shows. */
export async function cancelUnfinished(
  db: Db,
  companyId: string,
  connectionId: string,
  reason: SyncError,
): Promise<void> {
  await askToEnd(db, companyId, connectionId)
    .set({ error: json(reason) })
    .execute()
}

/** Jobs of an organisation that wait for its limits go on at once. */
export async function wakeThrottled(db: Db, organisationId: string): Promise<void> {
  await db
    .updateTable('sync_jobs')
    .set({ waiting_until: null })
    .where('completed_at', 'is', null)
    .where('waiting_reason', '=', 'throttled')
    .where('connection_id', 'in', (connections) =>
      connections.selectFrom('connections').select('id').where('organisation_id', '=', organisationId),
    )
    .execute()
}

/** Takes the least recently (then least often) served job that is due, of whatever company; other workers pass it by. */
export async function claimJob(db: Db, owner: string, now: string, leaseUntil: string): Promise<ClaimedJob | null> {
  const rows = await sql<Selectable<Tables['sync_jobs']>>`
    UPDATE sync_jobs SET lease_owner = ${owner}, lease_until = ${leaseUntil}::timestamptz, epoch = epoch + 1,
      started_at = coalesce(started_at, ${now}::timestamptz)
    WHERE id = (
      SELECT id FROM sync_jobs
      WHERE completed_at IS NULL AND (lease_until IS NULL OR lease_until < ${now}::timestamptz)
        AND (waiting_until IS NULL OR waiting_until <= ${now}::timestamptz)
      ORDER BY last_served_at, epoch FOR UPDATE SKIP LOCKED LIMIT 1)
    RETURNING *`.execute(db)
  const row = rows.rows[0]
  return row
    ? {
        ...toJob(row),
        companyId: row.company_id,
        epoch: row.epoch,
        steps: row.steps,
        troubles: row.troubles,
      }
    : null
}

/** Keeps a claim alive; false when it was lost. */
export async function extendLease(db: Db, id: string, epoch: number, leaseUntil: string): Promise<boolean> {
  const result = await db
    .updateTable('sync_jobs')
    .set({ lease_until: leaseUntil })
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('lease_owner', 'is not', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Locks the job's row for the transaction, if the claim still holds. */
export async function holdsLease(tx: Db, id: string, epoch: number): Promise<boolean> {
  const row = await tx
    .selectFrom('sync_jobs')
    .select('id')
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('lease_owner', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

export interface JobSave {
  readonly status: JobStatus
  readonly steps: readonly string[]
  readonly progress: JobProgress
  readonly sentRequests: number
  readonly receivedResponses: number
  readonly troubles: number
  readonly error: SyncError | null
  /** The job fails because its connection is lost. */
  readonly isLost?: boolean
  readonly waitingUntil: string | null
  readonly waitingReason: string | null
  readonly completedAt: string | null
}

/** The error that a job shows: why it failed, or why it is to be cancelled. */
function shownError({ status, error, isLost }: JobSave): RawBuilder<string | null> {
  if (status === 'completed' || status === 'completed_with_errors') return sql`NULL`
  const own = sql<string | null>`${error ? json(error) : null}::jsonb`
  return error && !isLost ? own : sql`CASE WHEN cancel_requested THEN error ELSE ${own} END`
}

/**
 * Saves where the job stands and gives the claim back; returns the status that it has now, and null when the claim was lost:
 * then nothing changed.
 */
export async function saveJob(
  db: Db,
  id: string,
  epoch: number,
  save: JobSave,
  now: string,
): Promise<JobStatus | null> {
  const row = await db
    .updateTable('sync_jobs')
    .set({
      // A cancellation that came during the turn is why the connection was lost to it: the job did not fail.
      status: save.isLost ? sql<JobStatus>`CASE WHEN cancel_requested THEN 'cancelled' ELSE 'failed' END` : save.status,
      steps: json(save.steps),
      progress: json(save.progress),
      sent_requests: save.sentRequests,
      received_responses: save.receivedResponses,
      troubles: save.troubles,
      error: shownError(save),
      // A cancellation that came meanwhile must not wait for what the job would have waited for. Once it was carried out,
      // all that is left is settling outcomes, and that takes the time it takes.
      waiting_until: sql<
        string | null
      >`CASE WHEN cancel_requested AND ${json(save.steps)}::jsonb <> '["settle"]' THEN NULL ELSE ${save.waitingUntil}::timestamptz END`,
      waiting_reason: save.waitingReason,
      completed_at: save.completedAt,
      lease_owner: null,
      lease_until: null,
      last_served_at: now,
    })
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('lease_owner', 'is not', null)
    .returning('status')
    .executeTakeFirst()
  return row?.status ?? null
}

/** When the next waiting job or abandoned lease is due, for a worker with nothing to do. */
export async function nextJobDueAt(db: Db): Promise<string | null> {
  const row = await db
    .selectFrom('sync_jobs')
    .select(
      sql<string | null>`min(greatest(coalesce(waiting_until, '-infinity'), coalesce(lease_until, '-infinity')))`.as(
        'due',
      ),
    )
    .where('completed_at', 'is', null)
    .executeTakeFirst()
  return row?.due ?? null
}
