// What holds a record, and who keeps a document in the accounting system from others that would adopt it.
import type { RecordType } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import { heldStatuses, type QueueItem } from '../domain/queue-item.ts'
import type { StoredRecord } from '../stores/records.ts'

export const heldByJob = () => problem('queue_item_locked', 'A sync job holds the record.')

const decide =
  'It is in conflict with an edit in Xero, and a person decides: POST …/resolve-conflict with {"keep": "product"} lets the next job remove the document, {"keep": "xero"} leaves it there and ends the deletion. Then PUT the record again.'

/** A deletion in conflict goes on by no job: a person decides about it. */
export const underDeletion = (
  detail: string,
  isInConflict: boolean,
  of: { readonly recordType: RecordType; readonly recordId: string },
) => problem('delete_irreversible', detail, { ...(isInConflict && { action: decide }), extra: of })

/** A job or a write call of unknown outcome has the item. */
export const isHeldItem = ({ status }: Pick<QueueItem, 'status'>): boolean =>
  heldStatuses.some((held) => held === status)

/** A job or a write call of unknown outcome has it: what becomes of it is known later. */
export const isHeld = ({ syncState }: Pick<StoredRecord, 'syncState'>): boolean =>
  heldStatuses.some((status) => status === syncState)

/** States of a deleted record whose deletion is over: it went through, or a person ended it. */
const overStates: readonly string[] = ['never_synced', 'outdated']

/**
 * An imported record gives its document up to one of the product. A deleted one gives it up when its deletion is over and
 * the document stays (the settings, or a person, kept it): adopted before that, the deletion would find nothing to delete.
 */
export const keepsDocument = ({ origin, deletedAt, syncState }: StoredRecord): boolean =>
  origin !== 'import' && (deletedAt === null || !overStates.includes(syncState))
