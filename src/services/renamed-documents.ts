// Changes that give a document another number where Xero keeps no second one of it out: bills, and the references of invoices
// that it numbers itself. They are asked what new ones are asked, one call for all: whether a document that is no record's
// bears that number already.
import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { hasTwins, markerOf, nameOf } from '../domain/posting/marker.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import { shortMemory } from '../lib/short-memory.ts'
import { claimsOn } from './claimed-documents.ts'
import type { JobContext, StepResult } from './job-context.ts'
import { foundAs, hindered, isLive, type LookUp } from './look-up.ts'
import type { HeldItem } from './refusals.ts'

/** A change that may be sent, and the document as it stands. */
export interface Renaming {
  readonly recordId: string
  readonly posted: PostedDocument
  readonly standing: StandingDocument
  readonly item: HeldItem
}

/** By record id, why its number cannot be taken; or how the step goes on, where that cannot be known now. */
export type Renamed = { readonly kind: 'asked'; readonly taken: ReadonlyMap<string, SyncError> } | StepResult

const fold = (text: string | null): string => (text ?? '').trim().toLowerCase()

function isRenamed({ posted, standing: { content } }: Renaming): boolean {
  if (!hasTwins(posted)) return false
  const isOfAnother = fold(content.contactRemoteId) !== fold(posted.contactRemoteId)
  return isOfAnother || fold(posted.kind === 'bill' ? content.number : content.reference) !== fold(nameOf(posted))
}

const markerIn = ({ posted }: Renaming): string => markerOf(posted).value

const action =
  'Give the document another number, or delete, void or renumber the other one in Xero. Where that one is this record: DELETE …/link, ' +
  'PUT …/link with its id, and remove the one that the record was linked to. Then run a sync job.'

function takenBy(posted: PostedDocument, others: readonly FoundDocument[]): SyncError {
  const whose = posted.kind === 'bill' ? 'a bill of this vendor' : 'an invoice of this customer'
  const cause = `Xero holds ${whose} with the number ${nameOf(posted)} that is none of the records.`
  return syncError('duplicate_number', { cause, action, candidates: candidatesOf(others.map(foundAs)) })
}

/** So long a number that was found free is not asked for again: where calls come free one by one, the write would never have one. */
const freshMs = 15 * 60_000

const keyOf = ({ job }: JobContext, { item, posted }: Renaming): string =>
  JSON.stringify([job.id, item.id, posted.contactRemoteId, nameOf(posted)])

export function renamings(deps: { readonly db: Db; readonly clock: Clock; readonly lookUp: LookUp }) {
  const { db, clock, lookUp } = deps
  const foundFree = shortMemory<true>(clock, freshMs)
  return async (context: JobContext, type: DocumentType, changes: readonly Renaming[]): Promise<Renamed> => {
    // A person was told that Xero refuses the question, and let the job run again.
    const asked = changes.filter(
      (one) => isRenamed(one) && one.item.lastError?.code !== 'look_up_refused' && !foundFree.get(keyOf(context, one)),
    )
    const taken = new Map<string, SyncError>()
    if (asked.length === 0) return { kind: 'asked', taken }
    const wary = new Set(asked.filter(({ item }) => item.lastError?.code === 'duplicate_number').map(markerIn))
    const wanted = asked.map(({ posted }) => posted)
    const { found, refused, hindrance } = await lookUp(context, 'invoices', wanted, { namesakes: true, wary })
    if (hindrance) return hindered(hindrance)
    const { linked, addressed } = await claimsOn(db, { type, context }, found, [])
    for (const one of asked) {
      const error = refused.get(markerIn(one))
      const isInTheWay = (hit: FoundDocument): boolean => {
        const { remoteId } = hit.remote
        const isAnothers = linked.has(remoteId) || addressed.has(remoteId)
        return hit.marker === markerIn(one) && remoteId !== one.standing.remote.remoteId && isLive(hit) && !isAnothers
      }
      const others = found.filter(isInTheWay)
      if (error) taken.set(one.recordId, error)
      else if (others.length > 0) taken.set(one.recordId, takenBy(one.posted, others))
      else foundFree.set(keyOf(context, one), true)
    }
    return { kind: 'asked', taken }
  }
}
