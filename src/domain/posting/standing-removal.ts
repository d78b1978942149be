// The removal of an invoice or bill by how it stands at the accounting system now: a person may have approved, paid, voided
// or deleted it since it was last written.
import { isRemoved, type StandingDocument } from '../standing-document.ts'
import { syncError } from '../sync-errors.ts'
import { isSettled } from '../update-verdict.ts'
import type { Removal } from './posted.ts'
import { failed, type Posting, posted } from './posting.ts'

/** "gone": it counts as removed. */
export function removalOfStanding(standing: StandingDocument): Posting<Removal> | 'gone' {
  if (isRemoved(standing)) return 'gone'
  const { status } = standing.remote
  if (isSettled(standing)) {
    const cause = `Payments or credits of ${standing.settled} lie on it in Xero (${status}); it is not voided before they are removed.`
    return failed(syncError('not_modifiable', { cause }))
  }
  if (status === 'DRAFT' || status === 'SUBMITTED') return posted({ list: 'invoices', action: 'delete' })
  // Its total is nothing, and so Xero made it PAID by itself: no payment stands in the way.
  const isPaidByNothing = status === 'PAID' ? { isPaidByNothing: true } : {}
  return posted({ list: 'invoices', action: 'void', ...isPaidByNothing })
}
