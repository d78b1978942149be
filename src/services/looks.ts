// The look before an invoice or bill is changed or removed: what stands in Xero is read by its ids, one call for a batch,
// and put on record with the job, so that a job that has to wait between look and write does not look for ever. A document
// that an answer does not show whole was not looked at: it is read again later, in the end alone, and never written blindly.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { type Clock, from } from '../lib/clock.ts'
import { shortMemory } from '../lib/short-memory.ts'
import type { Link } from '../stores/links.ts'
import type { Caller } from './calls.ts'
import type { JobContext, StepResult } from './job-context.ts'
import { hindered } from './look-up.ts'
import { oddRowKeeper } from './odd-rows.ts'

/** What was seen longer ago than this is looked at again, also in the same job. */
const freshMs = 15 * 60_000

/** A document that two answers in a row did not show whole is read alone. */
const togetherAtMost = 2
/** Answers that do not show a document, the last ones to it alone: then it is told. */
const missesAtMost = 4

export type Looks = ReturnType<typeof looks>

/** By remote id; null where it is not there. */
export type Seen = ReadonlyMap<string, StandingDocument | null>

export type Look =
  | {
      readonly kind: 'seen'
      readonly seen: Seen
      /** Of those seen, the ones that were read now. */
      readonly fresh: Seen
      /** By remote id: why no answer showed it. Nothing may be written to it. */
      readonly unshown: ReadonlyMap<string, SyncError>
      /** Others have to be read again: how the step goes on once that is on record which was seen. */
      readonly again: StepResult | null
    }
  | { readonly kind: 'refused'; readonly error: SyncError }
  /** It could not be done now. */
  | { readonly kind: 'hindered'; readonly result: StepResult }

const isSeenBy = (link: Link, jobId: string, since: string): boolean =>
  link.lookedIn === jobId && (link.lookedAt ?? '') > since

const second = (instant: string): string => instant.slice(0, 19)

/** A row of a list that is older than our last write shows nothing that anybody did since. */
const isBehind = (link: Link, { remote }: StandingDocument): boolean =>
  link.remoteUpdatedAt !== null && remote.updatedAt !== null && second(remote.updatedAt) < second(link.remoteUpdatedAt)

const incomplete = (reason: string): SyncError =>
  syncError('answer_incomplete', { cause: `Xero's answer does not show the document as it stands. ${reason}` })

const notShown = 'It was asked for by its id, and is not in the answer.'

export function looks(deps: { db: Db; clock: Clock; provider: AccountingProvider; caller: Caller }) {
  const { db, clock, provider, caller } = deps
  const keepOddRows = oddRowKeeper({ db, clock })
  /** By job and document: how many answers in a row did not show it, and in the end, why it is given up in this job. */
  const misses = shortMemory<{ readonly count: number; readonly error: SyncError | null }>(clock)

  /** Those that this job did not see yet, or not `since` an instant, are read in one call. */
  return async (context: JobContext, type: DocumentType, links: readonly Link[], since = ''): Promise<Look> => {
    const now = clock.now().toISOString()
    const oldest = [from(now, -freshMs), since].toSorted().at(-1) ?? since
    const isKnown = (link: Link) => isSeenBy(link, context.job.id, oldest)
    const known = links
      .filter(isKnown)
      .map((link): [string, StandingDocument | null] => [link.remoteId, link.seen ?? null])
    const keyOf = ({ remoteId }: Link) => `${context.job.id} ${remoteId}`
    const missesOf = (link: Link) => misses.get(keyOf(link)) ?? { count: 0, error: null }
    const unknown = links.filter((link) => !isKnown(link))
    const wanted = unknown.filter((link) => missesOf(link).error === null)
    const alone = wanted.filter((link) => missesOf(link).count >= togetherAtMost)
    const together = wanted.filter((link) => !alone.includes(link))
    const fresh = new Map<string, StandingDocument | null>()
    const options = { meter: context.meter, purpose: 'sync' } as const
    let again: StepResult | null = null

    const givenUp = (link: Link, error: SyncError) => misses.set(keyOf(link), { count: missesAtMost, error })
    const missed = (link: Link, reason: string) => {
      const count = missesOf(link).count + 1
      if (count >= missesAtMost) return givenUp(link, incomplete(reason))
      misses.set(keyOf(link), { count, error: null })
      again ??= { kind: 'trouble', error: incomplete(reason) }
    }
    const settled = (link: Link, standing: StandingDocument | null) => {
      misses.forget(keyOf(link))
      fresh.set(link.remoteId, standing)
    }

    if (together.length > 0) {
      const ids = together.map(({ remoteId }) => remoteId)
      const read = await caller.call(context.connection, (call) => provider.readDocuments(call, ids), options)
      if (read.kind === 'refused') return read
      if (read.kind !== 'ok') return { kind: 'hindered', result: hindered(read) }
      await keepOddRows(context, type, read.value)
      for (const link of together) {
        const { standing, reason } = shownOf(link, read.value)
        if (standing && !isBehind(link, standing)) settled(link, standing)
        else missed(link, standing ? 'It is shown as it was before it was last written.' : reason)
      }
    }
    for (const link of alone) {
      const { remoteId } = link
      const read = await caller.call(context.connection, (call) => provider.readDocument(call, remoteId), options)
      if (read.kind === 'refused') givenUp(link, read.error)
      else if (read.kind === 'unknown') missed(link, read.error.cause)
      else if (read.kind !== 'ok') {
        again = hindered(read)
        break
      } else {
        await keepOddRows(context, type, read.value)
        const { standing, reason } = shownOf(link, read.value)
        // In neither list, it is not there: Xero itself says so of it alone.
        if (standing || read.value.odd.length === 0) settled(link, standing)
        else givenUp(link, incomplete(reason))
      }
    }
    const unshown = new Map(
      unknown.flatMap((link) => {
        const { error } = missesOf(link)
        return error ? [[link.remoteId, error] as const] : []
      }),
    )
    return { kind: 'seen', seen: new Map([...known, ...fresh]), fresh, unshown, again }
  }
}

type Read = Parameters<ReturnType<typeof oddRowKeeper>>[2]

function shownOf({ remoteId }: Link, { documents, odd }: Read): { standing: StandingDocument | null; reason: string } {
  const id = remoteId.toLowerCase()
  const standing = documents.find(({ remote }) => remote.remoteId.toLowerCase() === id) ?? null
  const row = odd.find((one) => one.remoteId === id) ?? odd.find((one) => one.remoteId === null)
  return { standing, reason: row?.reason ?? notShown }
}
