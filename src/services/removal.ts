// Deletions: contacts are archived, items deleted, invoices deleted or voided; one call each, several at once. A deletion of
// what never reached Xero is done without a call.
import type { Db } from '../db/tables.ts'
import {
  type DocumentType,
  documentSections,
  entityTypes,
  isDocumentType,
  type RecordType,
} from '../domain/entity-types.ts'
import type { Removal } from '../domain/posting/posted.ts'
import { postRemoval, switchedOff } from '../domain/posting/removal.ts'
import { removalOfStanding, type StandingRemoval } from '../domain/posting/standing-removal.ts'
import type { Refused } from '../domain/queue-item.ts'
import { wordedForDeletion } from '../domain/refused-deletions.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { canonicalJson } from '../lib/json.ts'
import type { Logger } from '../observability/logger.ts'
import { deleteLinks, findLinks, type Link } from '../stores/links.ts'
import { lockedItems } from '../stores/queue-locking.ts'
import { findRecords } from '../stores/records.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import { saveLooks } from '../stores/standing-documents.ts'
import { atOnce } from './at-once.ts'
import { lostInMerges, stillNeeded } from './contact-roles.ts'
import { type PartStep, withoutCulprits } from './culprits.ts'
import { settleDocuments } from './document-verdicts.ts'
import type { PostingDesk } from './export-posting.ts'
import type { FormerDocuments } from './former-documents.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import type { Looks } from './looks.ts'
import { type IsMerged, mergesOf, movedContacts } from './moved-contacts.ts'
import { type HeldItem, isKnownInUse, isRefusedAgain, refusalHash, standingStamp } from './refusals.ts'
import { type Laid, laidBesideRecords } from './removal-basis.ts'
import { isRemovedItem } from './removed-items.ts'
import { keptForAnother } from './successors.ts'
import { unshownRows } from './unshown-rows.ts'
import type { Writer } from './writes.ts'

/** Why a deletion returns to the queue. */
interface Held {
  readonly kind: 'failed' | 'conflict'
  readonly error: SyncError
  readonly refused: Refused | null
}

/** How a deletion ends without a call. */
interface Done {
  readonly state: 'synced' | 'never_synced'
  readonly error: SyncError | null
}

const removed: Done = { state: 'synced', error: null }
const neverThere: Done = { state: 'never_synced', error: null }
const kept = (error: SyncError): Done => ({ state: 'never_synced', error })

/** As the links have them: what stood there at the last look. */
const seenIn = (links: ReadonlyMap<string, Link>) =>
  new Map([...links.values()].map(({ remoteId, seen = null }) => [remoteId, seen]))

export type Remover = ReturnType<typeof remover>

