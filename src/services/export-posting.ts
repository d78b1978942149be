// The posting desk: settings, reference lists and linked records are laid beside each record, and the pure posting rules
// say what should stand in Xero. It decides what each record needs: to be sent, adopted, put off, or told why not.

import type { Db } from '../db/tables.ts'
import { localDate } from '../domain/dates.ts'
import { type DocumentType, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { givenFields } from '../domain/merging.ts'
import { contactOfDocument, documentDependencies, itemsOfDocument, needsProxyItem } from '../domain/posting/document.ts'
import { usesProxy } from '../domain/posting/item.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import { recordAddress } from '../domain/posting/record-address.ts'
import { unheldFields } from '../domain/posting/unheld.ts'
import { type Contact, contentHash, type DocumentBody, type Item } from '../domain/records/index.ts'
import type { RecordReference, SyncStateName } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks, type Link } from '../stores/links.ts'
import { lockForJob } from '../stores/queue-locking.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { saveRecords } from '../stores/record-writes.ts'
import { findRecords } from '../stores/records.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { openBatches } from '../stores/write-batches.ts'
import { adoptedRecords } from './adopted-references.ts'
import { postAsDecided } from './decided-documents.ts'
import { openDependency, unknownCode } from './document-dependencies.ts'
import { documentItems } from './document-items.ts'
import { documentPlaces, leftAtArchived } from './document-places.ts'
import { asWritten } from './entity-merge.ts'
import {
  asCompared,
  type Candidate,
  isTrusted,
  type Plan,
  planOfDocument,
  planOfHindered,
  unchanged,
} from './export-plan.ts'
import { isHeld } from './holding.ts'
import { inJobTransaction, type JobContext } from './job-context.ts'
import { archivedContact, planContacts } from './plan-contacts.ts'
import { planItems } from './plan-items.ts'
import { inLineAsKnown } from './prepared-documents.ts'
import { theirFields } from './remote-rows.ts'

export type PostingDesk = ReturnType<typeof postingDesk>

/** The proxy item is a record that the service keeps for itself: it is exported exactly once like any other. */
const proxyId = (context: JobContext): string => `proxy:${context.settings.items.proxyItem.code}`

const roles = { invoice: 'customer', bill: 'vendor' } as const
const taxCodes = { invoice: 'salesTaxCode', bill: 'purchaseTaxCode' } as const

const beingTried: readonly SyncStateName[] = ['locked', 'uncertain', 'failed', 'conflict', 'blocked']

/**
 * What a document takes from the record of its customer or vendor, and what only Xero knows of the contact. A value that the record
 * learned once is as it stands there now, also where imports are off.
 */
function ofContact(
  type: DocumentType,
  { record, link, standing }: Partial<Pick<Candidate, 'record' | 'link'>> & { readonly standing?: RemoteEntity },
) {
  const given = record ? givenFields(record) : {}
  const learned = record ? asWritten(record, link ?? null).body : {}
  const of = <F extends keyof Contact>(field: F) =>
    (field in given ? record?.body : (learned as Record<string, unknown>))?.[field] as Contact[F] | undefined
  const known = standing ? theirFields(roles[type], standing) : {}
  const contactTaxCode = of(taxCodes[type])
  return {
    contactTerms: of('terms') ?? (known.terms as Contact['terms']),
    contactTaxCode,
    isContactTaxLearned: given[taxCodes[type]] !== contactTaxCode,
  }
}

/** The same of a document that stays at a contact which its customer or vendor is no more: that one's, else as it was when it was sent. */
function ofPlace(type: DocumentType, there: RemoteEntity | undefined, link: Link | null) {
  const { terms, taxCode } = link?.sent?.decisions?.contact ?? {}
  if (!there) return { contactTerms: terms, contactTaxCode: taxCode }
  const known = theirFields(roles[type], there)
  const contactTaxCode = known[taxCodes[type]] as string | undefined
  return { contactTerms: known.terms as Contact['terms'], contactTaxCode, isContactTaxLearned: true }
}

const documentOf = ({ record }: Candidate): DocumentBody => record.body as unknown as DocumentBody

const itemIdsOf = (candidates: readonly Candidate[]): string[] => [
  ...new Set(candidates.flatMap((candidate) => itemsOfDocument(documentOf(candidate)))),
]

