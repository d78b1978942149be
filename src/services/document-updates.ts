// Changes of invoices and bills that stand in Xero: a batch looks at them first, one call for all, and sends only what
// nobody changed there. What a person removed, paid or edited meanwhile is settled without a write.
import type { Db } from '../db/tables.ts'
import { amend } from '../domain/amendment.ts'
import { type DocumentType, documentSections } from '../domain/entity-types.ts'
import { isMet, laidBeside } from '../domain/met-document.ts'
import { hasTwins } from '../domain/posting/marker.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import { isNeverDerived } from '../domain/posting/unheld.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { type UpdateVerdict, updateVerdict } from '../domain/update-verdict.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { forgetPosted } from '../stores/posted-marks.ts'
import { saveLooks } from '../stores/standing-documents.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import { type Change, type Judged, takeAsItStands } from './documents-in-line.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import type { LookUp } from './look-up.ts'
import type { Looks } from './looks.ts'
import { type IsMerged, mergesOf, movedContacts } from './moved-contacts.ts'
import { defaultThemeOf, inLineWith, prepare } from './prepared-documents.ts'
import { isRefusedAgain, obstaclesOf, standingStamp } from './refusals.ts'
import { renamings } from './renamed-documents.ts'
import type { Writer } from './writes.ts'

const preparedOf = ({ element, link }: Change, standing: StandingDocument | null) =>
  prepare(element.posted as PostedDocument, element.unheld ?? [], link, standing)

/** A refusal, and a reason why it may not be written, is remembered as long as it holds for the same. */
function refusedBy({ element, item, hindrance }: Change, standing: StandingDocument | null, error: SyncError) {
  if (error === item.lastError) return item.refused
  if (error !== hindrance || element.refusalHash === undefined) return null
  return { hash: element.refusalHash, status: 'failed', seenAs: standingStamp(standing), obstacles: null } as const
}

export type DocumentUpdater = ReturnType<typeof documentUpdater>