export function remover(deps: {
  db: Db
  clock: Clock
  writer: Writer
  former: FormerDocuments
  look: Looks
  desk: PostingDesk
  callsAtOnce: number
  log: Logger
}) {
  const { db, clock, writer, former, look, desk, callsAtOnce, log } = deps
  const lay = laidBesideRecords({ db, desk })
  const now = () => clock.now().toISOString()

  const heldItems = ({ job }: JobContext, type: RecordType) =>
    lockedItems(db, job.companyId, job.id, type, true, entityTypes[type].batchSize)
  const alone = withoutCulprits({ db, clock, log, items: heldItems, isDeletion: true })

  return (context: JobContext, type: RecordType): Promise<StepResult> => alone(context, type, removeItems)

  async function removeItems(
    context: JobContext,
    type: RecordType,
    only: Parameters<PartStep>[2],
  ): Promise<StepResult> {
    const { companyId } = context.job
    const found = (await heldItems(context, type)).filter(({ id }) => only === null || only.has(id))
    const items = found.slice(0, callsAtOnce)
    if (items.length === 0) return { kind: 'done' }
    const ids = found.map((item) => item.recordId)
    const links = await findLinks(db, companyId, context.connection.id, type, ids)
    const unlinked = items.filter((item) => !links.has(item.recordId))
    const records = await findRecords(
      db,
      companyId,
      context.connection.id,
      type,
      unlinked.map(({ recordId }) => recordId),
    )
    const contacts = entityTypes[type].list === 'contacts' ? [...links.values()].map(({ remoteId }) => remoteId) : []
    const shared = await stillNeeded(db, context, contacts)
    const mergedAway = await lostInMerges(db, context, contacts)
    const settled = await former.beforeRemoving(context, type, unlinked, records)
    if (settled) return settled
    const linked = found.filter((item) => links.has(item.recordId))
    const looked = isDocumentType(type) ? await lookFirst(context, type, linked, links) : null
    if (looked) return looked
    const isMerged = await mergesOf(db, context, movedContacts([...links.values()], seenIn(links)))
    const laid = isDocumentType(type) ? await lay(context, type, items, links) : null
    return atOnce(
      // A fault in one of them comes when all have ended.
      items.map(async (item) => {
        const link = links.get(item.recordId)
        // A contact that another active record still is stays as it is.
        if (!link) return end(context, type, item, null)
        if (shared.has(link.remoteId)) return end(context, type, item, null, kept(keptForAnother()))
        if (mergedAway.has(link.remoteId)) return forget(context, type, item)
        const basis = { isMerged, laid: laid?.get(item.recordId) ?? null }
        return remove(context, type, item, link, postingOf(context, type, link, basis))
      }),
    )
  }

  /** What stands there of as many as one call shows; null when all of them were looked at already. */
  async function lookFirst(
    context: JobContext,
    type: DocumentType,
    items: readonly HeldItem[],
    links: ReadonlyMap<string, Link>,
  ): Promise<StepResult | null> {
    const all = [...links.values()]
    const looked = await look(context, type, all)
    if (looked.kind === 'hindered') return looked.result
    if (looked.kind === 'refused') {
      for (const item of items) await end(context, type, item, { kind: 'failed', error: looked.error, refused: null })
      return { kind: 'again' }
    }
    const seen = all
      .filter(({ remoteId }) => looked.fresh.has(remoteId))
      .map(({ recordId, remoteId }) => ({ recordId, seen: looked.fresh.get(remoteId) ?? null, content: null }))
    if (seen.length > 0) {
      await inJobTransaction(db, context.job, (tx) =>
        saveLooks(tx, context.job.companyId, context.connection.id, type, context.job.id, seen, now()),
      )
    }
    const moved = movedContacts(all, looked.fresh)
    const isMerged = await mergesOf(db, context, moved)
    // Whether a person chose another contact, or two were merged, the contacts tell.
    const isUnexplained = moved.some(({ was, is }) => !isMerged(was, is))
    if (isUnexplained) return { kind: 'again', first: ['read:contacts'] }
    if (looked.again) return looked.again
    for (const item of items) {
      const error = looked.unshown.get(links.get(item.recordId)?.remoteId ?? '')
      if (error) await end(context, type, item, { kind: 'failed', error, refused: null })
    }
    return looked.fresh.size + looked.unshown.size > 0 ? { kind: 'again' } : null
  }

  /** By how it stands there. A document is looked at first: one that is not there is gone. */
  function postingOf(
    { settings }: JobContext,
    type: RecordType,
    link: Link,
    { isMerged, laid }: { readonly isMerged: IsMerged; readonly laid: Laid | null },
  ): StandingRemoval {
    if (isRemovedItem(type, link)) return 'gone'
    if (!isDocumentType(type)) return postRemoval(type, settings, link.status)
    if (!link.seen) return 'gone'
    const { content = null, lineIds, sent = null } = link
    const basis = { content, former: sent?.former ?? null, kept: sent?.kept ?? null, lineIds, isMerged, ...laid }
    return removalOfStanding(link.seen, basis, settings[documentSections[type]].onRemoteEdit)
  }

  // What the settings keep in Xero stays linked to the deleted record: unlinked, the import would take it for a new one
  // and hand it back to the product that deleted it.
  async function remove(
    context: JobContext,
    type: RecordType,
    item: HeldItem,
    link: Link,
    posting: StandingRemoval,
  ): Promise<StepResult> {
    if (posting === 'gone') return forget(context, type, item)
    if (posting.kind === 'conflict') return end(context, type, item, { ...posting, refused: null })
    if (posting.kind === 'error')
      return end(context, type, item, { kind: 'failed', error: posting.error, refused: null })
    if (posting.kind === 'excluded')
      return end(context, type, item, null, kept(syncError('kept_in_xero', { cause: posting.reason })))
    const { list } = entityTypes[type]
    const unshown = list === 'invoices' ? null : await unshownRows(db, context, list, [link.remoteId])
    const error = unshown?.get(link.remoteId)
    if (error) return end(context, type, item, { kind: 'failed', error, refused: null })
    const hash = refusalHash(context, canonicalJson(posting.document), link.remoteId)
    const seenAs = standingStamp(link.seen ?? null)
    if (item.lastError && isRefusedAgain(item, { hash, seenAs })) {
      return end(context, type, item, { kind: 'failed', error: item.lastError, refused: item.refused })
    }
    const document = await named(context, link, posting.document)
    const element: BatchElement = {
      queueItemId: item.id,
      recordType: type,
      recordId: item.recordId,
      action: 'delete',
      posted: null,
      removal: isKnownInUse(item, hash) ? switchedOff(document) : document,
      remoteId: link.remoteId,
      lineIds: {},
      marker: link.marker ?? link.remoteId,
      postedHash: '',
      refusalHash: hash,
      seenAs,
    }
    return writer.send(context, list, 'remove', [element])
  }

  /** An item is switched off under the code that it has there: a person may have changed it since we wrote it. */
  async function named({ job, connection }: JobContext, link: Link, removal: Removal): Promise<Removal> {
    if (removal.list !== 'items') return removal
    const items = await findRemoteEntities(db, job.companyId, connection.id, 'items', [link.remoteId])
    return { ...removal, code: items.get(link.remoteId)?.code ?? link.number }
  }

  /** Removed in Xero already: done, as if it had been removed from here. */
  async function forget(context: JobContext, type: RecordType, item: HeldItem): Promise<StepResult> {
    await inJobTransaction(db, context.job, (tx) =>
      deleteLinks(tx, context.job.companyId, context.connection.id, type, [item.recordId]),
    )
    return end(context, type, item, null, removed)
  }

  /** Done without a call; or not done, and why. */
  async function end(
    context: JobContext,
    type: RecordType,
    item: HeldItem,
    held: Held | null,
    done: Done = neverThere,
  ): Promise<StepResult> {
    await inJobTransaction(db, context.job, async (tx) => {
      const base = { queueItemId: item.id, recordType: type, recordId: item.recordId, blockedBy: null }
      const outcome = held
        ? { status: held.kind, state: held.kind, error: wordedForDeletion(held.error), refused: held.refused }
        : ({ status: 'synced', ...done } as const)
      await settleDocuments(tx, context, [{ ...base, ...outcome, attempted: false }], now())
    })
    if (held) context.progress[type].failed += 1
    return { kind: 'again' }
  }
}
