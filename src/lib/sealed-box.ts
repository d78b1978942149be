// Seals secrets at rest: AES-256-GCM with the key's id in the text and associated data, so that a ciphertext moved to
// another row does not open. authTagLength is set because Node otherwise accepts tags of 4 bytes.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A sealed text does not open: its key is not in the ring, or the text was changed. */
export class SealError extends Error {
  constructor(context: string, cause?: unknown) {
    super(`cannot open a sealed value of ${context}: unknown form or key`, { cause })
    this.name = 'SealError'
  }
}

export interface SealedBox {
  /** `context` names the place, for example table, row id and column; the same is needed to open. */
  seal(plaintext: string, context: string): string
  /** Throws SealError when the text was changed, belongs to another context, or its key is not in the ring. */
  open(sealed: string, context: string): string
  /** True when it was sealed under another key than the active one. */
  isStale(sealed: string): boolean
}

export interface EncryptionKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Buffer
}

/** A key for another purpose than sealing, of which the first key cannot be computed. */
export const derivedKey = ([first]: readonly EncryptionKey[], purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', first?.key ?? '', '', purpose, 32))

/** The first key seals; all of them open. */
export function sealedBox(keys: readonly EncryptionKey[]): SealedBox {
  const active = keys[0]
  if (!active) throw new Error('an encryption key is needed')
  const ring = new Map(keys.map((entry) => [entry.id, entry.key]))
  return {
    seal(plaintext, context) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', active.key, iv, { authTagLength: 16 })
      cipher.setAAD(Buffer.from(`${active.id}|${context}`))
      const text = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return ['v1', active.id, ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join('.')
    },
    open(sealed, context) {
      const [version, keyId, iv, tag, text] = sealed.split('.')
      const key = ring.get(keyId ?? '')
      if (version !== 'v1' || !key || !iv || !tag || text === undefined) {
        throw new SealError(context)
      }
      try {
        return opened({ key, aad: `${keyId}|${context}`, iv, tag, text })
      } catch (error) {
        throw new SealError(context, error)
      }
    },
    isStale: (sealed) => sealed.split('.')[1] !== active.id,
  }
}

function opened(sealed: { key: Buffer; aad: string; iv: string; tag: string; text: string }): string {
  const { key, aad, iv, tag, text } = sealed
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(aad))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString('utf8')
}
