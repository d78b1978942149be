// Reading whole lists. Rows are mapped one by one: an odd row is set aside with its reason, because a single date from
// before 1970 once stopped a whole import elsewhere (xero.md, Experience).
import type {
  Call,
  ImportedContact,
  ImportedItem,
  ImportPage,
  Outcome,
  PageRequest,
  WrittenDocument,
} from '../provider.ts'
import { type Answer, limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { modifiedSinceHeader } from './dates.ts'
import { judgeWhole, unknown } from './errors.ts'
import { idText, isObject, type Json, part, text } from './json.ts'
import { isId, lists } from './lists.ts'
import { contactFromXero } from './map/contact.ts'
import { invoiceTypes } from './map/invoice.ts'
import { itemFromXero } from './map/item.ts'
import { nextPage } from './pages.ts'
import { isDead } from './remote.ts'
import { standingOf } from './standing.ts'

function readRows<T>(raw: readonly unknown[], idField: string, map: (row: Json) => T) {
  const entries: T[] = []
  const unreadable: { remoteId: string | null; reason: string }[] = []
  for (const row of raw) {
    const remoteId = isObject(row) ? idText(row, idField) : null
    try {
      if (!isObject(row)) throw new Error('the row is not an object')
      if (!isId(remoteId)) throw new Error(`${idField} is not an id`)
      entries.push(map(row))
    } catch (error) {
      const id = isId(remoteId) ? remoteId : null
      unreadable.push({ remoteId: id, reason: error instanceof Error ? error.message : 'unknown' })
    }
  }
  return { entries, unreadable }
}

/** A list without changes may answer 304 without a body (xero.md, Open questions). */
const rawRows = ({ status, body }: Answer, name: string): unknown[] | null => {
  if (status === 304) return []
  const found = isObject(body) ? body[name] : null
  return Array.isArray(found) ? found : null
}

export async function readContacts(
  client: Client,
  call: Call,
  request: PageRequest,
): Promise<Outcome<ImportPage<ImportedContact>>> {
  const { path, idField, maxPageSize, numbers } = lists.contacts
  const pageSize = Math.max(1, Math.min(request.pageSize, maxPageSize ?? request.pageSize))
  // Xero's own order is by last change: a contact that changes between two pages would move to the end and push another
  // one over the border of a page already read. Ids stay where they are. Without includeArchived an archived contact
  // would never be seen as archived (xero.md, Reading).
  const ids = request.ids && { IDs: request.ids.join(',') }
  const query = { page: request.page, pageSize, includeArchived: true, order: 'ContactID ASC', ...ids }
  const since = request.modifiedSince === null ? null : modifiedSinceHeader(request.modifiedSince)
  const answer = await client.get(call, path, query, since, numbers)
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  const raw = rawRows(answer, path)
  if (raw === null) return unknown(answer, 'read')
  const value = {
    ...readRows(raw, idField, contactFromXero),
    nextPage: nextPage(answer, request.page, raw.length),
  }
  return { kind: 'ok', value, limits: limitsOf(answer) }
}

export async function readItems(
  client: Client,
  call: Call,
  modifiedSince: string | null,
): Promise<Outcome<ImportPage<ImportedItem>>> {
  const { path, idField } = lists.items
  const since = modifiedSince === null ? null : modifiedSinceHeader(modifiedSince)
  const answer = await client.get(call, path, { unitdp: 4 }, since)
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  // Asked for the whole list, "unchanged" says nothing: an empty one would say that all items were deleted.
  const raw = answer.status === 304 && since === null ? null : rawRows(answer, path)
  if (raw === null) return unknown(answer, 'read')
  return {
    kind: 'ok',
    value: { ...readRows(raw, idField, itemFromXero), nextPage: null },
    limits: limitsOf(answer),
  }
}

export async function readWrittenDocuments(
  client: Client,
  call: Call,
  request: PageRequest,
): Promise<Outcome<ImportPage<WrittenDocument>>> {
  const { path, idField } = lists.invoices
  // Deleted and voided ones are listed too (xero.md, Reading). A summary leaves the lines out, which are most of the answer.
  const query = {
    createdByMyApp: true,
    summaryOnly: true,
    order: 'InvoiceID ASC',
    page: request.page,
    pageSize: request.pageSize,
  }
  const since = request.modifiedSince === null ? null : modifiedSinceHeader(request.modifiedSince)
  const answer = await client.get(call, path, query, since)
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  const raw = rawRows(answer, path)
  if (raw === null) return unknown(answer, 'read')
  const written = (row: Json): WrittenDocument => {
    const { remote, amountDue, fullyPaidOn } = standingOf(row)
    return {
      kind: text(row, 'Type') === invoiceTypes.bill ? 'bill' : 'sale',
      remoteId: idText(row, idField) ?? '',
      number: text(row, 'InvoiceNumber'),
      reference: text(row, 'Reference'),
      url: text(row, 'Url'),
      live: !isDead(row),
      ...{ status: remote.status, updatedAt: remote.updatedAt, amountDue, fullyPaidOn },
      contactRemoteId: idText(part(row, 'Contact'), 'ContactID'),
    }
  }
  const value = {
    ...readRows(raw, idField, written),
    nextPage: nextPage(answer, request.page, raw.length),
  }
  return { kind: 'ok', value, limits: limitsOf(answer) }
}
