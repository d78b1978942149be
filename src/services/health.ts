// Readiness: may this process be sent requests? Never asks Xero, whose trouble is no reason to take the service down.
import { isSchemaCurrent } from '../db/migrate.ts'
import type { Db } from '../db/tables.ts'
import type { Clock } from '../lib/clock.ts'
import { type DatabaseTrouble, databaseTrouble, describeTrouble } from '../lib/database-trouble.ts'
import { pingForWriting } from '../stores/ping.ts'
import type { HealthService } from './contract.ts'

const pingWithinMs = 1_000
const askedEveryMs = 1_000

interface Found {
  readonly answers: boolean
  /** Why it cannot be used; null: it can. */
  readonly trouble: string | null
}
interface State extends Found {
  readonly schemaIsCurrent: boolean
  /** The fault of the encryption keys; null: none. */
  readonly keys: string | null
}
const inOrder: Found = { answers: true, trouble: null }

function foundBy(error: unknown): Found {
  const trouble = databaseTrouble(error)
  if (trouble) return { answers: trouble.kind === 'readOnly', trouble: describeTrouble(trouble) }
  // Without its tables it answers; what is to be done is the schema's to say.
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === '42P01' ? inOrder : { answers: false, trouble: `cannot be used (${code})` }
}

const withinTime = (work: Promise<unknown>): Promise<Found> =>
  Promise.race([
    work.then(() => inOrder, foundBy),
    new Promise<Found>((done) =>
      setTimeout(done, pingWithinMs, { answers: false, trouble: 'does not answer within a second' }).unref(),
    ),
  ])

export function healthService(deps: {
  db: Db
  clock: Clock
  storesNothing: () => DatabaseTrouble | null
  isDraining: () => boolean
  /** Why the encryption keys are wrong, where the start could not find that out; null where it did. */
  keyCheck: (() => Promise<string | null>) | null
}): HealthService {
  const { db, clock, storesNothing, isDraining, keyCheck } = deps
  let schemaIsCurrent = false
  let keysAreRight = keyCheck === null
  let asked: { readonly at: number; readonly answer: Promise<State> } | null = null

  /** What is wrong with the keys; null when nothing is. Asked only while the schema has the table of their checks. */
  async function wrongKeys(): Promise<string | null> {
    if (keysAreRight || !keyCheck) return null
    const wrong = await keyCheck().catch(() => 'could not be checked')
    keysAreRight = wrong === null
    return wrong
  }

  async function look(): Promise<State> {
    const found = await withinTime(pingForWriting(db))
    if (found.answers && !schemaIsCurrent) schemaIsCurrent = await isSchemaCurrent(db).catch(() => false)
    const keys = found.answers && schemaIsCurrent ? await wrongKeys() : keysAreRight ? null : 'not checked yet'
    return { ...found, schemaIsCurrent, keys }
  }

  /** A look each second serves everybody, whatever it has to ask: nobody without a key makes the database busy. */
  function askDatabase(): Promise<State> {
    const at = clock.uptime()
    if (asked === null || at - asked.at >= askedEveryMs) asked = { at, answer: look() }
    return asked.answer
  }

  return {
    async ready() {
      const state = await askDatabase()
      const { trouble, keys } = state
      const draining = isDraining()
      const refused = storesNothing()
      const detail = trouble ?? (refused && describeTrouble(refused))
      const ok = detail === null
      return {
        ready: ok && state.schemaIsCurrent && keys === null && !draining,
        checks: {
          database: { ok, detail: detail ?? 'answers' },
          schema: { ok: state.schemaIsCurrent, detail: state.schemaIsCurrent ? 'current' : 'run "npm run migrate"' },
          encryptionKeys: { ok: keys === null, detail: keys ?? 'right' },
          draining: { ok: !draining, detail: draining ? 'shutting down' : 'serving' },
        },
      }
    },
  }
}
