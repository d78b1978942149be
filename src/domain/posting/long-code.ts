// Xero's item codes have at most 30 characters, the product's 50. A shortened code is 21 characters of the code, "~" and
// 40 bits of its hash: the same code always gives the same, and codes that differ only in their tails stay apart.
import { createHash } from 'node:crypto'
import { cutText } from '../../lib/text.ts'
import type { ItemsSettings } from '../settings/items.ts'

export const maxItemCode = 30
const hashLength = 8
// Crockford's: no letters that look like digits, and upper case only, should codes be compared without letter case.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function shortHash(code: string): string {
  const bytes = createHash('sha256').update(code).digest()
  return Array.from(bytes.subarray(0, hashLength), (byte) => alphabet[byte & 31]).join('')
}

/** The code in Xero, or null when it is too long and the policy is to reject. */
export function xeroItemCode(code: string, policy: ItemsSettings['longCode']): string | null {
  if (code.length <= maxItemCode) return code
  return policy === 'reject' ? null : `${cutText(code, maxItemCode - hashLength - 1).trimEnd()}~${shortHash(code)}`
}
