// Looking documents up by their markers, each call from the budget. Where that would take several calls and it is known
// since when the documents may stand there, one call for what changed since then comes first. A look-up may be stopped
// between its calls: it tells what it has not seen, because "not found" must never be said of what was not looked at. A
// question that is refused is asked in another way: for fewer at once, then by what changed. What no way answers is told,
// and so is an answer, twice in a row, with a row that may be the document and cannot be understood.
import type { AccountingProvider, Found, Outcome } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { documentKinds, type RecordType, type RemoteList } from '../domain/entity-types.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { laidBeside } from '../domain/met-document.ts'
import { markerOf, nameOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import { shortMemory } from '../lib/short-memory.ts'
import type { Logger } from '../observability/logger.ts'
import type { Caller, CallResult } from './calls.ts'
import { count, type JobContext, type StepResult } from './job-context.ts'
import { oddRowKeeper } from './odd-rows.ts'
import type { ElementOutcome } from './outcome.ts'

export type LookUp = ReturnType<typeof lookUp>

type Hindrance = Exclude<CallResult<never>, { kind: 'ok' }>

export interface Sighting {
  readonly found: readonly FoundDocument[]
  /** Markers that were not asked for, because of the hindrance. */
  readonly unseen: readonly string[]
  /**
   * By marker: what the accounting system refuses to be asked for in any way, or does not answer so that it can be understood.
   * Asking again now would bring the same.
   */
  readonly refused: ReadonlyMap<string, SyncError>
  /** Null when all was seen, or refused. */
  readonly hindrance: Hindrance | null
  /** Calls that were answered. */
  readonly calls: number
}

interface Asking {
  readonly since?: string | null
  readonly namesakes?: boolean
  /** Markers of documents that were known to stand there: of them one answer without them is not enough. */
  readonly wary?: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()
const noLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }

/** Two answers belong together that are no longer apart. */
const absenceMs = 10 * 60_000

export function lookUp(deps: { db: Db; clock: Clock; provider: AccountingProvider; caller: Caller; log: Logger }) {
  const { db, clock, provider, caller, log } = deps
  const keepOddRows = oddRowKeeper({ db, clock })
  /** Documents of which the last answer was unclear, and which were not told yet. */
  const doubts = shortMemory<true>(clock)

  /** Documents that the last answer did not show, although something speaks for it that they are there. */
  const absences = shortMemory<true>(clock, absenceMs)

  return async (
    context: JobContext,
    list: RemoteList,
    posted: readonly Posted[],
    { since = null, namesakes = false, wary = none }: Asking = {},
  ): Promise<Sighting> => {
    const { connection, meter } = context
    /** A question whose answer the service fails on ends like one that is refused: found in halves, it is told of one document. */
    const answered = async <T>(asked: Promise<Outcome<T>>): Promise<Outcome<T>> => {
      try {
        return await asked
      } catch (error) {
        log.error({ connectionId: connection.id, list, error }, 'a look-up failed here')
        return { kind: 'refused', refusal: { reason: 'rejected', error: syncError('internal') }, limits: noLimits }
      }
    }
    const keyOf = (document: Posted) => `${connection.id} ${list} ${markerOf(document).value}`
    const options = { meter, purpose: 'resolution' } as const
    const found: FoundDocument[] = []
    let groups = provider.lookUpGroups(list, posted)
    let calls = 0
    let refused: { readonly document: Posted; readonly error: SyncError }[] = []
    const unclear: { readonly document: Posted; readonly error: SyncError }[] = []
    const asksAgain: { readonly document: Posted; readonly error: SyncError }[] = []
    /** Absence is believed at once, or by a second answer where something speaks against it. */
    const isBelieved = (document: Posted, { absent, isDoubtful }: Found): boolean => {
      const key = keyOf(document)
      const isAbsent = absent.includes(document)
      const isSure = !isAbsent || !(isDoubtful || wary.has(markerOf(document).value))
      const isSecond = absences.get(key) === true
      // A question without suspicion in between leaves the suspicion as it is.
      if (!isAbsent || (!isSure && isSecond)) absences.forget(key)
      if (!isSure && !isSecond) absences.set(key, true)
      return isSure || isSecond
    }
    const stopped = (hindrance: Hindrance | null): Sighting => {
      // Stopped, what was refused is asked for again with the rest.
      const others = hindrance ? [...refused, ...unclear, ...asksAgain].map(({ document }) => document) : []
      const unseen = [...groups.flat(), ...others].map((document) => markerOf(document).value)
      // Told once, it is asked for twice again.
      if (!hindrance) for (const { document } of unclear) doubts.forget(keyOf(document))
      const told = hindrance
        ? []
        : [...refused, ...unclear].map(({ document, error }) => [markerOf(document).value, error] as const)
      return { found, unseen, refused: new Map(told), hindrance, calls }
    }
    /** Of what an answer leaves open nothing is taken: it is asked for once more, later. */
    const take = async (seen: Found, group: readonly Posted[]): Promise<void> => {
      for (const document of group) {
        const key = keyOf(document)
        const open = seen.unclear.find((one) => one.document === document)
        if (open) {
          const error = unclearFor(document, open.row.reason)
          if (doubts.get(key)) unclear.push({ document, error })
          else asksAgain.push({ document, error })
          doubts.set(key, true)
          continue
        }
        doubts.forget(key)
        if (!isBelieved(document, seen)) asksAgain.push({ document, error: absentFor(document) })
      }
      const open = new Set(seen.unclear.map(({ document }) => markerOf(document).value))
      found.push(...seen.found.filter(({ marker }) => !open.has(marker)))
      const type = recordTypeOf(list, group)
      const odd = [...new Map(seen.unclear.map(({ row }) => [row.remoteId ?? row, row])).values()]
      if (list === 'invoices') {
        const documents = seen.found.flatMap(({ standing }) => standing ?? [])
        await keepOddRows(context, type, { documents: odd.length === 0 ? documents : [], odd })
      } else count(context, type, 'oddRows', odd.length)
    }
    if (since !== null && groups.length > 1) {
      const seen = await caller.call(
        connection,
        (call) => answered(provider.findChanged(call, list, posted, since)),
        options,
      )
      if (seen.kind !== 'ok' && !isRefused(seen)) return stopped(seen)
      calls += 1
      if (seen.kind === 'ok') {
        found.push(...seen.value.found)
        groups = provider.lookUpGroups(list, seen.value.unseen)
      }
    }
    for (;;) {
      const [group, ...others] = groups
      if (!group) break
      const seen = await caller.call(
        connection,
        (call) => answered(provider.find(call, list, group, namesakes)),
        options,
      )
      if (seen.kind === 'ok') await take(seen.value, group)
      else if (!isRefused(seen)) return stopped(seen)
      calls += 1
      groups = others
      if (seen.kind === 'ok') continue
      const [document] = group
      if (group.length === 1 && document) refused.push({ document, error: refusedFor(document, seen.error) })
      else groups = [...inHalves(group), ...others]
    }
    const [doubtful] = asksAgain
    if (doubtful) return stopped({ kind: 'unknown', error: doubtful.error })
    if (refused.length > 0 && since !== null) {
      const wanted = refused.map(({ document }) => document)
      const seen = await caller.call(
        connection,
        (call) => answered(provider.findChanged(call, list, wanted, since)),
        options,
      )
      if (seen.kind !== 'ok' && !isRefused(seen)) return stopped(seen)
      calls += 1
      if (seen.kind === 'ok') {
        const { unseen } = seen.value
        found.push(...seen.value.found)
        refused = refused.filter(({ document }) => unseen.includes(document))
      }
    }
    return stopped(null)
  }
}

/** The question itself is refused, such as a filter that cannot be parsed. A right that is missing is missing for any. */
export const isRefused = (result: Hindrance): result is Extract<Hindrance, { kind: 'refused' }> =>
  result.kind === 'refused' && result.error.code !== 'not_permitted'

function inHalves<T>(group: readonly T[]): (readonly T[])[] {
  const half = Math.ceil(group.length / 2)
  return [group.slice(0, half), group.slice(half)]
}

export function refusedFor(document: Posted, error: SyncError): SyncError {
  if (error.code === 'internal') return error
  const cause = `Xero refuses to look up ${nameOf(document)}: ${error.cause}`
  return syncError('look_up_refused', { cause, xero: error.xero })
}

function unclearFor(document: Posted, reason: string): SyncError {
  const what = `Xero's answer to the look-up of ${nameOf(document)} holds a row that may be it`
  return syncError('answer_incomplete', { cause: `${what}, and cannot be understood. ${reason}` })
}

function absentFor(document: Posted): SyncError {
  const cause = `Xero's answer does not show ${nameOf(document)}, which may stand there. It is asked for once more.`
  return syncError('answer_incomplete', { cause })
}

/** Contacts are counted with customers. */
function recordTypeOf(list: RemoteList, [first]: readonly Posted[]): RecordType {
  if (list !== 'invoices') return list === 'items' ? 'item' : 'customer'
  return first?.list === 'invoices' && first.kind === 'bill' ? 'bill' : 'invoice'
}

/** How the step goes on when the rest could not be looked up now. */
export function hindered(hindrance: Hindrance): StepResult {
  switch (hindrance.kind) {
    case 'wait':
      return { kind: 'wait', until: hindrance.until, reason: hindrance.error.code }
    // A right that is missing stays missing: the job ends with it, instead of asking without end.
    case 'lost':
    case 'refused':
      return { kind: 'fail', error: hindrance.error }
    default:
      return { kind: 'trouble', error: hindrance.error }
  }
}

export const isLive = ({ remote }: FoundDocument): boolean => remote.status !== 'DELETED' && remote.status !== 'VOIDED'

/** With the name of the contact that the answer shows beside it. */
export const foundAs = ({ remote, standing }: FoundDocument) => ({ ...remote, name: standing?.contactName ?? null })

const unmarked = 'Xero holds a bill of this vendor with this number, and nothing on it says which record it is.'

/** Both sides of a found invoice or bill, field by field. */
function bothSides(posted: Posted, { remote, standing, differences: told }: FoundDocument, { reference }: JobContext) {
  if (posted.list !== 'invoices' || !standing) return {}
  // Contacts that a person merged are one.
  const isMerged = !told.includes('contact')
  const contactRemoteId = (isMerged && standing.content.contactRemoteId) || posted.contactRemoteId
  const { differences } = laidBeside({ ...posted, contactRemoteId }, standing, remote.lineIds, reference.taxRates)
  return { differences: [...differences] }
}

/** One hit is the document itself, if nothing contradicts; Xero's own unique codes and numbers make contacts and items. */
export function outcomeOfLookup(context: JobContext, hits: readonly FoundDocument[], posted: Posted): ElementOutcome {
  const { list } = posted
  // A number that was voided and used again is no duplicate: the live document counts.
  const live = hits.filter(isLive)
  const [hit, another] = live.length > 0 ? live : hits
  if (!hit) return { kind: 'not_written', error: null }
  const { remote, seen = null, standing } = hit
  const result = { kind: 'written', remote, warnings: [], seen, standing } as const
  const candidates = candidatesOf((live.length > 0 ? live : hits).map(foundAs))
  if (!hit.isMarked) {
    // The one that agrees in everything is the bill, whoever entered it; an update then marks it.
    const isIt = another === undefined && hit.differences.length === 0
    const error = syncError('duplicate_number', { cause: unmarked, candidates })
    return isIt ? { kind: 'adopted', result, same: false, isMet: true } : { kind: 'conflict', error }
  }
  if (another && live.length > 1) return { kind: 'conflict', error: syncError('duplicate_found', { candidates }) }
  if (hit.differences.length === 0) return { kind: 'adopted', result, same: true }
  if (documentKinds[list].isSameByMarker) return { kind: 'adopted', result, same: false }
  if (live.length === 0 && standing?.kind === 'sale') {
    const cause = `A document with this number stands in Xero as ${remote.status}, and Xero does not use its number again.`
    const action = 'Give the document another number, then run a sync job.'
    return { kind: 'conflict', error: syncError('duplicate_number', { cause, action, candidates }) }
  }
  const cause = `A document with this number exists in Xero and differs in: ${hit.differences.join(', ')}.`
  const sides = bothSides(posted, hit, context)
  return { kind: 'conflict', error: syncError('duplicate_number', { cause, candidates, ...sides }) }
}
