// What a queue item of the export is laid on the desk with, and what the desk decides.
import type { EntityRecordType } from '../domain/entity-types.ts'
import type { Standing } from '../domain/imported-entity.ts'
import { remoteLineId } from '../domain/line-ids.ts'
import type { Fields } from '../domain/merging.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { keptAsSent } from '../domain/posting/kept-out.ts'
import type { Posted, PostedDocument } from '../domain/posting/posted.ts'
import type { Posting } from '../domain/posting/posting.ts'
import type { RecordReference, SyncError } from '../domain/sync-state.ts'
import type { TellAfter } from '../domain/write-batch.ts'
import type { Link } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'
import { type HeldItem, refusalHash } from './refusals.ts'

export interface Candidate {
  readonly item: HeldItem
  readonly record: StoredRecord
  readonly link: Link | null
  /** Made to send it once more, also before there was a link. */
  readonly request?: string | null
}

export type Plan =
  | {
      readonly kind: 'send'
      readonly document: Posted
      readonly link: Link | null
      /** Of a contact or item: as it stands in Xero, and the fields of the record that the document is made of. */
      readonly standing?: Standing | null
      readonly fields?: Fields
      /** Of an invoice or bill: pointers to the fields of it that the record does not hold. */
      readonly unheld?: readonly string[]
      /** The reason why it may not be written; a look tells whether anything has to be. */
      readonly hindrance?: SyncError
      /** Of an invoice or bill that is known to stand in Xero as the record says: its lines by the ids that they have now. */
      readonly standsAs?: Pick<Link, 'lineIds' | 'sent'>
      /** It is only a stage on the way: the record's own document is sent after it. */
      readonly isInterim?: boolean
      /** The item gets back the code that it had before; this is told of its record then. */
      readonly tellAfter?: TellAfter
      /** Something of the record is in dispute, and is not in the document: the record is a conflict after it. */
      readonly isPartial?: boolean
    }
  /** It stands in Xero as the record is: nothing is to be sent. */
  | { readonly kind: 'in_line'; readonly document: Posted; readonly link: Link; readonly fields: Fields }
  /** It stands in Xero already: link it, then come again. */
  | {
      readonly kind: 'adopt'
      readonly type: EntityRecordType
      readonly entity: RemoteEntity
      readonly by: string
      /** The contact that fits, where a person merged it into that one. */
      readonly lost?: RemoteEntity
    }
  /** The settings keep it out; the error says what becomes of a document that was sent before. */
  | { readonly kind: 'excluded'; readonly error: SyncError | null }
  /** Nothing stands in Xero for it, and nothing is to be created before somebody needs it. */
  | { readonly kind: 'not_needed'; readonly error: SyncError }
  /** The record is not there any more. */
  | { readonly kind: 'gone' }
  /** The record was deleted, and its deletion waits: what stands in Xero is not changed before it goes. */
  | { readonly kind: 'leaving' }
  /** The outcome of a record that it refers to is not known yet. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'blocked'; readonly by: RecordReference; readonly error: SyncError }
  | { readonly kind: 'failed' | 'conflict'; readonly error: SyncError }
  /** Xero refused just this before, and nothing changed since. */
  | { readonly kind: 'refused'; readonly error: SyncError }

export const planOf = (
  posting: Posting<Posted>,
  link: Link | null,
  more: { readonly standing?: Standing | null; readonly fields?: Fields } = {},
): Plan => {
  if (posting.kind === 'posted') return { kind: 'send', document: posting.document, link, ...more }
  return posting.kind === 'excluded' ? { kind: 'excluded', error: null } : { kind: 'failed', error: posting.error }
}

/**
 * The link as the posting is compared with it. A line that is known to stand on another item than that of its record is not what was
 * sent, whatever the codes say; and a code that changed since, where the item is the same, is no change of the document.
 */
export function asCompared({ kind: _, ...posting }: Posting<PostedDocument>, link: Link | null): Link | null {
  if (!link?.content?.lines || !('document' in posting) || !posting.document) return link
  const { document } = posting
  const there = new Map(link.content.lines.map((line) => [line.remoteId, line]))
  const lines = document.lines.map((line) => ({
    line,
    standing: there.get(remoteLineId(link.lineIds, line.lineId) ?? ''),
  }))
  const isSame = ({ line, standing }: (typeof lines)[number]): boolean =>
    !line.itemRemoteId || !standing?.itemId || line.itemRemoteId.toLowerCase() === standing.itemId.toLowerCase()
  if (!lines.every(isSame)) return { ...link, postedHash: null, lastHash: null }
  const asSent = lines.map(({ line, standing }) =>
    line.itemRemoteId && standing?.itemId && standing.itemCode !== null
      ? { ...line, itemCode: standing.itemCode }
      : line,
  )
  const [hash, former] = [document, { ...document, lines: asSent }].map(postedHash) as [string, string]
  const now = (last: string | null) => (last === former ? hash : last)
  return { ...link, postedHash: now(link.postedHash), lastHash: now(link.lastHash ?? null) }
}

/** Whether the document is taken to stand as it was known last. None is looked at that the settings keep out. */
export const isTrusted = (kind: Posting<Posted>['kind'], link: Link | null): boolean =>
  kind === 'excluded' || !link?.isUnsure

/**
 * The posting is just what was sent last: nothing is due, whatever would hinder a write or keep the record out. One that a person
 * queued again is sent all the same where nothing hinders it.
 */
export function unchanged(
  { kind, ...posting }: Posting<PostedDocument>,
  link: Link | null,
  isHindered = kind !== 'posted',
): Plan | null {
  if (!link || !('document' in posting) || !posting.document) return null
  const { document } = posting
  const hash = postedHash(document)
  const last = isHindered && isTrusted(kind, link) ? link.lastHash : link.postedHash
  if (hash !== last) return null
  // The record may say in other words what was sent.
  const standsAs = link.sent && { lineIds: link.lineIds, sent: { ...link.sent, decisions: document.decisions } }
  return { kind: 'send', document, link: { ...link, postedHash: hash }, ...(standsAs && { standsAs }) }
}

/** One that was sent before stays linked, and says whether it still stands in Xero as the record says. */
export function planOfDocument(posting: Posting<PostedDocument>, link: Link | null): Plan {
  if (posting.kind !== 'excluded' || !link) return planOf(posting, link)
  return unchanged(posting, link) ?? { kind: 'excluded', error: keptAsSent(posting.reason) }
}

/**
 * Something hinders a write. Where the document stands there already, it may be just what the record says, by a person's hand: a look
 * tells, and is not made again while nothing changed here, but by a full job.
 */
export function planOfHindered(
  posting: Posting<PostedDocument>,
  { item, link, unheld }: Pick<Candidate, 'item' | 'link'> & { readonly unheld: (posted: PostedDocument) => string[] },
  error: SyncError,
  context: JobContext,
): Plan {
  if (!link || !('document' in posting) || !posting.document) return { kind: 'failed', error }
  const { document } = posting
  const hash = refusalHash(context, postedHash(document), link.remoteId)
  const isKnown = item.refused?.hash === hash && item.lastError?.code === error.code
  if (isKnown && context.job.kind !== 'full') return { kind: 'refused', error }
  return { kind: 'send', document, link, unheld: unheld(document), hindrance: error }
}
