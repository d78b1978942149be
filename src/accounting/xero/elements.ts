// What became of each element of a write call. Elements are matched by their marker, and the index only cross-checks:
// taking a number for another document's would book money to the wrong place. Whatever contradicts itself is null, and
// null makes the whole call unknown.
import type { RemoteList } from '../../domain/entity-types.ts'
import { maxDescription } from '../../domain/posting/exact-lines.ts'
import { pointer } from '../../domain/schema-faults.ts'
import { syncError } from '../../domain/sync-errors.ts'
import type { SyncError } from '../../domain/sync-state.ts'
import type { ElementResult, ImportedEntity, WriteElement } from '../provider.ts'
import type { Answer } from './answer.ts'
import { flag, isObject, type Json, text } from './json.ts'
import { isId, lists } from './lists.ts'
import { contactFromXero } from './map/contact.ts'
import { itemFromXero } from './map/item.ts'
import { type Complaint, classify, complaintsOf, warningsOf } from './messages.ts'
import { bearsMarker, fold, markerField, mayBe, remoteRef } from './remote.ts'
import { standingOf } from './standing.ts'

/** The rows of an answer's collection; null unless it is an array of nothing but objects. */
export function collection({ body }: Answer, name: string): Json[] | null {
  const found = isObject(body) ? body[name] : null
  return Array.isArray(found) && found.every(isObject) ? found : null
}

const identified = ({ posted, remoteId }: WriteElement, row: Json): boolean =>
  remoteId !== null && fold(text(row, lists[posted.list].idField)) === fold(remoteId)

const fits = (element: WriteElement, row: Json): boolean =>
  identified(element, row) || bearsMarker(row, element.posted) || mayBe(row, element.posted)

/** A row for each element, none used twice; null where there is none that fits. */
function assign(elements: readonly WriteElement[], answered: readonly Json[]): (Json | null)[] {
  const taken = new Set<Json>()
  return elements.map((element, index) => {
    const fitting = answered.filter((row) => !taken.has(row) && fits(element, row))
    // An answer with only the failed elements has another count, and its index then says nothing.
    const here = answered.length === elements.length ? answered[index] : undefined
    const unmarked = here && !taken.has(here) && refuses(here) && text(here, markerField(element.posted)) === null
    const row = here && fitting.includes(here) ? here : fitting.length === 1 ? fitting[0] : unmarked ? here : undefined
    if (row) taken.add(row)
    return row ?? null
  })
}

const refuses = (row: Json): boolean =>
  text(row, 'StatusAttributeString') === 'ERROR' ||
  flag(row, 'HasErrors') ||
  flag(row, 'HasValidationErrors') ||
  complaintsOf(row).length > 0

/** What one row says, or null where it contradicts itself. `remoteId` is the id that was sent with an update. */
export function resultOf(list: RemoteList, row: Json, remoteId: string | null): 'written' | 'rejected' | null {
  const status = text(row, 'StatusAttributeString') ?? ''
  const id = row[lists[list].idField]
  if (refuses(row)) {
    // Status OK beside an error, or an error without a word beside a new id, may be either.
    if (status === 'OK' || status === 'WARNING') return null
    return complaintsOf(row).length === 0 && remoteId === null && isId(id) ? null : 'rejected'
  }
  if (!['OK', 'WARNING', ''].includes(status) || !isId(id)) return null
  return remoteId === null || fold(id) === fold(remoteId) ? 'written' : null
}

/** The contact or item of a row. A member that the answer leaves out altogether still stands as it was seen before. */
export function seenIn(
  list: RemoteList,
  row: Json,
  { standing = null }: Pick<WriteElement, 'standing'> = {},
): ImportedEntity | null {
  if (list === 'invoices') return null
  try {
    const left = Object.entries(standing?.kept ?? {}).filter(([member]) => !(member in row))
    return list === 'contacts' ? contactFromXero({ ...row, ...Object.fromEntries(left) }) : itemFromXero(row)
  } catch {
    return null
  }
}

/** Xero does not always say of which line a description is too long. The record's own lines are sent first, in its order. */
function refusalOf({ posted }: WriteElement, complaints: readonly Complaint[]): SyncError {
  const error = classify(complaints)
  if (posted.list !== 'invoices' || error.field !== '/description') return error
  const index = posted.lines.findIndex(({ description }) => description.length > maxDescription)
  const isOwn = index >= 0 && !posted.lines[index]?.lineId.startsWith('#')
  return { ...error, field: isOwn ? pointer('lines', index, 'description') : '/lines' }
}

/** In the order of the elements; null when one of them cannot be told. */
export function settle(elements: readonly WriteElement[], answered: readonly Json[]): ElementResult[] | null {
  if (answered.length !== elements.length) return null
  const results = assign(elements, answered).map((row, index): ElementResult | null => {
    const element = elements[index]
    if (!element || !row) return null
    const { posted, remoteId, lineIds } = element
    const result = resultOf(posted.list, row, remoteId)
    if (result === 'rejected') return { kind: 'rejected', error: refusalOf(element, complaintsOf(row)) }
    if (result === null) return null
    const standing = posted.list === 'invoices' ? { standing: standingOf(row) } : {}
    const remote = remoteRef(posted.list, row, posted, lineIds)
    const seen = seenIn(posted.list, row, element)
    return { kind: 'written', remote, warnings: warningsOf(row), seen, ...standing }
  })
  return results.every((result) => result !== null) ? results : null
}

const heldBack = syncError('rejected', {
  cause: 'Xero refused the call because of another document in it; nothing of the call was saved.',
  action: 'Nothing to do: it is sent again with the next sync job.',
  retryable: true,
})

/** A validation error of the whole call: nothing was saved. Null when no element can be blamed. */
export function settleInvalid(elements: readonly WriteElement[], invalid: readonly Json[]): ElementResult[] | null {
  const rows = elements.length === 1 ? [invalid[0] ?? null] : assign(elements, invalid)
  const complaints = rows.map((row) => (row ? complaintsOf(row) : []))
  if (complaints.every((found) => found.length === 0)) return null
  return elements.map((element, index): ElementResult => {
    const found = complaints[index] ?? []
    return { kind: 'rejected', error: found.length > 0 ? refusalOf(element, found) : heldBack }
  })
}
