// The deletion of a record, in the form that Xero allows: items are deleted, contacts archived, drafts deleted, approved
// invoices and bills voided (xero.md, Invoices and bills).
import type { DocumentType, RecordType } from '../entity-types.ts'
import type { Settings } from '../settings/index.ts'
import { syncError } from '../sync-errors.ts'
import type { Removal } from './posted.ts'
import { excluded, failed, type Posting, posted } from './posting.ts'

/** `remoteStatus`: the document's status in Xero as last seen, null when unknown. */
export function postRemoval(type: RecordType, settings: Settings, remoteStatus: string | null): Posting<Removal> {
  switch (type) {
    case 'item':
      return settings.items.onDelete === 'keep'
        ? excluded('items.onDelete is "keep": the item stays in Xero.')
        : posted({
            list: 'items',
            action: 'delete',
            orDeactivate: settings.items.onDelete === 'delete_or_deactivate' || undefined,
          })
    case 'customer':
    case 'vendor':
      return settings[`${type}s`].onDelete === 'keep'
        ? excluded(`${type}s.onDelete is "keep": the contact stays in Xero.`)
        : posted({ list: 'contacts', action: 'archive' })
    case 'invoice':
      return documentRemoval(type, remoteStatus ?? settings.invoices.status)
    case 'bill':
      return documentRemoval(type, remoteStatus ?? settings.vendors.status)
  }
}

function documentRemoval(type: DocumentType, status: string): Posting<Removal> {
  switch (status) {
    case 'DRAFT':
    case 'SUBMITTED':
      return posted({ list: 'invoices', action: 'delete' })
    case 'DELETED':
    case 'VOIDED':
      return excluded(`The ${type} is deleted or voided in Xero already.`)
    case 'PAID':
      return failed(
        syncError('not_modifiable', {
          cause: `The ${type} is paid in Xero; Xero voids none with a payment or credit applied to it.`,
        }),
      )
    default:
      return posted({ list: 'invoices', action: 'void' })
  }
}

/** An item that cannot be deleted is neither sold nor purchased instead; of anything else, the removal as it is. */
export const switchedOff = (removal: Removal): Removal =>
  removal.list === 'items' ? { list: 'items', action: 'deactivate', code: removal.code ?? null } : removal
