// The removal of an invoice or bill by how it stands at the accounting system now: a person may have approved, paid, voided
// or deleted it since it was last written. One that a person edited goes only where the settings, or a person, say so.
import { editsSince } from '../remote-edits.ts'
import { isRemoved, type StandingDocument } from '../standing-document.ts'
import { syncError } from '../sync-errors.ts'
import type { Difference, SyncError } from '../sync-state.ts'
import { type Basis, isSettled } from '../update-verdict.ts'
import type { Removal } from './posted.ts'
import { failed, type Posting, posted } from './posting.ts'

/** "gone": it counts as removed. */
export type StandingRemoval = Posting<Removal> | 'gone' | { readonly kind: 'conflict'; readonly error: SyncError }

const editedCause =
  'It is not as it was last written or seen there, and that edit would go with the document when it is removed.'
const editedAction =
  'POST …/resolve-conflict with {"keep": "product"} to remove it all the same, or {"keep": "xero"} to leave it in Xero and ' +
  'end the deletion. The settings invoices.onRemoteEdit and vendors.onRemoteEdit decide for all.'

/** What would be lost with it; nothing where it is not on record how it stood. */
function edits(
  standing: StandingDocument,
  { content, lineIds, isMerged }: Omit<Basis, 'updatedAt'>,
): readonly Difference[] {
  if (content === null) return []
  const [was, is] = [content.contactRemoteId, standing.content.contactRemoteId]
  const isSameContact = was !== null && is !== null && isMerged(was, is)
  return editsSince(content, standing, lineIds).filter(({ field }) => field !== '/contact' || !isSameContact)
}

export function removalOfStanding(
  standing: StandingDocument,
  basis: Omit<Basis, 'updatedAt'>,
  onRemoteEdit: 'conflict' | 'overwrite',
): StandingRemoval {
  if (isRemoved(standing)) return 'gone'
  const { status } = standing.remote
  if (isSettled(standing)) {
    const cause = `Payments or credits of ${standing.settled} lie on it in Xero (${status}); it is not voided before they are removed.`
    return failed(syncError('not_modifiable', { cause }))
  }
  const { content, former = null } = basis
  const since = onRemoteEdit === 'overwrite' ? [] : edits(standing, basis)
  const differences = since.length === 0 ? [] : edits(standing, { ...basis, content: former ?? content })
  if (differences.length > 0) {
    const told = { cause: editedCause, action: editedAction, differences: [...differences] }
    return { kind: 'conflict', error: syncError('edited_in_xero', told) }
  }
  if (status === 'DRAFT' || status === 'SUBMITTED') return posted({ list: 'invoices', action: 'delete' })
  // Its total is nothing, and so Xero made it PAID by itself: no payment stands in the way.
  const isPaidByNothing = status === 'PAID' ? { isPaidByNothing: true } : {}
  return posted({ list: 'invoices', action: 'void', ...isPaidByNothing })
}
