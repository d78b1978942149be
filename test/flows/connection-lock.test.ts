// A job's transaction has its connection to itself: as long as a request has it, the job waits. Only PostgreSQL shows it.
import { sql } from 'kysely'
import t from 'tap'
import { inTransaction } from '../../src/db/transaction.ts'
import { inJobTransaction } from '../../src/services/job-context.ts'
import { lockConnection } from '../../src/stores/connection-lock.ts'
import { claimJob } from '../../src/stores/sync-jobs.ts'
import { databaseKind } from '../support/database.ts'
import { openWorld } from '../support/house.ts'
import { openTenant } from '../support/tenant.ts'

t.test(
  'given a request that has the connection, when a job begins a transaction, then it waits for the end of the request',
  { skip: databaseKind !== 'postgres' && 'one connection, so no two transactions overlap' },
  async (t) => {
    const world = await openWorld(t)
    const { db } = world.database
    const tenant = await openTenant(world, 'locked')
    await tenant.startJob()
    const now = world.clock.now().toISOString()
    const job = await claimJob(db, 'worker', now, new Date(Date.parse(now) + 60_000).toISOString())
    if (!job) throw new Error('no job is due')
    const order: string[] = []
    let jobEnds: Promise<unknown> = Promise.resolve()
    await inTransaction(db, async (tx) => {
      await lockConnection(tx, tenant.connectionId)
      jobEnds = inJobTransaction(db, job, async () => void order.push('job'))
      const isWaiting = async (): Promise<boolean> => {
        const { rows } = await sql`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(tx)
        return rows.length > 0
      }
      while (order.length === 0 && !(await isWaiting()));
      order.push('request')
    })
    await jobEnds
    t.strictSame(order, ['request', 'job'])
  },
)
