// Errors that items share with documents, in the words of items: they have codes, and nobody numbers them.
import type { RecordType } from './entity-types.ts'
import { syncErrors } from './sync-errors.ts'
import type { SyncError } from './sync-state.ts'

const codeTaken = {
  title: 'The code is taken in Xero by another item',
  cause: 'An item with this code exists in Xero, and it is not the one that would be written.',
  action:
    'Hand the record over with another code, or give the item in Xero another one. If the record is that item, link it with PUT …/link; ' +
    'where another record is linked to it, unlink that one first with DELETE …/link. Then run a sync job. Two items that exchange their ' +
    'codes: hand both over, and one job brings both.',
} as const

/** The same error, as a record of this type says it; more exact words of cause and action stay. */
export function wordedFor(type: RecordType, error: SyncError): SyncError {
  if (type !== 'item' || error.code !== 'duplicate_number') return error
  const general = syncErrors.duplicate_number
  return {
    ...error,
    title: codeTaken.title,
    cause: error.cause === general.cause ? codeTaken.cause : error.cause,
    action: error.action === general.action ? codeTaken.action : error.action,
  }
}
