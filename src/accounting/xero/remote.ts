// What is kept of a document in Xero, and by which marker it is known again.
import type { RemoteList } from '../../domain/entity-types.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { RemoteRef } from '../provider.ts'
import { instant } from './dates.ts'
import { type Json, requiredText, rows, text } from './json.ts'
import { matchLines } from './lines.ts'
import { lists } from './lists.ts'

/** The field of Xero's that holds the marker. Where Xero numbers the invoice, its reference marks it. */
export function markerField(posted: Posted): string {
  return posted.list === 'invoices' && posted.number === undefined ? 'Reference' : lists[posted.list].numberField
}

export function markerOf(posted: Posted): string {
  if (posted.list === 'contacts') return posted.contactNumber
  return posted.list === 'items' ? posted.code : (posted.number ?? posted.reference ?? '')
}

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
