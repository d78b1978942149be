// The removal of an invoice or bill by how it stands at the accounting system now: a person may have approved, paid, voided
// or deleted it since it was last written. One that a person edited, that a person made and the record was linked to, or that a person
// decided to leave as it is, goes only where the settings, or a person, say so.
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
const metCause =
  'The record was linked to it as it stood there, and nothing shows that it was written as the record says: what a person entered ' +
  'would go with the document when it is removed.'
const keptCause = 'A person decided to leave it in Xero as it stands there, and it would go when it is removed.'
const askedAction =
  'POST …/resolve-conflict with {"keep": "product"} to remove it all the same, or {"keep": "xero"} to leave it in Xero and ' +
  'end the deletion; or DELETE …/link to leave it there and unlink it. The settings invoices.onRemoteEdit and vendors.onRemoteEdit ' +
  'decide for all.'

export interface RemovalBasis extends Omit<Basis, 'updatedAt'> {
  /** The differences with which a person decided to leave what we wrote. */
  readonly kept?: readonly Difference[] | null
}

/** What would be lost with it; nothing where it is not on record how it stood. */
function edits(standing: StandingDocument, { content, lineIds, isMerged }: RemovalBasis): readonly Difference[] {
  if (content === null) return []
  const [was, is] = [content.contactRemoteId, standing.content.contactRemoteId]
  const isSameContact = was !== null && is !== null && isMerged(was, is)
  return editsSince(content, standing, lineIds).filter(({ field }) => field !== '/contact' || !isSameContact)
}

/** What a person has to decide about first. */
function unagreed(
  standing: StandingDocument,
  basis: RemovalBasis,
): { readonly cause: string; readonly differences: readonly Difference[] } {
  const { content, former = null, met = null, beside = null, kept = null } = basis
  if (met !== null) return { cause: metCause, differences: met.differences }
  const since = edits(standing, basis)
  if (since.length === 0) return { cause: keptCause, differences: kept ?? [] }
  return { cause: editedCause, differences: beside ?? edits(standing, { ...basis, content: former ?? content }) }
}

export function removalOfStanding(
  standing: StandingDocument,
  basis: RemovalBasis,
  onRemoteEdit: 'conflict' | 'overwrite',
): StandingRemoval {
  if (isRemoved(standing)) return 'gone'
  const { status } = standing.remote
  if (isSettled(standing)) {
    const cause = `Payments or credits of ${standing.settled} lie on it in Xero (${status}); it is not voided before they are removed.`
    return failed(syncError('not_modifiable', { cause }))
  }
  const asked = onRemoteEdit === 'overwrite' ? null : unagreed(standing, basis)
  if (asked && asked.differences.length > 0) {
    const told = { cause: asked.cause, action: askedAction, differences: [...asked.differences] }
    return { kind: 'conflict', error: syncError('edited_in_xero', told) }
  }
  if (status === 'DRAFT' || status === 'SUBMITTED') return posted({ list: 'invoices', action: 'delete' })
  // Its total is nothing, and so Xero made it PAID by itself: no payment stands in the way.
  const isPaidByNothing = status === 'PAID' ? { isPaidByNothing: true } : {}
  return posted({ list: 'invoices', action: 'void', ...isPaidByNothing })
}
