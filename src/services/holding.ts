// What holds a record, and who keeps a document in the accounting system from others that would adopt it.
import { heldStatuses } from '../domain/queue-item.ts'
import type { StoredRecord } from '../stores/records.ts'

/** A job or a write call of unknown outcome has it: what becomes of it is known later. */
export const isHeld = ({ syncState }: Pick<StoredRecord, 'syncState'>): boolean =>
  heldStatuses.some((status) => status === syncState)

/**
 * An imported record gives its document up to one of the product. A deleted one gives it up when its deletion went
 * through (the settings kept the document): adopted before that, the deletion would find nothing to delete.
 */
export const keepsDocument = ({ origin, deletedAt, syncState }: StoredRecord): boolean =>
  origin !== 'import' && (deletedAt === null || syncState !== 'never_synced')
