// Schedules. `next_run_at` in the database is the truth: ticks of any number of replicas find the due connections there,
// and each is served once, because the row is locked and the slot is unique among the connection's jobs.

import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { runsNow } from '../domain/schedule.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { changeConnection, findConnection, hasDueConnection, lockDueConnections } from '../stores/connections.ts'
import type { JobStarter } from './jobs.ts'
import { nextRunOf } from './next-run.ts'
import { loadSettings } from './settings.ts'

const perTick = 50

export type ScheduleService = ReturnType<typeof scheduleService>

export function scheduleService(deps: { db: Db; clock: Clock; startJob: JobStarter; log: Logger }) {
  const { db, clock, startJob, log } = deps
  return {
    /** Creates the jobs that are due. A connection whose job is not finished yet lets the slot pass. */
    async tick(): Promise<number> {
      const now = clock.now()
      if (!(await hasDueConnection(db, now.toISOString()))) return 0
      return inTransaction(db, async (tx) => {
        const due = await lockDueConnections(tx, now.toISOString(), perTick)
        let created = 0
        for (const { companyId, id, slot } of due) {
          const connection = await findConnection(tx, companyId, id)
          const { settings } = await loadSettings(tx, companyId, id)
          if (runsNow(settings.schedule, new Date(slot), now)) {
            const job = await startJob(tx, companyId, id, { kind: 'incremental', trigger: 'schedule', slot })
            if (job) created += 1
            log.info(
              { connectionId: id, slot, jobId: job?.id ?? null },
              job ? 'scheduled job created' : 'slot passed over',
            )
          }
          const nextRunAt = nextRunOf(settings, connection?.organisation?.timezone ?? null, now)
          await changeConnection(tx, companyId, id, ['active'], { nextRunAt }, now.toISOString())
        }
        return created
      })
    },
  }
}
