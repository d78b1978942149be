// API keys: who calls, and for which company. The bootstrap key from the environment acts for every company and is never
// stored.
import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { problem } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { hashSecret, newSecret, sameSecret } from '../lib/secrets.ts'
import {
  countBriefApiKeys,
  countLiveApiKeys,
  findApiKey,
  findKeysInUse,
  holdApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
  touchApiKey,
} from '../stores/api-keys.ts'
import { aloneOfCompany } from './alone.ts'
import type { AccessService, Principal } from './contract.ts'
import { wrongKeys } from './wrong-keys.ts'

/** `xsk_<id without dashes>_<secret>`: the id finds the row, the secret is compared with its hash. */
const keyForm = /^xsk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/
const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

function partsOf(bearer: string): { id: string; secret: string } | null {
  const [, hex, secret] = keyForm.exec(bearer) ?? []
  return hex && secret ? { id: dashed(hex), secret } : null
}

const nameOf = (id: string, secretHash: string): string => `${id} ${secretHash}`

/** Live keys of one company. */
const mostKeys = 500
/** Keys of one company that were made and ended within a day. */
const mostBriefKeys = 500
const dayMs = 24 * 60 * 60_000

/** Throws limit_reached where the company has too many keys, or makes and ends them in a loop. */
async function requirePlaceForKey(tx: Db, companyId: string, at: Date): Promise<void> {
  const now = at.toISOString()
  if ((await countLiveApiKeys(tx, companyId, now)) >= mostKeys) {
    throw problem('limit_reached', `The company has ${mostKeys} API keys already.`, {
      action: 'Revoke keys that are not used any more: GET /v1/api-keys shows when each was used last.',
    })
  }
  const aDayAgo = new Date(at.getTime() - dayMs).toISOString()
  if ((await countBriefApiKeys(tx, companyId, aDayAgo, now)) < mostBriefKeys) return
  throw problem('limit_reached', `${mostBriefKeys} API keys of the company were created and ended within a day.`, {
    action: 'Use a key for longer, or wait until a day has passed since these were created.',
  })
}

/** A key does not outlive the one that makes it. Returns when it expires. */
async function withinMaker(tx: Db, makerId: string, wanted: string | null): Promise<string | null> {
  const maker = await holdApiKey(tx, makerId)
  if (!maker) throw problem('unauthorized', 'The key was revoked.')
  if (maker.expiresAt === null || wanted === null || wanted <= maker.expiresAt) return wanted ?? maker.expiresAt
  throw problem('validation_failed', 'A key ends with the key that makes it, at the latest.', {
    errors: [
      {
        pointer: '/expiresAt',
        detail: `is later than ${maker.expiresAt}, when the key of this request expires`,
        action: 'Choose an earlier time, or leave it out.',
      },
    ],
  })
}

const alreadyOver = () =>
  problem('validation_failed', 'A key that has expired already cannot be used.', {
    errors: [{ pointer: '/expiresAt', detail: 'is in the past', action: 'Choose a later time, or leave it out.' }],
  })

export function accessService(deps: {
  db: Db
  clock: Clock
  newId: NewId
  bootstrapKey: string | null
}): AccessService {
  const { db, clock, newId, bootstrapKey } = deps
  const { limited, wasRight } = wrongKeys(clock, async (usedSince) =>
    (await findKeysInUse(db, usedSince, clock.now().toISOString())).map((key) => nameOf(key.id, key.secretHash)),
  )
  const isBootstrap = (bearer: string): boolean => bootstrapKey !== null && sameSecret(bearer, bootstrapKey)

  async function lookUp(id: string, secret: string): Promise<Principal | null> {
    const key = await findApiKey(db, id)
    if (!key || !sameSecret(hashSecret(secret), key.secretHash)) return null
    const now = clock.now()
    if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now.toISOString())) return null
    await touchApiKey(db, key.id, now)
    return { keyId: key.id, companyId: key.companyId }
  }

  return {
    async authenticate(bearer, address) {
      if (isBootstrap(bearer)) return { keyId: 'bootstrap', companyId: null }
      const key = partsOf(bearer)
      return key && limited(address, nameOf(key.id, hashSecret(key.secret)), () => lookUp(key.id, key.secret))
    },

    async wasRight(bearer) {
      if (isBootstrap(bearer)) return true
      const key = partsOf(bearer)
      return key !== null && wasRight(nameOf(key.id, hashSecret(key.secret)))
    },

    async createKey({ companyId, name, expiresAt, madeBy = null }) {
      const id = newId()
      const secret = newSecret()
      const alone = <T>(work: (tx: Db) => Promise<T>): Promise<T> =>
        companyId === null ? inTransaction(db, work) : aloneOfCompany(db, companyId, work)
      const key = await alone(async (tx) => {
        const now = clock.now().toISOString()
        if (companyId !== null) await requirePlaceForKey(tx, companyId, clock.now())
        const wanted = expiresAt === null ? null : new Date(expiresAt).toISOString()
        if (wanted !== null && wanted <= now) throw alreadyOver()
        return insertApiKey(tx, {
          id,
          companyId,
          name,
          secretHash: hashSecret(secret),
          expiresAt: madeBy === null ? wanted : await withinMaker(tx, madeBy, wanted),
          madeBy,
          now,
        })
      })
      return { key, secret: `xsk_${id.replaceAll('-', '')}_${secret}` }
    },

    listKeys: (companyId, page) => listApiKeys(db, companyId, page),

    async revokeKey(companyId, keyId) {
      if (!(await revokeApiKey(db, companyId, keyId, clock.now().toISOString()))) {
        throw problem('not_found', `There is no API key ${keyId}.`)
      }
    },
  }
}
