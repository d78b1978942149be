// What may stand in Xero of a record without a link. When the lost answer to a creation is found out and a person has changed
// the document meanwhile, the record is a conflict and remembers what was sent. Nothing is created for it, and its deletion
// is not done, before that document was looked for, whatever record and settings call it by now: it may have been brought
// back to what was sent, or be gone: two answers must say so.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { laidBeside, matchStandingLines } from '../domain/met-document.ts'
import { contentKeyOf, inPlaceOf, isNamedAlike, markerOf, nameOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import type { QueueItem } from '../domain/queue-item.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'
import { saveFormerDocuments } from '../stores/sync-states.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { hindered, isLive, type LookUp, outcomeOfLookup, type Sighting } from './look-up.ts'
import type { ElementOutcome } from './outcome.ts'
import { hitsFor, ownHits } from './own-hits.ts'
import { linkDocuments } from './written-links.ts'

export type FormerDocuments = ReturnType<typeof formerDocuments>

/** A document that was looked for, and what that says of the record's element. */
interface Answered {
  readonly element: BatchElement
  readonly outcome: ElementOutcome
  /** How the record's queue item goes on. */
  readonly verdict: Pick<DocumentVerdict, 'status' | 'state' | 'error'>
}

const goesOn = { status: 'locked', state: 'locked', error: null } as const
const nothing = { kind: 'not_written', error: null } as const
const done = { status: 'synced', state: 'synced', error: null } as const

function explained(error: SyncError, former: Posted): SyncError {
  const name = nameOf(former)
  const cause = `It was sent as ${name} before, and that document may still stand in Xero. ${error.cause}`
  const action = `Void or delete ${name} in Xero, or set both sides back to the same content. Then run a sync job.`
  return { ...error, cause, action }
}

/** Somebody changed it, so that it may not be what was sent: a person removes it, or lets it be. */
function stillStands(former: Posted, { candidates }: SyncError): SyncError {
  const name = nameOf(former)
  const cause = `It was sent as ${name}, and what stands in Xero under that number is not what was sent.`
  const action = `Void or delete ${name} in Xero. Then run a sync job.`
  return syncError('duplicate_number', { cause, action, ...(candidates ? { candidates } : {}) })
}

/**
 * The one document that stands, where it is what was sent of the record: nobody's change is in the way of the record's. It may
 * stand at the record's present contact, which the former one was merged into.
 */
function unchanged(
  former: Posted,
  hits: readonly FoundDocument[],
  { reference }: JobContext,
): Extract<ElementOutcome, { kind: 'adopted' }> | null {
  const [hit, another] = hits
  if (!hit?.isMarked || !hit.standing || another || former.list !== 'invoices') return null
  const { remote, standing, seen = null, differences: told } = hit
  const { contactRemoteId, lines } = standing.content
  const isMerged = !told.includes('contact') && contactRemoteId !== null
  const sent = isMerged ? { ...former, contactRemoteId } : former
  const lineIds = matchStandingLines(sent.lines, lines ?? [])
  if (laidBeside(sent, standing, lineIds, reference.taxRates).differences.length > 0) return null
  return { kind: 'adopted', result: { kind: 'written', remote, warnings: [], seen, standing }, same: false }
}

const inConflict = (error: SyncError) => ({ status: 'conflict', state: 'conflict', error }) as const
const isFailed = ({ error }: Answered['verdict']): boolean => error !== null

export function formerDocuments(deps: { db: Db; clock: Clock; lookUp: LookUp }) {
  const { db, clock, lookUp } = deps

  /** Null when none of the new documents has to be looked for: they may be sent. */
  async function beforeCreating(
    context: JobContext,
    type: RecordType,
    creates: readonly BatchElement[],
    records: ReadonlyMap<string, StoredRecord>,
  ): Promise<StepResult | null> {
    const asked = creates.flatMap((element) => {
      const former = records.get(element.recordId)?.formerDocument
      const { posted } = element
      return former && posted ? { element, former, posted, wanted: inPlaceOf(posted, former) } : []
    })
    return settle(context, type, asked, async (lookedAt, { found, refused }) => {
      const sought = lookedAt.map((one) => ({
        ...one,
        recordId: one.element.recordId,
        posted: one.wanted,
        said: one.posted,
        asSent: { recordId: one.element.recordId, posted: one.former },
      }))
      const live = found.filter(isLive)
      const own = await ownHits(db, context, { sought, found: live, since: null })
      const sent = await ownHits(db, context, { sought: sought.map(({ asSent }) => asSent), found: live, since: null })
      // A document that is what was sent of it stands in its way, though it is not what the record says by now.
      const hitsOf = (one: (typeof sought)[number]) => {
        const ours = [own.get(one) ?? [], sent.get(one.asSent) ?? []].flat().map(({ remote }) => remote.remoteId)
        return hitsFor(live, one.posted).filter(({ remote }) => ours.includes(remote.remoteId))
      }
      return sought.map((one): Answered => {
        const { element, former, said: posted, wanted } = one
        const marker = markerOf(former).value
        const error = refused.get(markerOf(wanted).value)
        if (error) return { element: { ...element, marker }, outcome: nothing, verdict: inConflict(error) }
        const isSame = isNamedAlike(former, posted)
        const seen = outcomeOfLookup(context, hitsOf(one), wanted)
        const asSent = seen.kind === 'conflict' ? unchanged(former, hitsOf(one), context) : null
        // Under another name it is not what should stand there yet: an update renames it.
        const outcome = asSent ?? (seen.kind === 'adopted' ? { ...seen, same: seen.same && isSame } : seen)
        const verdict =
          outcome.kind === 'conflict'
            ? inConflict(isSame ? outcome.error : explained(outcome.error, former))
            : outcome.kind === 'adopted' && outcome.same
              ? done
              : goesOn
        return { element: { ...element, marker }, outcome, verdict }
      })
    })
  }

  /** Null when none of the documents to remove has to be looked for: what has no link stands nowhere. */
  async function beforeRemoving(
    context: JobContext,
    type: RecordType,
    removals: readonly QueueItem[],
    records: ReadonlyMap<string, StoredRecord>,
  ): Promise<StepResult | null> {
    const asked = removals.flatMap((item) => {
      const former = records.get(item.recordId)?.formerDocument
      return former ? { item, former, wanted: former } : []
    })
    return settle(context, type, asked, async (lookedAt, { found, refused }) => {
      const ids = found.map(({ remote }) => remote.remoteId)
      const links = await findLinksByRemoteId(db, context.job.companyId, context.connection.id, [type], ids)
      const held = new Set(links.map(({ remoteId }) => remoteId))
      return lookedAt.map(({ item, former }): Answered => {
        const { value } = markerOf(former)
        const error = refused.get(value)
        const failed = error && ({ status: 'failed', state: 'failed', error } as const)
        if (failed) return { element: removalOf(item, type, former), outcome: nothing, verdict: failed }
        // What belongs to another record, or to a person, is not this one's to remove.
        const hits = hitsFor(found, former).filter(
          (hit) => isLive(hit) && hit.isMarked && !held.has(hit.remote.remoteId),
        )
        const outcome = outcomeOfLookup(context, hits, former)
        const verdict =
          outcome.kind === 'conflict'
            ? ({ status: 'failed', state: 'failed', error: stillStands(former, outcome.error) } as const)
            : goesOn
        return { element: removalOf(item, type, former), outcome, verdict }
      })
    })
  }

  const removalOf = (item: QueueItem, type: RecordType, former: Posted): BatchElement => ({
    queueItemId: item.id,
    recordType: type,
    recordId: item.recordId,
    action: 'delete',
    posted: former,
    removal: null,
    remoteId: null,
    lineIds: {},
    marker: markerOf(former).value,
    postedHash: '',
  })

  /** Those that could not be looked for now are asked for again by themselves. */
  async function settle<T extends { readonly wanted: Posted; readonly former: Posted }>(
    context: JobContext,
    type: RecordType,
    asked: readonly T[],
    judge: (lookedAt: readonly T[], seen: Sighting) => readonly Answered[] | Promise<readonly Answered[]>,
  ): Promise<StepResult | null> {
    const [first] = asked
    if (!first) return null
    const { list } = first.wanted
    const wanted = asked.map((one) => one.wanted)
    const wary = new Set(wanted.map((document) => markerOf(document).value))
    // Documents that share a reference are told apart by their content: they are laid beside what was sent, too.
    const asSent = asked.flatMap(({ former, wanted }) => {
      const key = contentKeyOf(former)
      return key !== null && key !== contentKeyOf(wanted) ? former : []
    })
    const seen = await lookUp(context, list, [...wanted, ...asSent], { wary })
    const lookedAt = asked.filter(({ wanted }) => !seen.unseen.includes(markerOf(wanted).value))
    if (lookedAt.length > 0) {
      const answers = await judge(lookedAt, seen)
      await inJobTransaction(db, context.job, (tx) => putOnRecord(tx, context, type, answers))
    }
    return seen.hindrance ? hindered(seen.hindrance) : { kind: 'again' }
  }

  async function putOnRecord(
    tx: Db,
    context: JobContext,
    type: RecordType,
    answers: readonly Answered[],
  ): Promise<void> {
    const now = clock.now().toISOString()
    const clashes = await linkDocuments(tx, context, answers, now)
    const verdicts = answers.map(({ element, verdict }): DocumentVerdict => {
      const clash = clashes.get(element.recordId)
      return { ...element, blockedBy: null, attempted: false, ...(clash ? inConflict(clash) : verdict) }
    })
    await settleDocuments(tx, context, verdicts, now)
    const settled = verdicts.filter((verdict) => !isFailed(verdict))
    const forgotten = settled.map(({ recordId }) => ({ id: recordId, document: null }))
    await saveFormerDocuments(tx, context.job.companyId, context.connection.id, type, forgotten)
    for (const verdict of verdicts) {
      if (verdict.status === 'synced') context.progress[type].sent += 1
      if (isFailed(verdict)) context.progress[type].failed += 1
    }
  }

  return { beforeCreating, beforeRemoving }
}
