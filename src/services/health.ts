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

export function healthService(deps: {
  db: Db
  isFull: () => string | null
  isDraining: () => boolean
  /** Why the encryption keys are wrong, where the start could not find that out; null where it did. */
  keyCheck: (() => Promise<string | null>) | null
}): HealthService {
  const { db, isFull, isDraining, keyCheck } = deps
  let schemaIsCurrent = false
  let keysAreRight = keyCheck === null

  /** What is wrong with the keys; null when nothing is. Asked only while the schema has the table of their checks. */
  async function wrongKeys(): Promise<string | null> {
    if (keysAreRight || !keyCheck) return null
    const wrong = await keyCheck().catch(() => 'could not be checked')
    keysAreRight = wrong === null
    return wrong
  }

  return {
    async ready() {
      const database = await withinTime(pingDatabase(db))
      if (database && !schemaIsCurrent) schemaIsCurrent = await isSchemaCurrent(db).catch(() => false)
      const keys = database && schemaIsCurrent ? await wrongKeys() : keysAreRight ? null : 'not checked yet'
      const draining = isDraining()
      const full = isFull()
      const stores = database && full === null
      const detail = full === null ? 'answers' : `stores nothing: disk or memory is used up (${full})`
      return {
        ready: stores && schemaIsCurrent && keys === null && !draining,
        checks: {
          database: { ok: stores, detail: database ? detail : 'does not answer within a second' },
          schema: { ok: schemaIsCurrent, detail: schemaIsCurrent ? 'current' : 'run "npm run migrate"' },
          encryptionKeys: { ok: keys === null, detail: keys ?? 'right' },
          draining: { ok: !draining, detail: draining ? 'shutting down' : 'serving' },
        },
      }
    },
  }
}
