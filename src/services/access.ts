// API keys: who calls, and for which company. The bootstrap key from the environment acts for every company and is never
// stored.
import type { Db } from '../db/tables.ts'
import { problem } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { hashSecret, newSecret, sameSecret } from '../lib/secrets.ts'
import { findApiKey, insertApiKey, listApiKeys, revokeApiKey, touchApiKey } from '../stores/api-keys.ts'
import type { AccessService } from './contract.ts'

/** `xsk_<id without dashes>_<secret>`: the id finds the row, the secret is compared with its hash. */
const keyForm = /^xsk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/
const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

export function accessService(deps: {
  db: Db
  clock: Clock
  newId: NewId
  bootstrapKey: string | null
}): AccessService {
  const { db, clock, newId, bootstrapKey } = deps
  return {
    async authenticate(bearer) {
      if (bootstrapKey !== null && sameSecret(bearer, bootstrapKey)) return { keyId: 'bootstrap', companyId: null }
      const [, hex, secret] = keyForm.exec(bearer) ?? []
      if (!hex || !secret) return null
      const key = await findApiKey(db, dashed(hex))
      if (!key || !sameSecret(hashSecret(secret), key.secretHash)) return null
      const now = clock.now()
      if (key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= now.toISOString())) return null
      await touchApiKey(db, key.id, now)
      return { keyId: key.id, companyId: key.companyId }
    },

    async createKey(input) {
      const id = newId()
      const secret = newSecret()
      const key = await insertApiKey(db, {
        id,
        companyId: input.companyId,
        name: input.name,
        secretHash: hashSecret(secret),
        expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt).toISOString(),
        now: clock.now().toISOString(),
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
