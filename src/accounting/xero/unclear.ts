// Rows of a look-up that cannot be understood, and may be the document that was asked for. A look-up with such a row does not
// say that nothing is there: what would be created because of it may stand there already.
import { nameOf } from '../../domain/posting/marker.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { Found } from '../provider.ts'
import { type Json, part, text } from './json.ts'
import { isId, lists } from './lists.ts'
import { invoiceTypes } from './map/invoice.ts'
import { lacking } from './read-documents.ts'
import { bearsMarker, fold, isDead, markerField } from './remote.ts'

/** Of each field that tells documents apart: what the row shows, null where it shows nothing, and what was asked for. */
interface Told {
  readonly field: string
  readonly shown: string | null
  readonly asked: string
}

function toldBy(row: Json, posted: Posted): readonly Told[] {
  if (posted.list !== 'invoices') {
    const field = markerField(posted)
    return [{ field, shown: text(row, field), asked: nameOf(posted) }]
  }
  const isUnnumbered = posted.number === undefined
  const field = isUnnumbered ? 'Reference' : 'InvoiceNumber'
  const type = { field: 'Type', shown: text(row, 'Type'), asked: invoiceTypes[posted.kind] }
  const name = { field, shown: text(row, field), asked: nameOf(posted) }
  // A number of ours is the organisation's own; any other is one of a contact.
  if (posted.kind === 'sale' && !isUnnumbered) return [type, name]
  const contact = text(part(row, 'Contact'), 'ContactID')
  return [type, name, { field: 'Contact.ContactID', shown: contact, asked: posted.contactRemoteId }]
}

/** The part that a row lacks, when for all it shows it may be the document; null: the row is understood, or another document. */
function missingFor(row: Json, posted: Posted, isAsked: boolean): string[] | null {
  const { idField } = lists[posted.list]
  const hasId = isId(row[idField])
  const isMarked = bearsMarker(row, posted)
  const told = toldBy(row, posted)
  const isOther = told.some(({ shown, asked }) => shown !== null && fold(shown) !== fold(asked))
  if ((isOther && !isMarked) || (hasId && isDead(row))) return null
  const name = told.find(({ field }) => field !== 'Type' && field !== 'Contact.ContactID')
  // In a list that was not asked for names, what has none is another one.
  if (!isAsked && name?.shown === null && !isMarked) return null
  const missing = [
    ...(hasId ? [] : [idField]),
    ...told.flatMap(({ field, shown }) => (shown === null && !(isMarked && field !== 'Type') ? [field] : [])),
  ]
  return missing.length > 0 ? missing : null
}

/** `isAsked`: the rows are the answer to their names, so that every one of them bears one. */
export function unclearAmong(answered: readonly Json[], posted: readonly Posted[], isAsked: boolean): Found['unclear'] {
  return answered.flatMap((row) =>
    posted.flatMap((document) => {
      const missing = missingFor(row, document, isAsked)
      if (missing === null) return []
      const id = row[lists[document.list].idField]
      return { document, row: { remoteId: isId(id) ? id : null, reason: lacking(missing) } }
    }),
  )
}
