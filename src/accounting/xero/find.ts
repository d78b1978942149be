// Looks documents up by their markers, before anything of unknown outcome is sent again. The answer is filtered here,
// because Xero's filters are wider than ours.
import type { RemoteList } from '../../domain/entity-types.ts'
import type { FoundDocument } from '../../domain/found-document.ts'
import { contentKeyOf } from '../../domain/posting/marker.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import { syncError } from '../../domain/sync-errors.ts'
import type { Call, Found, ObservedLimits, Outcome } from '../provider.ts'
import { type Answer, limitsOf } from './answer.ts'
import type { Client } from './client.ts'
import { modifiedSinceHeader } from './dates.ts'
import { collection, seenIn } from './elements.ts'
import { judgeWhole, refused, unknown } from './errors.ts'
import type { Json } from './json.ts'
import { kindOf } from './kinds.ts'
import { isId, lists } from './lists.ts'
import { type LookUp, onePage } from './look-up-queries.ts'
import { isDoubtful, isOnlyPage } from './pages.ts'
import { bearsMarker, isDead, isNamedAlike, isNamesake, markerOf, mayBe, remoteRef } from './remote.ts'
import { standingOf } from './standing.ts'
import { unclearAmong } from './unclear.ts'

/** Documents in groups that one call can look up: each call counts against Xero's limits. */
export const lookUpGroups = (list: RemoteList, posted: readonly Posted[]): readonly (readonly Posted[])[] =>
  plan(list, posted).map((lookUp) => lookUp.posted)

function plan(list: RemoteList, posted: readonly Posted[]): readonly LookUp[] {
  // Answering "not found" for what cannot be looked up would let it be sent twice.
  if (posted.some((document) => document.list !== list || markerOf(document) === ''))
    throw new TypeError(`only ${list} with a marker can be looked up`)
  return kindOf(list).lookUps(posted)
}

const isAll = (answer: Answer, answered: readonly Json[]): boolean =>
  isOnlyPage(answer, onePage.pageSize, answered.length)

const nothing = (absent: readonly Posted[]): Found => ({ found: [], unclear: [], absent, isDoubtful: false })

const isOf = (row: Json, document: Posted): boolean => bearsMarker(row, document) || isNamedAlike(row, document)

const noLimits: ObservedLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }

/** Looks one group up, in one call. */
export async function find(
  client: Client,
  call: Call,
  list: RemoteList,
  posted: readonly Posted[],
  namesakes = false,
): Promise<Outcome<Found>> {
  const [lookUp, another] = plan(list, posted)
  if (another) throw new TypeError('one call looks up one group of lookUpGroups')
  if (!lookUp) return { kind: 'ok', value: nothing(posted), limits: noLimits }
  const answer = await client.get(call, lookUp.path, lookUp.query)
  const verdict = judgeWhole(answer, 'read')
  const absent = verdict.kind === 'refused' && verdict.refusal.reason === 'not_found' && lookUp.path.includes('/')
  // One document less makes the address shorter; one alone is never too long for Xero.
  if (answer.status === 414 && posted.length > 1) {
    return refused({ reason: 'rejected', error: syncError('look_up_refused') }, limitsOf(answer))
  }
  if (absent) return { kind: 'ok', value: nothing(posted), limits: limitsOf(answer) }
  if (verdict.kind !== 'answered') return verdict
  const answered = collection(answer, lists[list].path)
  // What stands on a further page was not looked at: any number of bills may bear the number that was asked for.
  const isWhole = answered !== null && (lists[list].maxPageSize === null || isAll(answer, answered))
  if (answered === null || !isWhole) return unknown(answer, 'read')
  // An unpaged list of items is no answer to a number: it holds every row.
  const isAsked = lookUp.path.includes('/') || lists[list].maxPageSize !== null
  const value = {
    found: among(answered, list, posted, namesakes),
    unclear: unclearAmong(answered, posted, isAsked),
    absent: posted.filter((document) => !answered.some((row) => isOf(row, document))),
    isDoubtful: lists[list].maxPageSize !== null && isDoubtful(answer, answered.length),
  }
  return { kind: 'ok', value, limits: limitsOf(answer) }
}

/**
 * The fields in Xero that contradict what would be posted; empty when it is the same document. One that cannot be read
 * differs in everything that matters.
 */
export function differences(posted: Posted, row: Json): string[] {
  try {
    const compared = Object.entries(kindOf(posted.list).compare(posted, row))
    return compared.filter(([, agrees]) => !agrees).map(([field]) => field)
  } catch {
    return ['unreadable']
  }
}

/** Of the documents, those that stand among these rows; or their namesakes, all that live, whoever made them. */
function among(
  answered: readonly Json[],
  list: RemoteList,
  posted: readonly Posted[],
  namesakes = false,
): FoundDocument[] {
  const { isOurs } = kindOf(list)
  const rows = answered.filter((row) => isId(row[lists[list].idField]))
  return posted.flatMap((document) => {
    const possible = rows.filter((row) => isOurs(row, document))
    const marked = possible.filter((row) => bearsMarker(row, document))
    const unmarked = marked.length > 0 ? [] : possible.filter((row) => mayBe(row, document))
    const alike = possible.filter((row) => !isDead(row) && (isNamesake(row, document) || marked.includes(row)))
    return (namesakes ? alike : [...marked, ...unmarked]).map((row) => ({
      marker: markerOf(document),
      soughtAs: contentKeyOf(document),
      isMarked: marked.includes(row),
      remote: remoteRef(list, row, document),
      ...(list === 'invoices' ? { standing: standingOf(row) } : {}),
      differences: differences(document, row),
      seen: seenIn(list, row),
    }))
  })
}

/** Looks for documents among those of their list that changed since, in one page. */
export async function findChanged(
  client: Client,
  call: Call,
  list: RemoteList,
  posted: readonly Posted[],
  since: string,
): Promise<Outcome<{ found: FoundDocument[]; unseen: readonly Posted[] }>> {
  const answer = await client.get(call, lists[list].path, kindOf(list).changed, modifiedSinceHeader(since))
  const verdict = judgeWhole(answer, 'read')
  if (verdict.kind !== 'answered') return verdict
  // A list without changes may answer 304 (xero.md, Open questions).
  const answered = answer.status === 304 ? [] : collection(answer, lists[list].path)
  if (answered === null) return unknown(answer, 'read')
  const { isUnique } = kindOf(list)
  const hits = among(answered, list, posted)
  const isWhole = isAll(answer, answered)
  // A document that the rows leave open is asked for by its marker.
  const unclear = new Set(unclearAmong(answered, posted, false).map(({ document }) => document))
  const isSettled = (document: Posted): boolean => {
    if (unclear.has(document)) return false
    const isFound = hits.some(({ marker, isMarked }) => isMarked && marker === markerOf(document))
    return isWhole ? isFound || isUnique(document) : isFound && isUnique(document)
  }
  const unseen = posted.filter((document) => !isSettled(document))
  const open = new Set(unseen.map(markerOf))
  const found = hits.filter(({ marker }) => !open.has(marker))
  return { kind: 'ok', value: { found, unseen }, limits: limitsOf(answer) }
}
