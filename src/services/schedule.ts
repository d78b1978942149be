// Schedules. `next_run_at` in the database is the truth: ticks of any number of replicas find the due connections there,
// and each is served once, because it is looked at again in a transaction of its own that has the connection, and the slot
// is unique among the connection's jobs.

import type { Db } from '../db/tables.ts'
import { kindOfRun, runsNow } from '../domain/schedule.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { changeConnection, dueConnections, dueSlot, findConnection } from '../stores/connections.ts'
import { lastWholeRead } from '../stores/sync-jobs.ts'
import { alone } from './alone.ts'
import type { JobStarter } from './jobs.ts'
import { nextRunOf } from './next-run.ts'
import { loadSettings } from './settings.ts'

const perTick = 50
const afterFailureMs = 15 * 60_000

export type ScheduleService = ReturnType<typeof scheduleService>

export function scheduleService(deps: { db: Db; clock: Clock; startJob: JobStarter; log: Logger }) {
  const { db, clock, startJob, log } = deps

  /** False when another replica was quicker, or no job could be created. */
  async function serve(companyId: string, id: string): Promise<boolean> {
    return alone(db, id, async (tx) => {
      const now = clock.now()
      const slot = await dueSlot(tx, id, now.toISOString())
      if (slot === null) return false
      const connection = await findConnection(tx, companyId, id)
      const { settings } = await loadSettings(tx, companyId, id)
      let isCreated = false
      if (runsNow(settings.schedule, new Date(slot), now)) {
        const kind = kindOfRun(settings.schedule, await lastWholeRead(tx, companyId, id), now)
        const job = await startJob(tx, companyId, id, { kind, trigger: 'schedule', slot })
        isCreated = job !== null
        log.info(
          { connectionId: id, slot, jobId: job?.id ?? null },
          job ? 'scheduled job created' : 'scheduled time skipped',
        )
      }
      const nextRunAt = nextRunOf(settings, connection?.organisation?.timezone ?? null, now)
      await changeConnection(tx, companyId, id, ['active'], { nextRunAt }, now.toISOString())
      return isCreated
    })
  }

  return {
    /** Creates the jobs that are due. A connection whose job is not finished yet lets the slot pass. */
    async tick(): Promise<number> {
      let created = 0
      for (const { companyId, id } of await dueConnections(db, clock.now().toISOString(), perTick)) {
        try {
          if (await serve(companyId, id)) created += 1
        } catch (error) {
          // One whose job cannot be created must not keep the others from theirs.
          log.error({ connectionId: id, error }, 'a scheduled job could not be created')
          // Nor may it be asked again each second, before all the others.
          const now = clock.now().toISOString()
          await changeConnection(db, companyId, id, ['active'], { nextRunAt: from(now, afterFailureMs) }, now)
        }
      }
      return created
    },
  }
}
