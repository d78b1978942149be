// The hash of what is posted: equal to the last one means that nothing needs to be sent.
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../lib/json.ts'
import type { Posted } from './posted.ts'

/** The document as it is sent, without what only tells how it came about. */
function sent(document: Posted): unknown {
  if (document.list !== 'invoices') return document
  const { decisions: _, elsewhere: ___, ...rest } = document
  return { ...rest, lines: document.lines.map(({ itemRemoteId: __, ...line }) => line) }
}

/** sha256 in hex. The order of keys and undefined fields do not count; the order of lines does. */
export const postedHash = (document: Posted): string =>
  createHash('sha256')
    .update(canonicalJson(sent(document)))
    .digest('hex')
