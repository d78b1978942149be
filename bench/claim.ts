// Whether the queries that run all the time grow with what lies behind: finished jobs and settled queue items.
import { sql } from 'kysely'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openDatabase } from '../src/db/open.ts'
import type { Db } from '../src/db/tables.ts'
import { wholeProgress } from '../src/domain/sync-job.ts'
import { idGenerator } from '../src/lib/ids.ts'
import { insertConnection } from '../src/stores/connections.ts'
import { lockedItems, lockForJob } from '../src/stores/queue-locking.ts'
import { openQueueItems } from '../src/stores/queue-waiting.ts'
import { claimJob, insertJob, nextJobDueAt, saveJob } from '../src/stores/sync-jobs.ts'
import { type Benchmark, compare, type Figure, ratio } from './support.ts'

const now = '2026-11-25T02:00:00.000Z'
const later = '2026-11-25T02:01:00.000Z'
const companyId = 'acme'
const progress = wholeProgress({})

/** Finished jobs, and synced items in them, for the connections in turn. */
async function addHistory(db: Db, length: number): Promise<void> {
  await sql`
    INSERT INTO sync_jobs (id, company_id, connection_id, status, kind, trigger, steps, progress, last_served_at, created_at, completed_at)
    SELECT gen_random_uuid(), ${companyId}, (SELECT id FROM connections ORDER BY id OFFSET n % 20 LIMIT 1), 'completed', 'incremental',
      'manual', '[]', ${JSON.stringify(progress)}::jsonb, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
    FROM generate_series(1, ${length}::int4) n`.execute(db)
  await sql`
    INSERT INTO sync_queue_items (id, company_id, connection_id, record_type, record_id, action, status, job_id, created_at, updated_at)
    SELECT gen_random_uuid(), ${companyId}, (SELECT id FROM connections ORDER BY id OFFSET n % 20 LIMIT 1), 'invoice', 'old-' || n, 'create',
      'synced', gen_random_uuid(), ${now}::timestamptz, ${now}::timestamptz
    FROM generate_series(1, ${length}::int4) n`.execute(db)
  await sql`ANALYZE`.execute(db)
}

interface History {
  readonly db: Db
  readonly jobId: string
  close(): Promise<void>
}

/** 20 connections with an unfinished job each, 200 locked items of the first one, and so much history. */
async function withHistory(length: number): Promise<History> {
  const database = await openDatabase({ kind: 'memory' })
  const { db } = database
  await migrateToLatest(db)
  const newId = idGenerator(() => Date.parse(now))
  const connections = Array.from({ length: 20 }, () => ({ id: newId(), jobId: newId() }))
  for (const { id, jobId } of connections) {
    await insertConnection(db, companyId, id, now)
    const job = { id: jobId, kind: 'incremental', trigger: 'manual', slot: null, steps: ['settle'], progress } as const
    await insertJob(db, companyId, id, job, now)
  }
  const { id = '', jobId = '' } = connections[0] ?? {}
  const requests = Array.from({ length: 200 }, (_, n) => {
    return { itemId: newId(), recordId: `open-${n}`, recordName: null, action: 'create' as const }
  })
  await openQueueItems(db, companyId, id, 'invoice', requests, now)
  await lockForJob(db, companyId, id, jobId, null, now)
  await addHistory(db, length)
  return { db, jobId, close: database.close }
}

async function claimAndGiveBack({ db }: History): Promise<void> {
  const job = await claimJob(db, 'bench', now, later)
  if (!job) throw new Error('no job was due')
  await saveJob(
    db,
    job.id,
    job.epoch,
    { ...job, waitingUntil: null, waitingReason: null, completedAt: null, error: null },
    now,
  )
}

async function nextItems({ db, jobId }: History): Promise<void> {
  const items = await lockedItems(db, companyId, jobId, 'invoice', false, 50)
  if (items.length !== 50) throw new Error('items are missing')
}

export const claiming: Benchmark = {
  title: 'Claiming work beside a long history',
  method:
    'Two embedded databases in memory, each with 20 connections with an unfinished job each and 200 locked items of one of them; behind them ' +
    '1,000 and 50,000 finished jobs and as many settled queue items. Processor time, median of 300 rounds.',
  async run() {
    const short = await withHistory(1_000)
    const long = await withHistory(50_000)
    const queries: readonly [string, (history: History) => Promise<unknown>][] = [
      ['claim and give back a job, 50,000 / 1,000', claimAndGiveBack],
      ['when the next job is due, 50,000 / 1,000', ({ db }) => nextJobDueAt(db)],
      ['the next 50 items of a job, 50,000 / 1,000', nextItems],
    ]
    const figures: Figure[] = []
    for (const [what, query] of queries) {
      const times = await compare({ short: () => query(short), long: () => query(long) }, 300)
      figures.push({ what, value: ratio(times.long, times.short), meaning: '1 means that history costs nothing' })
    }
    await short.close()
    await long.close()
    return figures
  },
}
