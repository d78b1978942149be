// What is kept of a document in Xero, and by which marker it is known again.
import type { RemoteList } from '../../domain/entity-types.ts'
import type { RemoteRef } from '../../domain/found-document.ts'
import { canonicalAddress, markerOf as domainMarkerOf, type Marker, nameOf } from '../../domain/posting/marker.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import { instant } from './dates.ts'
import { type Json, part, requiredText, rows, text } from './json.ts'
import { matchLines } from './lines.ts'
import { lists } from './lists.ts'

const markerFields: Readonly<Record<Marker['field'], string>> = {
  contactNumber: 'ContactNumber',
  code: 'Code',
  number: 'InvoiceNumber',
  reference: 'Reference',
  url: 'Url',
}

/** The field of Xero's that holds the marker. */
export const markerField = (posted: Posted): string => markerFields[domainMarkerOf(posted).field]

export const markerOf = (posted: Posted): string => domainMarkerOf(posted).value

/** Xero compares text without regard to case, and trims it (xero.md, Reading). */
export const fold = (value: string | null): string => (value ?? '').trim().replace(/\s+/g, ' ').toLowerCase()

/**
 * Whether a row bears the document's marker. An address is compared to the letter: it holds an id of the product, and there
 * "a1" and "A1" are two records.
 */
export function bearsMarker(row: Json, posted: Posted): boolean {
  const { field, value } = domainMarkerOf(posted)
  const there = text(row, markerFields[field])
  if (there === null || value === '') return false
  return field === 'url' ? canonicalAddress(there) === canonicalAddress(value) : fold(there) === fold(value)
}

/** Deleted and voided documents stay in Xero's lists (xero.md, Reading). */
export const isDead = (row: Json): boolean => ['DELETED', 'VOIDED'].includes(text(row, 'Status') ?? '')

/** Whether a row is a live document of the same contact under the same name, whoever made it. */
export const isNamesake = (row: Json, posted: Posted): boolean => !isDead(row) && isNamedAlike(row, posted)

/** The same of documents that live or not. */
export function isNamedAlike(row: Json, posted: Posted): boolean {
  if (posted.list !== 'invoices') return false
  const isSameContact = fold(text(part(row, 'Contact'), 'ContactID')) === fold(posted.contactRemoteId)
  const field = posted.number === undefined ? 'Reference' : 'InvoiceNumber'
  return isSameContact && fold(text(row, field)) === fold(nameOf(posted))
}

/**
 * Whether a row may be the document although it bears no marker: a bill of that number and vendor without an address, such
 * as a person makes. That Xero shows an address as it was sent is by its description, and not relied on alone.
 */
export function mayBe(row: Json, posted: Posted): boolean {
  if (posted.list !== 'invoices' || posted.kind !== 'bill' || text(row, 'Url') !== null) return false
  return isNamesake(row, posted)
}

export function remoteRef(
  list: RemoteList,
  row: Json,
  posted: Posted | null = null,
  known: Readonly<Record<string, string>> = {},
): RemoteRef {
  const { idField, numberField, statusField } = lists[list]
  return {
    remoteId: requiredText(row, idField).toLowerCase(),
    number: text(row, numberField),
    status: statusField && text(row, statusField),
    updatedAt: instant(row.UpdatedDateUTC) ?? instant(row.UpdatedDateUTCString),
    lineIds: posted?.list === 'invoices' ? matchLines(posted.lines, rows(row, 'LineItems'), known) : {},
  }
}
