// Readiness: may this process be sent requests? Never asks Xero, whose trouble is no reason to take the service down.
import { isSchemaCurrent } from '../db/migrate.ts'
import type { Db } from '../db/tables.ts'
import { pingDatabase } from '../stores/ping.ts'
import type { HealthService } from './contract.ts'

const pingWithinMs = 1_000

const withinTime = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((done) => setTimeout(done, pingWithinMs, false).unref()),
  ])

export function healthService(deps: { db: Db; isDraining: () => boolean }): HealthService {
  const { db, isDraining } = deps
  let schemaIsCurrent = false
  return {
    async ready() {
      const database = await withinTime(pingDatabase(db))
      if (database && !schemaIsCurrent) schemaIsCurrent = await isSchemaCurrent(db).catch(() => false)
      const draining = isDraining()
      return {
        ready: database && schemaIsCurrent && !draining,
        checks: {
          database: { ok: database, detail: database ? 'answers' : 'does not answer within a second' },
          schema: { ok: schemaIsCurrent, detail: schemaIsCurrent ? 'current' : 'run "npm run migrate"' },
          draining: { ok: !draining, detail: draining ? 'shutting down' : 'serving' },
        },
      }
    },
  }
}
