// Errors that items share with documents, in the words of items: they have codes, and nobody numbers them.
import type { RecordType } from './entity-types.ts'
import { type SyncErrorCode, syncErrors } from './sync-errors.ts'
import type { SyncError } from './sync-state.ts'

const words: Partial<Record<SyncErrorCode, Pick<SyncError, 'title' | 'cause' | 'action'>>> = {
  duplicate_number: {
    title: 'The code is taken in Xero by another item',
    cause: 'An item with this code exists in Xero, and it is not the one that would be written.',
    action:
      'PUT the record with another code, or give the item in Xero another one. If the record is that item, link it with PUT …/link; ' +
      'where another record is linked to it, unlink that one first with DELETE …/link. Then run a sync job. Two items that exchange their ' +
      'codes: PUT both, and one job brings both.',
  },
  written_differently: {
    title: 'Xero holds the item otherwise than it was sent',
    cause: 'Its answer to the write shows other values than those of the record.',
    action:
      'Compare both sides in differences, and PUT the record with what Xero takes, or correct the item or the settings; or POST …/resolve-conflict with ' +
      '{"keep": "product"} to write it once more, {"keep": "xero"} to leave it so.',
  },
}

/** The same error, as a record of this type says it; more exact words of cause and action stay. */
export function wordedFor(type: RecordType, error: SyncError): SyncError {
  const own = type === 'item' ? words[error.code as SyncErrorCode] : undefined
  if (!own) return error
  const general = syncErrors[error.code as SyncErrorCode]
  return {
    ...error,
    title: own.title,
    cause: error.cause === general.cause ? own.cause : error.cause,
    action: error.action === general.action ? own.action : error.action,
  }
}
