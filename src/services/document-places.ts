// The contacts of invoices and bills that were sent before. One whose customer or vendor is another contact by now, or none, stays where it
// is as long as its record names the same one and nobody asks for more.
import type { Db } from '../db/tables.ts'
import { contactAsSent } from '../domain/posting/decisions.ts'
import type { DocumentBody } from '../domain/records/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Link } from '../stores/links.ts'
import type { RemoteEntity } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'
import { type IsMerged, mergedContacts } from './moved-contacts.ts'

/** Nothing of an archived contact can be written there: a change waits until somebody asks for the document to be moved. */
export const leftAtArchived = (_role: string, _id: string, { name }: RemoteEntity): SyncError =>
  syncError('contact_relinked', {
    cause: `Its customer or vendor is another contact by now. It stands at "${name}", which is archived in Xero, so that its change was not sent.`,
    action:
      'To change it where it stands, restore that contact in Xero: the next job sends the change. Or queue it with POST …/sync-queue-items: ' +
      'the next job moves it to the contact of the record and sends the change with it.',
  })

interface Sent {
  readonly recordId: string
  readonly link: Link | null
  readonly document: DocumentBody
  /** The contact that its customer or vendor is now. */
  readonly contact: string | undefined
}

/** The contact of the document is no edit, nor one that was decided to be written over. */
const standsAt = ({ content, sent }: Link): string | null =>
  sent?.former?.contactRemoteId ?? content?.contactRemoteId ?? null

/** The contact that it was sent to, where its record names the same customer or vendor and nobody queued it again. */
function sentTo({ link, document }: Sent): string | null {
  const { decisions } = link?.sent ?? {}
  return decisions && !link?.isQueuedAgain ? contactAsSent(document, decisions) : null
}

/** `stays`: by record id, the contact at which the document stays although its customer or vendor is none or another one. */
export async function documentPlaces(
  db: Db,
  context: JobContext,
  documents: readonly Sent[],
): Promise<{ readonly isMerged: IsMerged; readonly stays: ReadonlyMap<string, string> }> {
  const sent = documents.map((document) => {
    const { link } = document
    return { ...document, known: link?.content?.contactRemoteId, was: link && standsAt(link), at: sentTo(document) }
  })
  const left = sent.flatMap(({ link, known, was, at, contact: is = '' }) =>
    [known, was, at].flatMap((one) => (link && one && one !== is ? [{ id: link.remoteId, was: one, is }] : [])),
  )
  const { isMerged, survivorOf } = await mergedContacts(db, context, left)
  const stays = sent.flatMap(({ recordId, was, at, contact = '' }): [string, string][] =>
    at === null || isMerged(at, contact) ? [] : [[recordId, survivorOf(was ?? at)]],
  )
  return { isMerged, stays: new Map(stays) }
}
