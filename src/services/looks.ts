// The look before an invoice or bill is changed or removed: what stands in Xero is read by its ids, one call for a batch,
// and put on record with the job, so that a job that has to wait between look and write does not look for ever.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { Link } from '../stores/links.ts'
import type { Caller } from './calls.ts'
import type { JobContext, StepResult } from './job-context.ts'
import { hindered } from './look-up.ts'

/** What was seen longer ago than this is looked at again, also in the same job. */
const freshMs = 15 * 60_000

export type Looks = ReturnType<typeof looks>

/** By remote id; null where it is not there. */
export type Seen = ReadonlyMap<string, StandingDocument | null>

export type Look =
  /** `fresh`: of those seen, the ones that were read now. */
  | { readonly kind: 'seen'; readonly seen: Seen; readonly fresh: Seen }
  | { readonly kind: 'refused'; readonly error: SyncError }
  /** It could not be done now. */
  | { readonly kind: 'hindered'; readonly result: StepResult }

const isSeenBy = (link: Link, jobId: string, since: string): boolean =>
  link.lookedIn === jobId && (link.lookedAt ?? '') > since

/** Lists may lag behind writes: what was written less long ago may not show there yet. */
const lagMs = 15 * 60_000
const second = (instant: string): string => instant.slice(0, 19)

/** As it stood by our last write or look. */
function asKnown(link: Link, settled: string): StandingDocument | null {
  if (!link.content) return null
  const { remoteId, number, status, remoteUpdatedAt: updatedAt } = link
  return {
    kind: 'sale',
    remote: { remoteId, number, status, updatedAt, lineIds: {} },
    content: link.content,
    subtotal: null,
    tax: null,
    total: null,
    amountDue: link.amountDue ?? null,
    settled,
    fullyPaidOn: link.fullyPaidOn ?? null,
  }
}

/** A look that is older than our last write shows nothing that anybody did since. */
export function believed(link: Link, shown: StandingDocument | null, now: string): StandingDocument | null {
  const written = link.remoteUpdatedAt
  if (written === null) return shown
  if (shown === null) return written > from(now, -lagMs) ? asKnown(link, '0') : null
  const isOld = shown.remote.updatedAt !== null && second(shown.remote.updatedAt) < second(written)
  return isOld ? (asKnown(link, shown.settled) ?? shown) : shown
}

export function looks(deps: { clock: Clock; provider: AccountingProvider; caller: Caller }) {
  const { clock, provider, caller } = deps
  /** Those that this job did not see yet, or not `since` an instant, are read in one call. */
  return async (context: JobContext, links: readonly Link[], since = ''): Promise<Look> => {
    const now = clock.now().toISOString()
    const oldest = [from(now, -freshMs), since].toSorted().at(-1) ?? since
    const isKnown = (link: Link) => isSeenBy(link, context.job.id, oldest)
    const known = links
      .filter(isKnown)
      .map((link): [string, StandingDocument | null] => [link.remoteId, link.seen ?? null])
    const wanted = links.filter((link) => !isKnown(link))
    if (wanted.length === 0) return { kind: 'seen', seen: new Map(known), fresh: new Map() }
    const ids = wanted.map(({ remoteId }) => remoteId)
    const options = { meter: context.meter, purpose: 'sync' } as const
    const read = await caller.call(context.connection, (call) => provider.readDocuments(call, ids), options)
    if (read.kind === 'refused') return read
    if (read.kind !== 'ok') return { kind: 'hindered', result: hindered(read) }
    const found = new Map(read.value.map((document) => [document.remote.remoteId.toLowerCase(), document]))
    const fresh = new Map(
      wanted.map((link) => [link.remoteId, believed(link, found.get(link.remoteId.toLowerCase()) ?? null, now)]),
    )
    return { kind: 'seen', seen: new Map([...known, ...fresh]), fresh }
  }
}
