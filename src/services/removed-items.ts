// An item that a person deleted in Xero while its record goes on: the link stays, as removed, until somebody decides. To create
// the item anew unasked would undo what the person did.
import type { RecordType } from '../domain/entity-types.ts'
import type { Settings } from '../domain/settings/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Link } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'

export const removedStatus = 'DELETED'

export const isRemovedItem = (type: RecordType, link: Pick<Link, 'status'> | null | undefined): boolean =>
  type === 'item' && link?.status === removedStatus

export const removedItem = ({ body }: Pick<StoredRecord, 'body'>): SyncError =>
  syncError('removed_in_xero', {
    cause: `The item ${String(body.code)} was deleted in Xero, and the record was not.`,
    action:
      'POST …/resolve-conflict with {"keep": "product"} to create the item again, {"keep": "xero"} to leave it so. Where no conflict is open ' +
      'yet, queue the record first (POST …/sync-queue-items). Or link the record to another item with PUT …/link; or unlink it with ' +
      'DELETE …/link, after which the next job links it to the item of its code, or creates one; or delete the record.',
  })

/**
 * Whether an item that vanished is for somebody to decide: its record has a change that waits, or is not to learn of the deletion.
 * product_wins creates it anew, xero_wins deletes the record.
 */
export const isToBeDecided = ({ items: { import: mode, conflict } }: Settings, hasOpenItem: boolean): boolean =>
  conflict !== 'product_wins' && (mode === 'off' || (hasOpenItem && conflict === 'pending_wins'))
