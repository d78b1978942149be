// Opaque, versioned, signed list cursors. The signature covers list, filter and company: a cursor of another list would
// page through the wrong rows without anyone noticing, and a forged one would reach the database as it stands.
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Cursors {
  encode(scope: string, position: readonly (string | number)[]): string
  /** The position, or null when the cursor is malformed, forged, of another version, or of another list or filter. */
  decode(scope: string, cursor: string): (string | number)[] | null
}

const version = 1
const signatureBytes = 12

/** `secret`: the same in all processes, so that a cursor of one is read by another. */
export function cursors(secret: string | Buffer): Cursors {
  const sign = (scope: string, text: string): Buffer =>
    createHmac('sha256', secret).update(`cursor|${scope}|${text}`).digest().subarray(0, signatureBytes)
  return {
    encode(scope, position) {
      const text = JSON.stringify([version, ...position])
      return Buffer.concat([sign(scope, text), Buffer.from(text)]).toString('base64url')
    },
    decode(scope, cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      const text = bytes.subarray(signatureBytes).toString()
      const signature = bytes.subarray(0, signatureBytes)
      if (signature.length !== signatureBytes || !timingSafeEqual(signature, sign(scope, text))) return null
      const [of, ...position] = JSON.parse(text) as (string | number)[]
      return of === version ? position : null
    },
  }
}
