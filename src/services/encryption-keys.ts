// Are these the keys that sealed what is stored? The start asks, because wrong keys would show only later, connection by
// connection. A key counts as right when it opens the check that was stored when it first sealed, or, in a database of before
// these checks, a consent. The service starts when one of the keys in use is there: the connections of the others wait.
import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Clock } from '../lib/clock.ts'
import { type EncryptionKey, SealError, sealedBox } from '../lib/sealed-box.ts'
import type { Logger } from '../observability/logger.ts'
import { changeConnection, connectionsOfTokenSet } from '../stores/connections.ts'
import {
  deleteKeyCheck,
  keyIdsInUse,
  lockKeyChecks,
  readKeyChecks,
  type SealedTokenSet,
  saveKeyCheck,
  tokenSetsAfter,
  tokenSetsSealedWith,
} from '../stores/encryption-keys.ts'
import { markInvalid } from '../stores/token-sets.ts'
import { tokenSetContext } from './tokens.ts'

/** A damaged row or two do not make a right key look wrong. */
const samples = 20
const pageSize = 500
const checkContext = (keyId: string): string => `encryption_key_checks|${keyId}|sealed`

export type EncryptionKeyService = ReturnType<typeof encryptionKeyService>

export function encryptionKeyService(deps: { db: Db; clock: Clock; keys: readonly EncryptionKey[]; log: Logger }) {
  const { db, clock, keys, log } = deps
  const box = sealedBox(keys)
  const configured = new Set(keys.map(({ id }) => id))
  const sealing = keys[0]?.id ?? ''

  function opens(sealed: string, context: string): boolean {
    try {
      box.open(sealed, context)
      return true
    } catch (error) {
      if (error instanceof SealError) return false
      throw error
    }
  }
  const opensCheck = ([keyId, sealed]: [string, string]) => opens(sealed, checkContext(keyId))
  const opensTokens = ({ id, sealed }: SealedTokenSet) => opens(sealed, tokenSetContext(id))

  async function isRight(tx: Db, keyId: string, check: string | undefined): Promise<boolean> {
    if (!configured.has(keyId)) return false
    if (check !== undefined) return opensCheck([keyId, check])
    return (await tokenSetsSealedWith(tx, keyId, samples)).some(opensTokens)
  }

  /** The ids are no secret, and name the keys that are looked for. */
  const refusal = (keyIds: readonly string[]): string => {
    const others = keyIds.filter((id) => configured.has(id))
    const differs = others.length > 0 ? ` (what it has as ${others.join(', ')} is another key)` : ''
    return (
      `ENCRYPTION_KEYS (without it, encryption.key in DATA_DIR) does not have the key that sealed what is stored: ` +
      `${keyIds.join(', ')}${differs}. Put that key back; a new key needs an id of its own. If it is lost for good, run ` +
      `"npm run accept-lost-keys" (in the container: node dist/src/cli.js accept-lost-keys), which gives up the consents ` +
      'that no key opens: their connections then have to be reconnected.'
    )
  }

  return {
    /** Null when the keys are right, which puts the sealing one on record; otherwise why not, and what to do, in one line. */
    check: (): Promise<string | null> =>
      inTransaction(db, async (tx) => {
        await lockKeyChecks(tx)
        const checks = await readKeyChecks(tx)
        const inUse = await keyIdsInUse(tx)
        const needed = inUse.length > 0 ? inUse : [...checks.keys()]
        const missing: string[] = []
        for (const id of needed) if (!(await isRight(tx, id, checks.get(id)))) missing.push(id)
        if (needed.length > 0 && missing.length === needed.length) return refusal(needed)
        const check = checks.get(sealing)
        // Two keys of one id: what this process seals, no other process could open.
        if (check !== undefined && !opensCheck([sealing, check])) return refusal([sealing])
        if (check === undefined) await saveKeyCheck(tx, sealing, box.seal('right', checkContext(sealing)))
        if (inUse.length > 0 && missing.length > 0) {
          log.warn({ keys: missing }, 'ENCRYPTION_KEYS lacks keys: the connections that they sealed wait')
        }
        return null
      }),

    /**
     * Gives up the consents that no configured key opens: their connections need a reconnect. From then on the configured
     * keys are the right ones. Answers how many connections that are.
     */
    async acceptLoss(): Promise<number> {
      let connections = 0
      await inTransaction(db, async (tx) => {
        await lockKeyChecks(tx)
        for (const check of await readKeyChecks(tx)) if (!opensCheck(check)) await deleteKeyCheck(tx, check[0])
        await saveKeyCheck(tx, sealing, box.seal('right', checkContext(sealing)))
      })
      for (let after: string | null = null; ; ) {
        const page: SealedTokenSet[] = await tokenSetsAfter(db, after, pageSize)
        for (const row of page) if (!opensTokens(row)) connections += await giveUp(row)
        after = page.at(-1)?.id ?? null
        if (after === null) return connections
      }
    },
  }

  /** In one transaction, as for a consent that Xero refused: a new consent that comes meanwhile stands. */
  function giveUp({ id, epoch }: SealedTokenSet): Promise<number> {
    return inTransaction(db, async (tx) => {
      const now = clock.now().toISOString()
      if (!(await markInvalid(tx, id, epoch, now))) return 0
      const lost = await connectionsOfTokenSet(tx, id)
      const change = { status: 'needs_reconnect', reason: syncError('encryption_key_missing').cause } as const
      for (const one of lost) await changeConnection(tx, one.companyId, one.id, ['active'], change, now)
      return lost.length
    })
  }
}
