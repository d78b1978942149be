// Looks documents up by their markers, before anything of unknown outcome is sent again. Each list is asked in the way
// that its API allows for many at once; the answer is then filtered here, because Xero's filters are wider than ours.
import type { RemoteList } from '../../domain/entity-types.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { Call, FoundDocument, ObservedLimits, Outcome } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client, Query } from './client.ts'
import { differences } from './differences.ts'
import { collection } from './elements.ts'
import { judgeWhole, unknown } from './errors.ts'
import { type Json, text } from './json.ts'
import { isId, lists } from './lists.ts'
import { fold, markerField, markerOf, remoteRef } from './remote.ts'

interface LookUp {
  readonly path: string
  readonly query: Query
}

/** No limit of a query is documented; web servers of Xero's kind commonly cut at 2,048 characters. */
const maxQueryLength = 1_800

/** Joins values until the query would grow too long, then begins the next. */
function joined(values: readonly string[], separator: string): string[] {
  const queries: string[] = []
  for (const value of new Set(values)) {
    const last = queries.at(-1)
    const longer = last === undefined ? value : `${last}${separator}${value}`
    if (last !== undefined && encodeURIComponent(longer).length <= maxQueryLength) queries[queries.length - 1] = longer
    else queries.push(value)
  }
  return queries
}

const equals = (field: string, value: string): string =>
  `${field}=="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const where = (posted: readonly Posted[]): string[] =>
  joined(
    posted.map((document) => equals(markerField(document), markerOf(document))),
    ' OR ',
  )

/** A page brings the lines, which an unpaged list leaves out (FACTS §2.4); one page holds more than one query asks for. */
const onePage = { page: 1, pageSize: 1000 }

const lookUps: Readonly<Record<RemoteList, (posted: readonly Posted[]) => LookUp[]>> = {
  // Archived ones too: an archived contact still holds its number.
  contacts: (posted) =>
    where(posted).map((filter) => ({ path: 'Contacts', query: { where: filter, includeArchived: true, ...onePage } })),
  // One code can be asked for by its path; for several the whole list is one call (FACTS §2.4).
  items(posted) {
    const [code, ...others] = [...new Set(posted.map(markerOf))]
    const single = code !== undefined && others.length === 0 && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(code)
    return posted.length === 0 ? [] : [{ path: single ? `Items/${code}` : 'Items', query: { unitdp: 4 } }]
  },
  // The filter by numbers takes a list with commas, so a number that holds a comma is asked for in another way.
  invoices(posted) {
    const listed = (document: Posted) => markerField(document) === 'InvoiceNumber' && !markerOf(document).includes(',')
    const numbers = joined(posted.filter(listed).map(markerOf), ',')
    const rest = where(posted.filter((document) => !listed(document)))
    return [
      ...numbers.map((InvoiceNumbers) => ({ path: 'Invoices', query: { InvoiceNumbers, unitdp: 4, ...onePage } })),
      ...rest.map((filter) => ({ path: 'Invoices', query: { where: filter, unitdp: 4, ...onePage } })),
    ]
  },
}

/** Bills may carry the same number: they are other documents. */
const isOurKind = (list: RemoteList, row: Json): boolean => list !== 'invoices' || text(row, 'Type') === 'ACCREC'

export async function find(
  client: Client,
  call: Call,
  list: RemoteList,
  posted: readonly Posted[],
): Promise<Outcome<FoundDocument[]>> {
  const found = new Map<string, Json>()
  let limits: ObservedLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }
  // Answering "not found" for what cannot be looked up would let it be sent twice.
  if (posted.some((document) => document.list !== list || markerOf(document) === ''))
    throw new TypeError(`only ${list} with a marker can be looked up`)
  for (const { path, query } of lookUps[list](posted)) {
    const answer = await client.get(call, path, query)
    limits = limitsOf(answer)
    const verdict = judgeWhole(answer, 'read')
    const absent = verdict.kind === 'refused' && verdict.refusal.reason === 'not_found' && path.includes('/')
    if (absent) continue
    if (verdict.kind !== 'answered') return verdict
    const answered = collection(answer, lists[list].path)
    if (answered === null) return unknown(answer, 'read')
    for (const row of answered) {
      const id = row[lists[list].idField]
      if (isId(id) && isOurKind(list, row)) found.set(id, row)
    }
  }
  const value = posted.flatMap((document) =>
    [...found.values()]
      .filter((row) => fold(text(row, markerField(document))) === fold(markerOf(document)))
      .map((row) => ({
        marker: markerOf(document),
        remote: remoteRef(list, row, document),
        differences: differences(document, row),
      })),
  )
  return { kind: 'ok', value, limits }
}
