// What Xero refused is not sent again while nothing changed that its answer depends on: the document itself (and with it the
// record and what it refers to), the settings, the reference lists, what stands there, and what the mirror shows in its way.
// All that is kept as hashes with the refused item; a person who queues the record again, or changes it, clears them.
import { createHash } from 'node:crypto'
import type { Db } from '../db/tables.ts'
import { add, compare } from '../domain/decimal.ts'
import type { Posted, PostedDocument } from '../domain/posting/posted.ts'
import type { QueueItem, Refused } from '../domain/queue-item.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import type { SyncErrorCode } from '../domain/sync-errors.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { canonicalJson } from '../lib/json.ts'
import { oncePer } from '../lib/once-per.ts'
import {
  findContactsByKeys,
  findItemsByCodes,
  findRemoteEntities,
  type RemoteEntity,
} from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'

export type HeldItem = QueueItem & { readonly refused: Refused | null }

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Of settings and reference lists, which are large and the same for every document of a step. */
const ruledBy = oncePer(({ settings, reference }: JobContext) => sha256(canonicalJson({ settings, reference })))

/** `what`: hash of the document, or the form of the removal. A document that is to be created is another than one to change. */
export const refusalHash = (context: JobContext, what: string, remoteId: string | null): string =>
  sha256(`${what} ${remoteId ?? ''} ${ruledBy(context)}`)

/** What of a standing document would change Xero's answer; a refused call changes nothing of it. */
export const standingStamp = (standing: StandingDocument | null): string | null =>
  standing &&
  sha256(
    canonicalJson([
      standing.remote.updatedAt,
      standing.remote.status,
      standing.settled,
      standing.total,
      standing.content.lines?.length ?? null,
    ]),
  )

/** Another contact may be in the way by one of its names and numbers, and not by the others. */
const keysOf = ({ remoteId, archived, name, contactNumber, accountNumber }: RemoteEntity): string =>
  canonicalJson([remoteId, archived, name, contactNumber, accountNumber])

/** An item of a sale whose stock Xero keeps. */
interface Stock {
  readonly id: string
  readonly onHand: string
  readonly isEnough: boolean
}

interface Obstacles {
  readonly [name: string]: unknown
  readonly stock?: readonly Stock[]
}

/**
 * What the mirror shows in the way of a document: others of its name, number or code, and how its own contact or item stands there;
 * whether its contact is archived, and which items its lines name, tracked or not, with what is on hand of them.
 */
export async function obstaclesOf(
  db: Db,
  { job, connection }: Pick<JobContext, 'job' | 'connection'>,
  posted: Posted,
  remoteId: string | null,
): Promise<string> {
  const [companyId, connectionId] = [job.companyId, connection.id]
  const ids = remoteId === null ? [] : [remoteId]
  const standing = async (list: 'contacts' | 'items') => {
    const own = await findRemoteEntities(db, companyId, connectionId, list, ids)
    return [...own.values()].map(({ fieldsHash, remoteUpdatedAt }) => `${fieldsHash} ${remoteUpdatedAt}`)
  }
  const told = (obstacles: Obstacles) => canonicalJson(obstacles)
  switch (posted.list) {
    case 'contacts': {
      const lower = (value: string | undefined) => (value ? [value.toLowerCase()] : [])
      const found = await findContactsByKeys(db, companyId, connectionId, {
        contactNumbers: lower(posted.contactNumber),
        accountNumbers: lower(posted.accountNumber),
        taxNumbers: [],
        emails: [],
        names: lower(posted.name),
      })
      const others = found.filter((entity) => entity.remoteId !== remoteId)
      const named = others.map(keysOf).sort()
      return told({ own: await standing('contacts'), others: named })
    }
    case 'items': {
      const found = await findItemsByCodes(db, companyId, connectionId, [posted.code])
      const others = [...found.values()].map((one) => one.remoteId).filter((id) => id !== remoteId)
      return told({ own: await standing('items'), others })
    }
    case 'invoices': {
      const { contactRemoteId } = posted
      const contacts = await findRemoteEntities(db, companyId, connectionId, 'contacts', [contactRemoteId])
      const codes = new Set(posted.lines.flatMap(({ itemCode }) => itemCode ?? []))
      const items = [...(await findItemsByCodes(db, companyId, connectionId, [...codes])).values()]
      const isArchived = contacts.get(contactRemoteId)?.archived === true
      const named = items.map((one) => `${one.remoteId} ${one.fields.kind}`).sort()
      return told({ isArchived, items: named, stock: stockOf(posted, remoteId, items) })
    }
  }
}

/** A sale that stands there already, and a purchase, may need less than its lines say. */
function stockOf(posted: PostedDocument, remoteId: string | null, items: readonly RemoteEntity[]): Stock[] {
  return items
    .flatMap(({ remoteId: id, code, stock: onHand }): Stock[] => {
      if (onHand === null) return []
      const lines = posted.lines.filter(({ itemCode }) => itemCode?.toLowerCase() === code?.toLowerCase())
      const sold = add('0', ...lines.map(({ quantity }) => quantity))
      const isEnough = posted.kind === 'bill' || remoteId !== null || compare(onHand, sold) >= 0
      return [{ id, onHand, isEnough }]
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

const parsed = (obstacles: string | null): Obstacles => (obstacles === null ? {} : JSON.parse(obstacles))

/**
 * Whether what stood in the way still does. Stock comes and goes with every document, and what was on hand when Xero refused is not
 * known for sure: a sale is held only while there is less than it needs.
 */
function isInTheWay(code: string, before: string | null, now: string | null): boolean {
  const [{ stock: held = [], own, ...others }, { stock = [], own: ownNow, ...present }] = [parsed(before), parsed(now)]
  if (canonicalJson(others) !== canonicalJson(present)) return false
  // Our own write made it stand there otherwise than it was sent: that it came to be so is no change.
  if (code !== 'written_differently' && canonicalJson(own ?? null) !== canonicalJson(ownNow ?? null)) return false
  if (code !== 'stock_insufficient') return true
  return canonicalJson(held) === canonicalJson(stock) && stock.some(({ isEnough }) => !isEnough)
}

/** Refusals whose cause shows nowhere here: each job tries the call once more. */
const unseen: readonly string[] = ['not_permitted'] satisfies SyncErrorCode[]

interface Present {
  readonly hash: string | undefined
  readonly seenAs?: string | null
  readonly obstacles?: string | null
}

export const isRefusedAgain = (
  { refused, lastError }: HeldItem,
  { hash, seenAs = null, obstacles = null }: Present,
): boolean =>
  refused !== null &&
  lastError !== null &&
  refused.hash === hash &&
  refused.seenAs === seenAs &&
  !unseen.includes(lastError.code) &&
  isInTheWay(lastError.code, refused.obstacles, obstacles)

/** The hash of a deletion that Xero refused because the item is in use. */
const inUseHash = (hash: string): string => `in use: ${hash}`

/**
 * Kept with a deletion until the item is switched off instead: the call for that may have to wait for a limit, and a deletion that is
 * sent before it each time would take the one call that comes free.
 */
export const knownInUse = ({ refusalHash: hash = '' }: BatchElement): Refused => ({
  hash: inUseHash(hash),
  status: 'failed',
  seenAs: null,
  obstacles: null,
})

export const isKnownInUse = ({ refused }: HeldItem, hash: string): boolean => refused?.hash === inUseHash(hash)
