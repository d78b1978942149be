// What is kept of a document in Xero, and by which marker it is known again.
import type { RemoteList } from '../../domain/entity-types.ts'
import { markerOf as domainMarkerOf, type Marker } from '../../domain/posting/marker.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { RemoteRef } from '../provider.ts'
import { instant } from './dates.ts'
import { type Json, requiredText, rows, text } from './json.ts'
import { matchLines } from './lines.ts'
import { lists } from './lists.ts'

const markerFields: Readonly<Record<Marker['field'], string>> = {
  contactNumber: 'ContactNumber',
  code: 'Code',
  number: 'InvoiceNumber',
  reference: 'Reference',
}

/** The field of Xero's that holds the marker. */
export const markerField = (posted: Posted): string => markerFields[domainMarkerOf(posted).field]

export const markerOf = (posted: Posted): string => domainMarkerOf(posted).value

/** Xero compares text without regard to case, and trims it (FACTS §2.4). */
export const fold = (value: string | null): string => (value ?? '').trim().replace(/\s+/g, ' ').toLowerCase()

export function remoteRef(
  list: RemoteList,
  row: Json,
  posted: Posted | null = null,
  known: Readonly<Record<string, string>> = {},
): RemoteRef {
  const { idField, numberField, statusField } = lists[list]
  return {
    remoteId: requiredText(row, idField),
    number: text(row, numberField),
    status: statusField && text(row, statusField),
    updatedAt: instant(row.UpdatedDateUTC) ?? instant(row.UpdatedDateUTCString),
    lineIds: posted?.list === 'invoices' ? matchLines(posted.lines, rows(row, 'LineItems'), known) : {},
  }
}