export function documentUpdater(deps: { db: Db; clock: Clock; writer: Writer; look: Looks; lookUp: LookUp }) {
  const { db, clock, writer, look, lookUp } = deps
  const renamed = renamings({ db, clock, lookUp })

  /** Of documents whose number another one had, those whose number is free by now: nothing else here would show it. */
  async function freed(context: JobContext, changes: readonly Change[]): Promise<ReadonlySet<BatchElement>> {
    const asked = changes.filter(
      ({ element: { posted }, item }) =>
        item.refused !== null && item.lastError?.code === 'duplicate_number' && posted && !hasTwins(posted),
    )
    if (asked.length === 0) return new Set()
    const posted = asked.flatMap(({ element }) => element.posted ?? [])
    const { found, refused, unseen } = await lookUp(context, 'invoices', posted)
    const isFree = ({ element: { marker }, link }: Change): boolean =>
      !unseen.includes(marker) &&
      !refused.has(marker) &&
      found.every((hit) => hit.marker !== marker || hit.remote.remoteId === link.remoteId)
    return new Set(asked.filter(isFree).map(({ element }) => element))
  }

  return async function update(
    context: JobContext,
    type: DocumentType,
    changes: readonly Change[],
  ): Promise<StepResult> {
    const links = changes.map(({ link }) => link)
    const looked = await look(context, type, links)
    if (looked.kind === 'hindered') return looked.result
    if (looked.kind === 'refused') {
      const refused = changes.map((change) => ({
        ...{ change, prepared: preparedOf(change, null), standing: null, inLine: null },
        verdict: { kind: 'failed', error: looked.error } as const,
      }))
      await settle(context, type, refused, new Map())
      return { kind: 'again' }
    }
    const moved = movedContacts(links, looked.seen)
    const isMerged = await mergesOf(db, context, moved)
    const isUnexplained = moved.some(({ id, was, is }) => looked.fresh.has(id) && !isMerged(was, is))
    if (isUnexplained) {
      // Whether a person chose another contact, or two were merged, the contacts tell; what was seen is remembered.
      await remember(context, type, changes, looked.fresh)
      return { kind: 'again', first: ['read:contacts'] }
    }
    if (looked.again) {
      await remember(context, type, changes, looked.fresh)
      return looked.again
    }
    const isFreed = await freed(context, changes)
    const judged: Judged[] = []
    for (const change of changes) {
      const error = looked.unshown.get(change.link.remoteId)
      if (error) {
        const verdict = { kind: 'failed', error } as const
        judged.push({ change, prepared: preparedOf(change, null), standing: null, inLine: null, verdict })
        continue
      }
      const standing = looked.seen.get(change.link.remoteId) ?? null
      const prepared = preparedOf(change, standing)
      const isOurs = standing !== null && !isMet(change.link)
      const inLine = isOurs ? inLineWith(context, prepared, change.link, standing) : null
      const laid = { change, prepared, standing, inLine }
      judged.push({ ...laid, verdict: await judge(context, type, laid, { isMerged, isFreed }) })
    }
    const names = await askForNames(context, type, judged)
    if (names.kind !== 'asked') {
      // The look is remembered, and the document judged once more.
      await remember(context, type, changes, looked.fresh)
      return names
    }
    for (const [n, one] of judged.entries()) {
      const error = names.taken.get(one.change.element.recordId)
      if (error) judged[n] = { ...one, verdict: { kind: 'conflict', error } }
    }
    await settle(context, type, judged, looked.fresh)
    const free = judged.filter(({ verdict }) => verdict.kind === 'free')
    if (free.length === 0) return { kind: 'again' }
    return writer.send(
      context,
      'invoices',
      'update',
      free.map((one) => amended(context, one)),
    )
  }

  function askForNames(context: JobContext, type: DocumentType, judged: readonly Judged[]) {
    const asked = judged.flatMap(({ change: { element, item }, prepared: { posted }, standing, verdict }) =>
      verdict.kind === 'free' && standing ? { recordId: element.recordId, posted, standing, item } : [],
    )
    return renamed(context, type, asked)
  }

  async function judge(
    context: JobContext,
    type: DocumentType,
    {
      change: { element, item, link, hindrance },
      prepared: { posted, judged, lineIds },
      standing,
      inLine,
    }: Omit<Judged, 'verdict'>,
    { isMerged, isFreed }: { readonly isMerged: IsMerged; readonly isFreed: ReadonlySet<BatchElement> },
  ): Promise<UpdateVerdict> {
    const { content = null, remoteUpdatedAt: updatedAt } = link
    const { onRemoteEdit } = context.settings[documentSections[type]]
    const { taxRates } = context.reference
    const { isAccepted = false, former } = link.sent ?? {}
    const laid = standing && laidBeside(posted, standing, lineIds, taxRates)
    const [met, beside] = [isMet(link) ? laid : null, isAccepted && laid ? laid.differences : null]
    // The same that a person queued once more is sent once more, as far as it is not refused.
    const isAskedFor = link.postedHash === null && !link.isUnsure && link.lastHash === element.postedHash
    const known = inLine && { isWorthAWrite: isAskedFor || !inLine.isInOrder }
    // What was sent last is forgotten where a call had no answer. Of a document that says all that the record says, nothing was taken away.
    const isUnheard = link.lastHash == null && inLine === null
    const how = { isUnheard, isMerged, taxRates, inLine: known, hindrance }
    const basis = { content, updatedAt, lineIds, met, former, beside, ...how }
    const verdict = updateVerdict(judged, standing, basis, onRemoteEdit)
    if (verdict.kind !== 'free' || item.refused === null || isFreed.has(element)) return verdict
    const obstacles = await obstaclesOf(db, context, posted, link.remoteId)
    const present = { hash: element.refusalHash, seenAs: standingStamp(standing), obstacles }
    if (!isRefusedAgain(item, present)) return verdict
    return { kind: item.refused.status, error: item.lastError as SyncError }
  }

  function amended(
    { reference }: JobContext,
    { change: { element: given, link }, prepared: { posted, lineIds, left: kept }, standing }: Judged,
  ): BatchElement {
    const { unheld = [], ...element } = given
    if (!standing) return element
    const { taxRates } = reference
    const left = [...new Set([...kept, ...unheld.filter(isNeverDerived)])]
    const known = { lineIds, sent: link.sent ?? null, taxRates, defaultThemeId: defaultThemeOf(reference) }
    const seenAs = standingStamp(standing)
    return { ...element, ...amend(posted, standing, known), left, seenAs }
  }

  async function remember(
    context: JobContext,
    type: DocumentType,
    changes: readonly Change[],
    fresh: ReadonlyMap<string, StandingDocument | null>,
  ): Promise<void> {
    const seen = changes
      .filter(({ link }) => fresh.has(link.remoteId))
      .map(({ element, link }) => ({
        recordId: element.recordId,
        seen: fresh.get(link.remoteId) ?? null,
        content: null,
      }))
    await inJobTransaction(db, context.job, (tx) =>
      saveLooks(
        tx,
        context.job.companyId,
        context.connection.id,
        type,
        context.job.id,
        seen,
        clock.now().toISOString(),
      ),
    )
  }

  /** What was seen is put on record, and what is not sent is settled. */
  async function settle(
    context: JobContext,
    type: DocumentType,
    judged: readonly Judged[],
    fresh: ReadonlyMap<string, StandingDocument | null>,
  ): Promise<void> {
    const held = judged.flatMap(({ change, standing, verdict }): DocumentVerdict[] => {
      if (verdict.kind === 'free' || verdict.kind === 'in_line') return []
      const { kind, error } = verdict
      const refused = refusedBy(change, standing, error)
      return [{ ...change.element, status: kind, state: kind, error, blockedBy: null, attempted: false, refused }]
    })
    const inLine = judged.filter(({ verdict }) => verdict.kind === 'in_line')
    if (held.length + inLine.length + fresh.size === 0) return
    await inJobTransaction(db, context.job, async (tx) => {
      const now = clock.now().toISOString()
      const seen = judged
        .filter(({ change }) => fresh.has(change.link.remoteId))
        .map(({ change, verdict }) => {
          const standing = fresh.get(change.link.remoteId) ?? null
          const content = verdict.kind === 'free' || verdict.kind === 'in_line' ? (standing?.content ?? null) : null
          return { recordId: change.element.recordId, seen: standing, content }
        })
      await saveLooks(tx, context.job.companyId, context.connection.id, type, context.job.id, seen, now)
      await settleDocuments(tx, context, held, now)
      // The document differs from what was sent last: the same content again is no "unchanged". One that is only refused
      // once more is as it was.
      const differing = held.flatMap(({ recordId, refused }) => (refused ? [] : recordId))
      await forgetPosted(tx, context.job.companyId, context.connection.id, type, differing)
      await takeAsItStands(tx, context, type, inLine, now)
    })
    context.progress[type].failed += held.length
    // One that was met is counted like any other that was found there and adopted.
    const unchanged = inLine.filter((one) => one.inLine !== null).length
    context.progress[type].unchanged += unchanged
    context.progress[type].sent += inLine.length - unchanged
  }
}
