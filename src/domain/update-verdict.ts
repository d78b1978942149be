// Whether a document that stands at the accounting system may be changed now, by how it stands there: what was removed, paid
// or edited meanwhile is known before a call is made.
import { isZero } from './decimal.ts'
import type { Met } from './met-document.ts'
import { isChangeablePaid } from './paid-bill.ts'
import type { PostedDocument } from './posting/posted.ts'
import type { TaxRate } from './reference-lists.ts'
import { contradictions, remoteEdits } from './remote-edits.ts'
import { isRemoved, type StandingContent, type StandingDocument } from './standing-document.ts'
import { syncError } from './sync-errors.ts'
import type { Difference, SyncError } from './sync-state.ts'

export interface Basis {
  /** How it stood at our last write or look; null: not known. */
  readonly content: StandingContent | null
  /** Its stamp then. */
  readonly updatedAt: string | null
  readonly lineIds: Readonly<Record<string, string>>
  /** A call of unknown outcome may have sent the same before. */
  readonly isUnheard?: boolean
  /** Whether the one contact went into the other when both were merged. */
  readonly isMerged: (from: string, into: string) => boolean
  /** Differences of a document that stood there before the record, with nothing of ours in it. Null: it is ours. */
  readonly met?: Met | null
  /** How it stood before a decision to write over it that is not carried out yet: one more edit is shown with those of before. */
  readonly former?: StandingContent | null
  /** The same where nothing of ours was in it: all in which it differs. */
  readonly beside?: readonly Difference[] | null
  readonly taxRates?: readonly TaxRate[] | null
  /** It is ours, and stands there as the record says; `isWorthAWrite`: a write would still do something, as far as none is refused. */
  readonly inLine?: { readonly isWorthAWrite: boolean } | null
  /** The reason why it may not be written: a change that is due is not made. */
  readonly hindrance?: SyncError | null
}

export type UpdateVerdict =
  | { readonly kind: 'free' }
  /** The document is what the record says already. */
  | { readonly kind: 'in_line' }
  | { readonly kind: 'conflict' | 'failed'; readonly error: SyncError }

/** Payments or credits lie on it. One that Xero made PAID because its total is nothing has none. */
export const isSettled = ({ settled }: StandingDocument): boolean => !isZero(settled)

const metCause = 'The record was linked to it as it stood there, and what the record says differs from that.'

function edits(posted: PostedDocument, standing: StandingDocument, basis: Basis): readonly Difference[] {
  const { content, updatedAt, lineIds, isUnheard = false, isMerged } = basis
  if (content === null) {
    const isUntouched = updatedAt !== null && updatedAt === standing.remote.updatedAt
    return isUntouched ? [] : contradictions(standing, posted, lineIds)
  }
  const [was, is] = [content.contactRemoteId, standing.content.contactRemoteId]
  return remoteEdits(content, standing, posted, lineIds, { isUnheard }).filter(
    ({ field }) => field !== '/contact' || was === null || is === null || !isMerged(was, is),
  )
}

export function updateVerdict(
  posted: PostedDocument,
  standing: StandingDocument | null,
  basis: Basis,
  onRemoteEdit: 'conflict' | 'overwrite',
): UpdateVerdict {
  const verdict = standingVerdict(posted, standing, basis, onRemoteEdit)
  const { hindrance: error } = basis
  if (verdict.kind !== 'free' || !error) return verdict
  return { kind: 'failed', error }
}

function standingVerdict(
  posted: PostedDocument,
  standing: StandingDocument | null,
  basis: Basis,
  onRemoteEdit: 'conflict' | 'overwrite',
): UpdateVerdict {
  if (standing === null) {
    const cause = 'The document is not in Xero any more.'
    return { kind: 'conflict', error: syncError('removed_in_xero', { cause }) }
  }
  const { status } = standing.remote
  if (isRemoved(standing)) {
    const differences = [{ field: '/status', product: posted.status, xero: status }]
    return { kind: 'conflict', error: syncError('removed_in_xero', { differences }) }
  }
  const { met = null, inLine = null, hindrance = null } = basis
  // A write that is not allowed, as to a document with payments, fills nothing in and changes no order.
  const isFixed = isSettled(standing) || hindrance !== null
  if (inLine !== null && (isFixed || !inLine.isWorthAWrite)) return { kind: 'in_line' }
  if (met !== null && met.differences.length > 0 && onRemoteEdit === 'conflict') {
    const differences = [...met.differences]
    return { kind: 'conflict', error: syncError('edited_in_xero', { cause: metCause, differences }) }
  }
  if (met?.differences.length === 0 && (!met.isLacking || isFixed)) return { kind: 'in_line' }
  if (isSettled(standing) && !isChangeablePaid(posted, standing, basis.lineIds, basis.taxRates ?? null)) {
    const cause = `Payments or credits of ${standing.settled} lie on it in Xero (${status}).`
    return { kind: 'failed', error: syncError('not_modifiable', { cause }) }
  }
  if (onRemoteEdit === 'overwrite' || met !== null) return { kind: 'free' }
  const { former = null, beside = null } = basis
  const since = edits(posted, standing, basis)
  const all = beside ?? (former === null ? since : edits(posted, standing, { ...basis, content: former }))
  const differences = since.length === 0 ? [] : all
  if (differences.length === 0) return { kind: 'free' }
  // An edit says what the record says by now: another order of the lines is no reason to ask.
  if (inLine !== null) return { kind: 'in_line' }
  return { kind: 'conflict', error: syncError('edited_in_xero', { differences: [...differences] }) }
}
