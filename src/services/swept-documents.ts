// Invoices and bills as the sweep reads them. What a person paid there is shown with the record; what a person voided or deleted there is
// a conflict, as it is where a change of the record comes upon it.
import type { WrittenDocument } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { type DocumentType, documentTypes } from '../domain/entity-types.ts'
import { removedStatuses } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { areMovedBack, tellMovedBack } from '../stores/relinked-documents.ts'
import {
  findLinkedStatuses,
  type LinkedStatus,
  openConflicts,
  type Scope,
  saveStatuses,
} from '../stores/swept-links.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { isHeldItem } from './holding.ts'

const kinds = { invoice: 'sale', bill: 'bill' } as const

const isRemoved = (status: string | null): boolean => removedStatuses.includes(status ?? '')
const second = (instant: string): string => instant.slice(0, 19)

/** A link whose document stands there otherwise than it was seen last. */
interface Changed {
  readonly link: LinkedStatus
  readonly status: string | null
  readonly updatedAt: string
  readonly amountDue: string | null
  readonly fullyPaidOn: string | null
  readonly isRemoved: boolean
}

/** Null where the row is as the link, or from before our last write, and so shows nothing new. */
function changed(link: LinkedStatus, { status, updatedAt, ...row }: WrittenDocument): Changed | null {
  if (status === null || updatedAt === null) return null
  if (link.updatedAt !== null && second(updatedAt) < second(link.updatedAt)) return null
  const amountDue = row.amountDue ?? link.amountDue
  // A short row may leave the day out.
  const fullyPaidOn = row.fullyPaidOn ?? (status === 'PAID' ? link.fullyPaidOn : null)
  const isSame = status === link.status && amountDue === link.amountDue && fullyPaidOn === link.fullyPaidOn
  if (isSame) return null
  const isGone = isRemoved(status) && !isRemoved(link.status)
  return { link, status, updatedAt, amountDue, fullyPaidOn, isRemoved: isGone }
}

export function sweptDocuments({ db, clock, newId }: { db: Db; clock: Clock; newId: NewId }) {
  async function compare(handle: Db, scope: Scope, documents: readonly WrittenDocument[]): Promise<Changed[]> {
    const idsOf = (type: DocumentType) =>
      documents.filter(({ kind }) => kind === kinds[type]).map(({ remoteId }) => remoteId)
    const links = await findLinkedStatuses(handle, scope, { invoice: idsOf('invoice'), bill: idsOf('bill') })
    const byId = new Map(documents.map((document) => [document.remoteId, document]))
    return links.flatMap((link) => {
      const row = byId.get(link.remoteId)
      const found = row && changed(link, row)
      return found ? [found] : []
    })
  }

  /** A document that a person moved to the contact that its customer or vendor is by now says so. */
  async function tellMoved(scope: Scope, documents: readonly WrittenDocument[]): Promise<void> {
    for (const [type, kind] of [
      ['customer', 'sale'],
      ['vendor', 'bill'],
    ] as const) {
      const listed = documents.flatMap(({ remoteId, contactRemoteId: contact, updatedAt, ...one }) =>
        one.kind === kind && one.live && contact !== null && updatedAt !== null
          ? [{ remoteId, contact, updatedAt }]
          : [],
      )
      if (!(await areMovedBack(db, { ...scope, type }, listed))) continue
      await alone(db, scope.connectionId, (tx) => tellMovedBack(tx, { ...scope, type }, listed))
    }
  }

  /** Answers whether all was put on record: of what a job holds, a removal is told once the job is done with it. */
  return async (scope: Scope, documents: readonly WrittenDocument[]): Promise<boolean> => {
    await tellMoved(scope, documents)
    if ((await compare(db, scope, documents)).length === 0) return true
    return alone(db, scope.connectionId, async (tx) => {
      const now = clock.now().toISOString()
      const found = await compare(tx, scope, documents)
      let isWhole = true
      for (const type of documentTypes) {
        const ofType = found.filter(({ link }) => link.type === type)
        const gone = ofType.filter((one) => one.isRemoved).map(({ link }) => link.recordId)
        const items = await findOpenItems(tx, scope.companyId, scope.connectionId, type, gone)
        const held = new Set(items.filter(isHeldItem).map(({ recordId }) => recordId))
        if (held.size > 0) isWhole = false
        const open = new Set(items.map(({ recordId }) => recordId))
        const shown = ofType.filter(({ link }) => !held.has(link.recordId))
        const seen = shown.map(({ link, ...one }) => ({ recordId: link.recordId, ...one }))
        await saveStatuses(tx, { ...scope, type }, seen, now)
        // What waits is looked at by its job; what is deleted here, or not in step with Xero for another reason, stays as it is.
        const told = shown.filter(
          ({ link, ...one }) =>
            one.isRemoved && !open.has(link.recordId) && !link.isDeleted && link.recordState === 'synced',
        )
        const conflicts = told.map(({ link, status }) => {
          const differences = [{ field: '/status', product: link.status, xero: status }]
          const { recordId, recordName } = link
          return { itemId: newId(), recordId, recordName, error: syncError('removed_in_xero', { differences }) }
        })
        await openConflicts(tx, { ...scope, type }, conflicts, now)
        const states = conflicts.map(({ recordId, error }) => ({
          ...({ id: recordId, state: 'conflict', error, synced: false, nextStepAt: null } as const),
        }))
        await setSyncStates(tx, scope.companyId, scope.connectionId, type, states, now)
      }
      return isWhole
    })
  }
}
