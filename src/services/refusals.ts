// What Xero refused is not sent again while nothing changed that its answer depends on: the document itself (and with it the
// record and what it refers to), the settings, the reference lists, what stands there, and what the mirror shows in its way.
// All that is kept as hashes with the refused item; a person who queues the record again, or changes it, clears them.
import { createHash } from 'node:crypto'
import type { Db } from '../db/tables.ts'
import type { Posted } from '../domain/posting/posted.ts'
import type { QueueItem, Refused } from '../domain/queue-item.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import { canonicalJson } from '../lib/json.ts'
import { oncePer } from '../lib/once-per.ts'
import { findContactsByKeys, findItemsByCodes, findRemoteEntities } from '../stores/remote-entities.ts'
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

/** Rows of the mirror that stand in the way of a document: others of its name, number or code; whether its contact is archived, and which items its lines name. */
export async function obstaclesOf(
  db: Db,
  { job, connection }: Pick<JobContext, 'job' | 'connection'>,
  posted: Posted,
  remoteId: string | null,
): Promise<string> {
  const [companyId, connectionId] = [job.companyId, connection.id]
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
      const ids = remoteId === null ? [] : [remoteId]
      const own = await findRemoteEntities(db, companyId, connectionId, 'contacts', ids)
      const others = found.filter((entity) => entity.remoteId !== remoteId)
      return canonicalJson([
        [...own.values()].some(({ archived }) => archived),
        others.map((one) => `${one.remoteId} ${one.archived}`).sort(),
      ])
    }
    case 'items': {
      const found = await findItemsByCodes(db, companyId, connectionId, [posted.code.toLowerCase()])
      return canonicalJson([...found.values()].map((one) => one.remoteId).filter((id) => id !== remoteId))
    }
    case 'invoices': {
      const { contactRemoteId } = posted
      const contacts = await findRemoteEntities(db, companyId, connectionId, 'contacts', [contactRemoteId])
      const codes = new Set(posted.lines.flatMap(({ itemCode }) => itemCode?.toLowerCase() ?? []))
      const items = await findItemsByCodes(db, companyId, connectionId, [...codes])
      const isArchived = contacts.get(contactRemoteId)?.archived === true
      return canonicalJson([isArchived, [...items.values()].map(({ remoteId }) => remoteId).sort()])
    }
  }
}

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
  refused.obstacles === obstacles
