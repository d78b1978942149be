// A person's decision about an item, invoice or bill in conflict with what stands in Xero: the record is written over it, or its
// deletion is carried out; or it stays as it stands there. A deletion that is ended so leaves the record deleted here and
// linked: the document stays known, and can be deleted or handed over once more.
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import type { Invoice } from '../domain/records/index.ts'
import { type SyncErrorCode, syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { deleteLinks, findLinks } from '../stores/links.ts'
import { forgetPosted, forgetRequest } from '../stores/posted-marks.ts'
import { cancelConflict, openQueueItems } from '../stores/queue-waiting.ts'
import { findRecords } from '../stores/records.ts'
import { acceptSeen, saveKept, withdrawAcceptance } from '../stores/standing-documents.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { loadSettings } from './settings.ts'

/** Conflicts with the very document that the record is linked to. */
export const standingConflicts: readonly SyncErrorCode[] = ['edited_in_xero', 'removed_in_xero', 'written_differently']

const deletionEnded = {
  cause: 'The record was deleted, and a person chose to leave the document in Xero.',
  action:
    'Nothing to do. DELETE the record once more to remove the document after all, or PUT the record again to keep both.',
}

/** Told with the decision: the number of a voided invoice is not used again, and the record still has it. */
async function takenNumber(
  tx: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: DocumentType | 'item' },
  recordId: string,
): Promise<SyncError | null> {
  if (type !== 'invoice') return null
  const link = (await findLinks(tx, companyId, connectionId, type, [recordId])).get(recordId)
  const record = (await findRecords(tx, companyId, connectionId, type, [recordId])).get(recordId)
  const { settings } = await loadSettings(tx, companyId, connectionId)
  const { number, prefix } = settings.invoices
  const own = number === 'xero' || !record ? null : `${prefix}${(record.body as unknown as Invoice).number}`
  const status = link?.seen?.remote.status ?? link?.status
  if (own === null || status !== 'VOIDED' || own.toLowerCase() !== link?.number?.toLowerCase()) return null
  const cause = `${own} stands in Xero as VOIDED, and Xero does not use its number again.`
  return syncError('duplicate_number', { cause, action: 'Give the record another number, then run a sync job.' })
}

export function conflictResolver({ db, clock, newId }: { db: Db; clock: Clock; newId: NewId }) {
  return (
    companyId: string,
    connectionId: string,
    type: DocumentType | 'item',
    recordId: string,
    keep: 'product' | 'xero',
  ): Promise<void> =>
    alone(db, connectionId, async (tx) => {
      const now = clock.now().toISOString()
      const item = await cancelConflict(tx, companyId, connectionId, type, recordId, standingConflicts, now)
      if (!item) {
        throw problem('invalid_state_transition', `The ${type} ${recordId} is in no conflict with what stands in Xero.`)
      }
      const change = { id: recordId, synced: false, nextStepAt: null }
      const isDeletion = item.action === 'delete'
      if (keep === 'xero') {
        const { differences } = item.lastError ?? {}
        // Xero does not hold what was sent last: the same content, handed over once more, is no "unchanged".
        await forgetRequest(tx, companyId, connectionId, type, [recordId])
        await forgetPosted(tx, companyId, connectionId, type, [recordId])
        // An earlier decision for the product, not carried out yet, is over with this one.
        await withdrawAcceptance(tx, companyId, connectionId, type, recordId)
        // What we wrote is no edit of a person's, and yet a removal is not to take it without asking.
        if (item.lastError?.code === 'written_differently')
          await saveKept(tx, { companyId, connectionId, type }, recordId, differences ?? [])
        const error = syncError('xero_version_kept', { ...(isDeletion && deletionEnded), differences })
        return setSyncStates(tx, companyId, connectionId, type, [{ ...change, state: 'outdated', error }], now)
      }
      const code = item.lastError?.code
      // What is voided stays so: the record becomes a document of its own.
      const isRemoved = code === 'removed_in_xero'
      const taken = await takenNumber(tx, { companyId, connectionId, type }, recordId)
      if (isRemoved) await deleteLinks(tx, companyId, connectionId, type, [recordId])
      else await acceptSeen(tx, companyId, connectionId, type, recordId, code === 'written_differently')
      const action = isDeletion ? 'delete' : isRemoved ? 'create' : 'update'
      const request = { itemId: newId(), recordId, recordName: item.recordName, action } as const
      await openQueueItems(tx, companyId, connectionId, type, [request], now)
      const error = isRemoved && action === 'create' ? taken : null
      return setSyncStates(tx, companyId, connectionId, type, [{ ...change, state: 'pending', error }], now)
    })
}
