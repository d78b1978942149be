// Hits of a look-up that may be the record's own document. Where any number of documents may bear the name that was asked for
// (the number of a vendor, or the reference of an invoice that Xero numbers), those of other records are none of it.
import type { Db } from '../db/tables.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { hasTwins, isSoughtAs, markerOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import type { JobContext } from './job-context.ts'
import { isLive } from './look-up.ts'

/** A record whose document was looked for. */
export interface Sought {
  readonly recordId: string
  readonly posted: Posted
}

const idOf = ({ remote }: FoundDocument): string => remote.remoteId

/** Another contact and another total: nothing but the reference speaks for it. */
export const isContrary = ({ differences }: FoundDocument): boolean =>
  differences.includes('contact') && differences.includes('total')

const isUnnumbered = ({ posted }: Sought): boolean =>
  posted.list === 'invoices' && posted.kind === 'sale' && posted.number === undefined

const isExact = (hit: FoundDocument): boolean => isLive(hit) && hit.differences.length === 0

/** The hits that were laid beside the document, each once. */
export function hitsFor<T extends FoundDocument>(found: readonly T[], posted: Posted): readonly T[] {
  const marker = markerOf(posted).value
  const hits = found.filter((hit) => hit.marker === marker && isSoughtAs(hit, posted))
  return [...new Map(hits.map((hit) => [idOf(hit), hit])).values()]
}

/** `since`: before that nothing was sent of these; null: not known. */
export async function ownHits(
  db: Db,
  { job, connection }: JobContext,
  {
    sought,
    found,
    since,
  }: {
    readonly sought: readonly Sought[]
    readonly found: readonly FoundDocument[]
    readonly since: string | null
  },
): Promise<ReadonlyMap<Sought, readonly FoundDocument[]>> {
  const own = new Map(sought.map((one) => [one, hitsFor(found, one.posted)]))
  const twins = sought.filter(({ posted }) => hasTwins(posted))
  const ids = twins.flatMap((one) => own.get(one) ?? []).map(idOf)
  const links = await findLinksByRemoteId(db, job.companyId, connection.id, ['invoice', 'bill'], [...new Set(ids)])
  const recordOf = new Map(links.map(({ remoteId, recordId }) => [remoteId, recordId]))
  for (const one of twins) {
    const isOthers = (hit: FoundDocument) => (recordOf.get(idOf(hit)) ?? one.recordId) !== one.recordId
    own.set(one, own.get(one)?.filter((hit) => !isOthers(hit)) ?? [])
  }
  const unnumbered = sought.filter(isUnnumbered)
  assign(unnumbered, own)
  for (const one of unnumbered) {
    const isOlder = ({ remote }: FoundDocument) =>
      since !== null && remote.updatedAt !== null && remote.updatedAt < since
    const isNone = (hit: FoundDocument) => !isExact(hit) && (isContrary(hit) || isOlder(hit))
    own.set(one, own.get(one)?.filter((hit) => !isNone(hit)) ?? [])
  }
  return own
}

/** Documents that are alike to the letter go to one record each; one that is exactly a record's is no other record's. */
function assign(unnumbered: readonly Sought[], own: Map<Sought, readonly FoundDocument[]>): void {
  const exactOf = (one: Sought) => (own.get(one) ?? []).filter(isExact)
  const taken = new Map<string, Sought>()
  for (const one of unnumbered) {
    const free = exactOf(one).filter((hit) => !taken.has(idOf(hit)))
    const rivals = unnumbered.filter((other) =>
      exactOf(other).some((hit) => free.some((mine) => idOf(mine) === idOf(hit))),
    )
    const left = rivals.filter((other) => ![...taken.values()].includes(other))
    const [first] = free
    // More of them than records: which one is the record's, a person has to say.
    if (!first || free.length > left.length) continue
    taken.set(idOf(first), one)
    own.set(one, [first])
  }
  const settled = new Set(taken.values())
  for (const one of unnumbered) {
    if (settled.has(one)) continue
    const others = new Set(unnumbered.filter((other) => other !== one).flatMap((other) => exactOf(other).map(idOf)))
    own.set(one, own.get(one)?.filter((hit) => (isExact(hit) ? !taken.has(idOf(hit)) : !others.has(idOf(hit)))) ?? [])
  }
}
