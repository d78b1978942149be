// How documents are asked for by their markers: each list in the way that its API allows for many at once.
import type { Posted } from '../../domain/posting/posted.ts'
import type { Query } from './client.ts'
import { markerField, markerOf } from './remote.ts'

export interface LookUp {
  readonly posted: readonly Posted[]
  readonly path: string
  readonly query: Query
}

/** No limit of a query is documented; web servers of Xero's kind commonly cut at 2,048 characters. */
const maxQueryLength = 1_800

interface Group {
  readonly posted: readonly Posted[]
  readonly query: string
}

/** Joins documents to one query until it would grow too long, then begins the next. */
function joined(posted: readonly Posted[], separator: string, textOf: (document: Posted) => string): Group[] {
  const groups: Group[] = []
  for (const document of posted) {
    const last = groups.at(-1)
    const longer = last && `${last.query}${separator}${textOf(document)}`
    if (last && longer && encodeURIComponent(longer).length <= maxQueryLength) {
      groups[groups.length - 1] = { posted: [...last.posted, document], query: longer }
    } else groups.push({ posted: [document], query: textOf(document) })
  }
  return groups
}

const equals = (field: string, value: string): string =>
  `${field}=="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** What a document is asked for by: its marker; a bill by its number, because Xero's filters know no address. */
const asked = (posted: Posted): { readonly field: string; readonly value: string } =>
  posted.list === 'invoices' && posted.kind === 'bill'
    ? { field: 'InvoiceNumber', value: posted.number }
    : { field: markerField(posted), value: markerOf(posted) }

const askedValue = (document: Posted): string => asked(document).value

const whereText = (document: Posted): string => equals(asked(document).field, askedValue(document))

/** A page brings the lines, which an unpaged list leaves out (xero.md, Reading); one page holds more than one query asks for. */
export const onePage = { page: 1, pageSize: 1000 }

/** By their markers, in the words of Xero's filter. */
export const askWhere = (path: string, posted: readonly Posted[], more: Query): LookUp[] =>
  joined(posted, ' OR ', whereText).map(({ posted: group, query }) => ({
    posted: group,
    path,
    query: { where: query, ...more },
  }))

/** One code can be asked for by its path; for several the whole list is one call (xero.md, Reading). */
export function askForCodes(posted: readonly Posted[]): LookUp[] {
  const [code, ...others] = [...new Set(posted.map(markerOf))]
  const single = code !== undefined && others.length === 0 && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(code)
  return posted.length === 0 ? [] : [{ posted, path: single ? `Items/${code}` : 'Items', query: { unitdp: 4 } }]
}

/** The filter by numbers takes a list with commas, so a number that holds a comma is asked for in another way. */
export function askForNumbers(posted: readonly Posted[]): LookUp[] {
  const more = { unitdp: 4, ...onePage }
  const isListed = (document: Posted) =>
    asked(document).field === 'InvoiceNumber' && !askedValue(document).includes(',')
  const listed = joined(posted.filter(isListed), ',', askedValue).map(({ posted: group, query }) => ({
    posted: group,
    path: 'Invoices',
    query: { InvoiceNumbers: query, ...more },
  }))
  const others = posted.filter((document) => !isListed(document))
  return [...listed, ...askWhere('Invoices', others, more)]
}
