// Readiness: may this process be sent requests? Never asks Xero, whose trouble is no reason to take the service down.
import { isSchemaCurrent } from '../db/migrate.ts'
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { pingDatabase } from '../stores/ping.ts'
import type { HealthService } from './contract.ts'

const pingWithinMs = 1_000
const askedEveryMs = 1_000

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
  clock: Clock
  isFull: () => string | null
  isDraining: () => boolean
  /** Why the encryption keys are wrong, where the start could not find that out; null where it did. */
  keyCheck: (() => Promise<string | null>) | null
}): HealthService {
  const { db, clock, isFull, isDraining, keyCheck } = deps
  let schemaIsCurrent = false
  let asked: { readonly at: number; readonly answer: Promise<boolean> } | null = null

  /** Asked once a second at most, however often readiness is: nobody without a key makes the database busy. */
  function databaseAnswers(): Promise<boolean> {
    const at = clock.uptime()
    if (asked === null || at - asked.at >= askedEveryMs) asked = { at, answer: withinTime(pingDatabase(db)) }
    return asked.answer
  }

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
      const database = await databaseAnswers()
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
