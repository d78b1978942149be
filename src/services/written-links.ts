// The links of records to documents, as the outcomes of a write call tell them. A link is a fact: it is recorded whoever learned it.
import type { Db } from '../db/tables.ts'
import { writtenMarks } from '../domain/amendment.ts'
import { asSent } from '../domain/as-sent.ts'
import { candidatesOf } from '../domain/candidate.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { deleteLinks, findLinksByRemoteId, recordLinks } from '../stores/links.ts'
import { followCreators } from '../stores/merged-links.ts'
import { tellRelinkedDocuments } from '../stores/relinked-documents.ts'
import { deleteRemoteEntities } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'
import { keepAgreementsOf } from './left-agreements.ts'
import type { ElementOutcome, Outcome, Written } from './outcome.ts'

/** No content has this hash. */
const notAsSaid = ''

/** How an invoice or bill stands now, and what of ours stands in it. */
function standingParts(
  element: BatchElement,
  { standing, changedTo, remote }: Written,
  same: boolean,
  isFound: boolean,
) {
  // Under a code for the moment it stands there as no record says.
  const isWhole = same && !element.isPartial && !changedTo
  const recordHash = element.isInterim ? notAsSaid : isWhole ? element.recordHash : undefined
  if (!standing) return { recordHash }
  const sent = element.posted?.list === 'invoices' && same ? writtenMarks(element.posted, standing, element) : undefined
  const { amountDue, fullyPaidOn } = standing
  // An edit of before it was found, which no look-up compares, is one like a later one.
  const isAsSent = isFound && same && element.posted?.list === 'invoices'
  const content = isAsSent ? asSent(element.posted, standing.content, remote.lineIds) : standing.content
  return { content, sent, amountDue, fullyPaidOn, recordHash }
}

const linkOf = (element: BatchElement, result: Written, matchedBy: 'marker' | 'number' | null, same: boolean) => ({
  recordId: element.recordId,
  remoteId: result.remote.remoteId,
  number: result.remote.number,
  status: result.remote.status,
  remoteUpdatedAt: result.remote.updatedAt,
  lineIds: result.remote.lineIds,
  marker: element.marker,
  postedHash: same && !element.isInterim && !result.changedTo ? element.postedHash : null,
  request: element.request ?? null,
  matchedBy,
  ...standingParts(element, result, same, matchedBy !== null),
})

/** By record id, the reason why a link was not taken: the document is another record's, or stands there twice. */
async function clashErrors(
  tx: Db,
  companyId: string,
  connectionId: string,
  type: RecordType,
  links: readonly {
    readonly recordId: string
    readonly remoteId: string
    readonly number: string | null
    readonly name: string | null
  }[],
  refused: readonly string[],
): Promise<[string, SyncError][]> {
  if (refused.length === 0) return []
  const clashing = links.filter(({ recordId }) => refused.includes(recordId))
  const ids = clashing.map(({ remoteId }) => remoteId)
  const holders = new Map(
    (await findLinksByRemoteId(tx, companyId, connectionId, [type], ids)).map((link) => [link.remoteId, link.recordId]),
  )
  return clashing.map(({ recordId, remoteId, number, name }) => {
    const holder = holders.get(remoteId)
    const candidates = candidatesOf([{ remoteId, number, name }])
    if (holder === undefined || holder === recordId) return [recordId, syncError('duplicate_found', { candidates })]
    const found = type === 'item' ? 'item with this code' : 'document with this number'
    const cause = `The ${found} in Xero belongs to the ${type} ${holder}.`
    return [recordId, syncError('duplicate_number', { cause, candidates })]
  })
}

function contactNameIn(outcome: ElementOutcome): [remoteId: string, name: string | null][] {
  const result = outcome.kind === 'adopted' ? outcome.result : outcome
  return result.kind === 'written' ? [[result.remote.remoteId, result.standing?.contactName ?? null]] : []
}

/**
 * Puts on record which documents the records are now. By record id: what is wrong with a link that was not taken. Who
 * created a document holds it, also against one that finds it by the same number in this very call.
 */
export async function linkDocuments(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  outcomes: readonly Outcome[],
  now: string,
): Promise<Map<string, SyncError>> {
  const clashes = new Map<string, SyncError>()
  for (const type of new Set(outcomes.map(({ element }) => element.recordType))) {
    const ofType = outcomes.filter(({ element }) => element.recordType === type)
    const written = ofType.flatMap(({ element, outcome }) =>
      outcome.kind === 'written' ? linkOf(element, outcome, null, true) : [],
    )
    const adopted = ofType.flatMap(({ element, outcome }) =>
      outcome.kind === 'adopted'
        ? linkOf(element, outcome.result, outcome.isMet ? 'number' : 'marker', outcome.same)
        : [],
    )
    const links = [...written, ...adopted]
    const isContact = type === 'customer' || type === 'vendor'
    if (isContact) await followCreators(tx, { companyId, connectionId, type }, links)
    const refused = await recordLinks(tx, companyId, connectionId, type, links, now)
    const names = new Map(ofType.flatMap(({ outcome }) => contactNameIn(outcome)))
    const named = links.map((link) => ({ ...link, name: names.get(link.remoteId) ?? null }))
    if (isContact) {
      const known = new Set(ofType.flatMap(({ element }) => (element.remoteId ? element.recordId : [])))
      const made = links
        .filter(({ recordId }) => !refused.includes(recordId))
        .map(({ recordId, remoteId }) => ({ recordId, remoteId, isNew: !known.has(recordId) }))
      await tellRelinkedDocuments(tx, { companyId, connectionId, type }, made)
    }
    for (const [id, error] of await clashErrors(tx, companyId, connectionId, type, named, refused)) {
      clashes.set(id, error)
    }
  }
  return clashes
}

/** The same of removals; nothing can be wrong with a link that is gone. */
export async function unlinkDocuments(
  tx: Db,
  { job: { companyId }, connection: { id: connectionId } }: JobContext,
  outcomes: readonly Outcome[],
): Promise<Map<string, SyncError>> {
  // An item that stays in Xero stays linked: the import would take it for a new one.
  const isGone = ({ element: { removal }, outcome }: (typeof outcomes)[number]) =>
    outcome.kind === 'written' && removal?.action !== 'deactivate'
  const removed = outcomes.filter(isGone).map(({ element }) => element)
  for (const type of new Set(removed.map(({ recordType }) => recordType))) {
    const ids = removed.filter(({ recordType }) => recordType === type).map(({ recordId }) => recordId)
    await keepAgreementsOf(tx, { companyId, connectionId, type }, ids)
    await deleteLinks(tx, companyId, connectionId, type, ids)
  }
  // An item that is gone leaves its code to others at once: one that takes it over is created, not found in the mirror.
  const items = removed.flatMap(({ recordType, remoteId }) => (recordType === 'item' && remoteId ? [remoteId] : []))
  await deleteRemoteEntities(tx, companyId, connectionId, 'items', items)
  return new Map()
}