export function postingDesk(deps: { db: Db; clock: Clock; newId: NewId; publicUrl: string }) {
  const { db, clock, newId, publicUrl } = deps

  return {
    /** By queue item id. */
    async plan(context: JobContext, type: RecordType, candidates: readonly Candidate[]): Promise<Map<string, Plan>> {
      switch (type) {
        case 'customer':
        case 'vendor':
          return planContacts(db, context, type, candidates)
        case 'item':
          return planItems(db, context, candidates)
        case 'invoice':
        case 'bill':
          return planDocuments(context, type, candidates)
      }
    },

    /** Puts the proxy item into this job when a document needs it and Xero has none yet. */
    async proxyNeeded(
      context: JobContext,
      type: RecordType,
      candidates: readonly Candidate[],
    ): Promise<'export_first' | 'no'> {
      if (!isDocumentType(type)) return 'no'
      const items = await itemsOf(context, candidates)
      const needed = candidates.some((candidate) => needsProxyItem(documentOf(candidate), context.settings, items))
      if (!needed) return 'no'
      const { companyId, id: jobId } = context.job
      const id = proxyId(context)
      const known = (await findRecords(db, companyId, context.connection.id, 'item', [id])).get(id)
      const isLinked = (await findLinks(db, companyId, context.connection.id, 'item', [id])).has(id)
      // In Xero, or tried in this job: what became of it is for the documents to say. One that was there and is gone (a
      // person deleted it in Xero) is created anew.
      if (isLinked || (known && beingTried.includes(known.syncState))) return 'no'
      const taken = await inJobTransaction(db, context.job, async (tx) => {
        const now = clock.now().toISOString()
        const { code, name } = context.settings.items.proxyItem
        const body = { kind: 'non_inventory', code, name } as Item
        const write = {
          id,
          origin: 'service',
          body,
          contentHash: contentHash(body),
          version: null,
          name,
          status: null,
        } as const
        await saveRecords(tx, companyId, context.connection.id, 'item', [{ ...write, syncState: 'pending' }], now)
        const request = { itemId: newId(), recordId: id, recordName: name, action: 'create' } as const
        await openQueueItems(tx, companyId, context.connection.id, 'item', [request], now)
        return lockForJob(tx, companyId, context.connection.id, jobId, { type: 'item', id }, now)
      })
      // Held by a write call whose answer is not on record: that one is settled first.
      if (taken.get('item') === 0) return 'no'
      context.progress.item.queued += 1
      return 'export_first'
    },
  }

  async function planDocuments(
    context: JobContext,
    type: DocumentType,
    candidates: readonly Candidate[],
  ): Promise<Map<string, Plan>> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const [role, namedOf] = [roles[type], (one: Candidate) => contactOfDocument(type, documentOf(one))]
    const ids = [...new Set(candidates.map((candidate) => namedOf(candidate).id))]
    const named = await findRecords(db, companyId, connectionId, role, ids)
    const adopted = await adoptedRecords(db, context, role, { ids, known: named })
    const contactRecords = new Map([...named.values(), ...adopted.values()].map((record) => [record.id, record]))
    const contactOf = (reference: RecordReference) => adopted.get(reference.id)?.id ?? reference.id
    const documents = candidates.map((candidate) => {
      const contact = namedOf(candidate)
      return { ...candidate, document: documentOf(candidate), contact: { ...contact, id: contactOf(contact) } }
    })
    const contactIds = [...new Set(documents.map(({ contact }) => contact.id))]
    const contactLinks = await findLinks(db, companyId, connectionId, role, contactIds)
    const places = documents.map(({ record, link, document, contact }) => {
      return { recordId: record.id, link, document, contact: contactLinks.get(contact.id)?.remoteId }
    })
    const { isMerged, stays } = await documentPlaces(db, context, places)
    const standingAt = [...[...contactLinks.values()].map(({ remoteId }) => remoteId), ...stays.values()]
    const contacts = await findRemoteEntities(db, companyId, connectionId, 'contacts', standingAt)
    const proxy = proxyId(context)
    const itemsOfAll = { ids: itemIdsOf(candidates), sent: candidates.map(({ link }) => link) }
    const items = await documentItems(db, context, itemsOfAll, proxy)
    const { bodies, codes: itemCodes, trackedCodes, stockAccounts } = items
    const zone = context.settings.company.timezone ?? context.connection.organisation?.timezone ?? 'Etc/UTC'
    const today = localDate(clock.now(), zone)

    // Worth to wait for is only what a write call will tell; a job that waited for anything else would not end.
    const proxyRecords = items.proxyRecord ? [items.proxyRecord] : []
    const all = [...contactRecords.values(), ...items.records.values(), ...proxyRecords]
    const mayWait = all.some(isHeld) && (await openBatches(db, companyId, connectionId)).length > 0

    const dependency = (named: RecordReference): Plan | null => {
      const isContact = named.type === role
      const id = isContact ? contactOf(named) : (items.adoptedIds.get(named.id) ?? named.id)
      const reference = { ...named, id }
      if (isContact) return openDependency(reference, contactRecords.get(id), contactLinks, mayWait)
      const record = items.records.get(reference.id)
      const body = bodies.get(reference.id)
      if (body && usesProxy(body, context.settings)) return null
      const open = openDependency(reference, record, items.links, mayWait)
      if (open?.kind === 'failed') return open
      if (items.moving.has(reference.id)) return { kind: 'wait' }
      return open ?? (body?.standing ? null : unknownCode(reference, record))
    }

    return new Map(
      documents.map(({ item, document, contact, record, link }): [string, Plan] => {
        const contactLink = contactLinks.get(contact.id)
        const standing = contactLink && contacts.get(contactLink.remoteId)
        const stay = stays.get(record.id)
        const there = stay === undefined ? standing : contacts.get(stay)
        const given = {
          settings: context.settings,
          reference: context.reference,
          contactRemoteId: stay ?? contactLink?.remoteId ?? '',
          ...(stay === undefined
            ? ofContact(type, { record: contactRecords.get(contact.id), link: contactLink, standing })
            : ofPlace(type, there, link)),
          items: bodies,
          proxy: items.proxy,
          trackedCodes,
          stockAccounts,
          today,
          recordId: record.id,
          recordUrl: recordAddress(publicUrl, { connectionId, type, id: record.id }),
          standingDate: link?.content?.date ?? null,
          postedDate: link?.createdAt ? localDate(new Date(link.createdAt), zone) : null,
        }
        const posting = postAsDecided(type, document, given, {
          ...{ link, isMerged, itemCodes },
          ...(stay !== undefined && contactLink && { elsewhere: contactLink.remoteId }),
        })
        const compared = asCompared(posting, link)
        const isHindered = posting.kind !== 'posted' || there?.archived || !contactLink
        const unheld = (posted: PostedDocument) => unheldFields(document, posted)
        const hindered = { item, link: compared, unheld }
        const known = (): Plan | null =>
          isHindered && posting.document && isTrusted(posting.kind, compared)
            ? inLineAsKnown(context, posting.document, unheld(posting.document), compared, isMerged)
            : null
        // Nothing has to be in Xero for a document that is kept out.
        if (posting.kind === 'excluded') {
          return [item.id, unchanged(posting, compared) ?? known() ?? planOfDocument(posting, compared)]
        }
        const waits = documentDependencies(type, document)
          .map(dependency)
          .filter((plan) => plan !== null)
        if (needsProxyItem(document, context.settings, bodies)) {
          const plan = openDependency({ type: 'item', id: proxy }, items.proxyRecord, items.links, mayWait)
          if (plan) waits.push(plan)
        }
        const isWaiting = waits.some(({ kind }) => kind === 'wait')
        const asSent = isWaiting ? null : (unchanged(posting, compared, isHindered) ?? known())
        if (asSent) return [item.id, asSent]
        // A missing record is the document's own fault; then what failed; then what is only not known yet.
        const first =
          waits.find(({ kind }) => kind === 'failed') ?? waits.find(({ kind }) => kind === 'blocked') ?? waits[0]
        if (first) {
          // A look tells of a document that stays where it is whether the lost customer or vendor is needed at all.
          const isLook = first.kind === 'failed' && first.error.blockedBy?.type === role && stay !== undefined
          return [item.id, isLook ? planOfHindered(posting, hindered, first.error, context) : first]
        }
        const reason = stay === undefined ? archivedContact : leftAtArchived
        const archived = there?.archived ? reason(role, contact.id, there) : null
        const hindrance = archived ?? (posting.kind === 'error' ? posting.error : null)
        if (hindrance) return [item.id, planOfHindered(posting, hindered, hindrance, context)]
        const plan = planOfDocument(posting, compared)
        const isSent = plan.kind === 'send' && plan.document.list === 'invoices'
        return [item.id, isSent ? { ...plan, unheld: unheld(plan.document as PostedDocument) } : plan]
      }),
    )
  }

  async function itemsOf(context: JobContext, candidates: readonly Candidate[]): Promise<Map<string, Item>> {
    const { companyId } = context.job
    const ids = itemIdsOf(candidates)
    const records = await findRecords(db, companyId, context.connection.id, 'item', ids)
    const adopted = await adoptedRecords(db, context, 'item', { ids, known: records })
    return new Map([...records, ...adopted].map(([id, record]) => [id, record.body as unknown as Item]))
  }
}
