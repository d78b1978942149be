// The hash of what is posted: equal to the last one means that nothing needs to be sent.
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../lib/json.ts'
import type { Posted } from './posted.ts'

/** sha256 in hex. The order of keys and undefined fields do not count; the order of lines does. */
export const postedHash = (document: Posted): string =>
  createHash('sha256').update(canonicalJson(document)).digest('hex')
