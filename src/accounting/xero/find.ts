// Looks documents up by their markers, before anything of unknown outcome is sent again. Each list is asked in the way
// that its API allows for many at once; the answer is then filtered here, because Xero's filters are wider than ours.
import type { RemoteList } from '../../domain/entity-types.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { Call, FoundDocument, ObservedLimits, Outcome } from '../provider.ts'
import { limitsOf } from './answer.ts'
import type { Client, Query } from './client.ts'
import { modifiedSinceHeader } from './dates.ts'
import { differences } from './differences.ts'
import { collection } from './elements.ts'
import { judgeWhole, unknown } from './errors.ts'
import { type Json, text } from './json.ts'
import { isId, lists } from './lists.ts'
import { nextPage } from './pages.ts'
import { fold, isUnique, markerField, markerOf, remoteRef } from './remote.ts'

interface LookUp {
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

const whereText = (document: Posted): string => equals(markerField(document), markerOf(document))

/** A page brings the lines, which an unpaged list leaves out (FACTS §2.4); one page holds more than one query asks for. */
const onePage = { page: 1, pageSize: 1000 }

const lookUps: Readonly<Record<RemoteList, (posted: readonly Posted[]) => LookUp[]>> = {
  // Archived ones too: an archived contact still holds its number.
  contacts: (posted) =>
    joined(posted, ' OR ', whereText).map(({ posted: group, query }) => ({
      posted: group,
      path: 'Contacts',
      query: { where: query, includeArchived: true, ...onePage },
    })),
  // One code can be asked for by its path; for several the whole list is one call (FACTS §2.4).
  items(posted) {
    const [code, ...others] = [...new Set(posted.map(markerOf))]
    const single = code !== undefined && others.length === 0 && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(code)
    return posted.length === 0 ? [] : [{ posted, path: single ? `Items/${code}` : 'Items', query: { unitdp: 4 } }]
  },
  // The filter by numbers takes a list with commas, so a number that holds a comma is asked for in another way.
  invoices(posted) {
    const listed = (document: Posted) => markerField(document) === 'InvoiceNumber' && !markerOf(document).includes(',')
    const numbers = joined(posted.filter(listed), ',', markerOf)
    const rest = joined(
      posted.filter((document) => !listed(document)),
      ' OR ',
      whereText,
    )
    const lookUp =
      (filter: 'InvoiceNumbers' | 'where') =>
      (group: Group): LookUp => ({
        posted: group.posted,
        path: 'Invoices',
        query: { [filter]: group.query, unitdp: 4, ...onePage },
      })
    return [...numbers.map(lookUp('InvoiceNumbers')), ...rest.map(lookUp('where'))]
  },
}

/** Documents in groups that one call can look up: each call counts against Xero's limits. */
export const lookUpGroups = (list: RemoteList, posted: readonly Posted[]): readonly (readonly Posted[])[] =>
  plan(list, posted).map((lookUp) => lookUp.posted)

function plan(list: RemoteList, posted: readonly Posted[]): LookUp[] {
  // Answering "not found" for what cannot be looked up would let it be sent twice.
  if (posted.some((document) => document.list !== list || markerOf(document) === ''))
    throw new TypeError(`only ${list} with a marker can be looked up`)
  return lookUps[list](posted)
}

/** Bills may carry the same number: they are other documents. */
const isOurKind = (list: RemoteList, row: Json): boolean => list !== 'invoices' || text(row, 'Type') === 'ACCREC'

const noLimits: ObservedLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }

/** Looks one group up, in one call. */
export async function find(
  client: Client,
  call: Call,
  list: RemoteList,
  posted: readonly Posted[],
): Promise<Outcome<FoundDocument[]>> {
  const [lookUp, another] = plan(list, posted)
  if (another) throw new TypeError('one call looks up one group of lookUpGroups')
  if (!lookUp) return { kind: 'ok', value: [], limits: noLimits }
  const answer = await client.get(call, lookUp.path, lookUp.query)
  const verdict = judgeWhole(answer, 'read')
  const absent = verdict.kind === 'refused' && verdict.refusal.reason === 'not_found' && lookUp.path.includes('/')
  if (absent) return { kind: 'ok', value: [], limits: limitsOf(answer) }
  if (verdict.kind !== 'answered') return verdict
  const answered = collection(answer, lists[list].path)
  if (answered === null) return unknown(answer, 'read')
  return { kind: 'ok', value: among(answered, list, posted), limits: limitsOf(answer) }
}

/** Of the documents, those that stand among these rows. */
function among(answered: readonly Json[], list: RemoteList, posted: readonly Posted[]): FoundDocument[] {
  const rows = answered.filter((row) => isId(row[lists[list].idField]) && isOurKind(list, row))
  return posted.flatMap((document) =>
    rows
      .filter((row) => fold(text(row, markerField(document))) === fold(markerOf(document)))
      .map((row) => ({
        marker: markerOf(document),
        remote: remoteRef(list, row, document),
        differences: differences(document, row),
      })),
  )
}

/** Contacts and invoices that changed since, in one page. What this application did not create is no invoice of ours. */
const changed: Readonly<Record<RemoteList, Query>> = {
  contacts: { includeArchived: true, ...onePage },
  items: { unitdp: 4 },
  invoices: { createdByMyApp: true, unitdp: 4, ...onePage },
}

export async function findChanged(
  client: Client,
  call: Call,
  list: RemoteList,
  posted: readonly Posted[],
  since: string,
): Promise<Outcome<{ found: FoundDocument[]; unseen: readonly Posted[] }>> {
  const answer = await client.get(call, lists[list].path, changed[list], modifiedSinceHeader(since))
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  // A list without changes may answer 304 (FACTS §10).
  const answered = answer.status === 304 ? [] : collection(answer, lists[list].path)
  if (answered === null) return unknown(answer, 'read')
  const hits = among(answered, list, posted)
  const isWhole = nextPage(answer, onePage.page, onePage.pageSize, answered.length) === null
  const isSettled = (document: Posted): boolean => {
    const isFound = hits.some(({ marker }) => marker === markerOf(document))
    return isWhole ? isFound || isUnique(document) : isFound && isUnique(document)
  }
  const unseen = posted.filter((document) => !isSettled(document))
  const open = new Set(unseen.map(markerOf))
  const found = hits.filter(({ marker }) => !open.has(marker))
  return { kind: 'ok', value: { found, unseen }, limits: limitsOf(answer) }
}
