// The posting desk: settings, reference lists and linked records are laid beside each record, and the pure posting rules
// say what should stand in Xero. It decides what each record needs: to be sent, adopted, put off, or told why not.

import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import { localDate } from '../domain/dates.ts'
import { type DocumentType, entityTypes, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { postBill } from '../domain/posting/bill.ts'
import { postContact } from '../domain/posting/contact.ts'
import { contactOfDocument, documentDependencies, itemsOfDocument, needsProxyItem } from '../domain/posting/document.ts'
import type { PostingContext } from '../domain/posting/document-context.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { postInvoice } from '../domain/posting/invoice.ts'
import { postItem, proxyItem, usesProxy } from '../domain/posting/item.ts'
import type { Posted, PostedDocument } from '../domain/posting/posted.ts'
import type { Posting } from '../domain/posting/posting.ts'
import {
  type Bill,
  type Contact,
  contentHash,
  type DocumentBody,
  type Invoice,
  type Item,
} from '../domain/records/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { RecordReference, SyncStateName } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks, findLinksByRemoteId, type Link } from '../stores/links.ts'
import { lockForJob, openQueueItems } from '../stores/queue-locking.ts'
import { findRecords, type StoredRecord, saveRecords } from '../stores/records.ts'
import { findItemsByCodes, type RemoteEntity } from '../stores/remote-entities.ts'
import { openBatches } from '../stores/write-batches.ts'
import { matchContacts } from './export-contacts.ts'
import type { Candidate, Plan } from './export-plan.ts'
import { isHeld, keepsDocument } from './holding.ts'
import { inJobTransaction, type JobContext } from './job-context.ts'

export type PostingDesk = ReturnType<typeof postingDesk>

/** The proxy item is a record that the service keeps for itself: it is exported exactly once like any other. */
const proxyId = (context: JobContext): string => `proxy:${context.settings.items.proxyItem.code}`

const roles = { invoice: 'customer', bill: 'vendor' } as const

const beingTried: readonly SyncStateName[] = ['locked', 'uncertain', 'failed', 'conflict', 'blocked']

const planOf = (posting: Posting<Posted>, link: Link | null): Plan => {
  if (posting.kind === 'posted') return { kind: 'send', document: posting.document, link }
  return posting.kind === 'excluded' ? { kind: 'excluded', error: null } : { kind: 'failed', error: posting.error }
}

/** One that was sent before stays linked, and says whether it still stands in Xero as the record says. */
function planOfDocument(posting: Posting<PostedDocument>, link: Link | null): Plan {
  if (posting.kind !== 'excluded' || !link) return planOf(posting, link)
  const { document, reason } = posting
  if (document && postedHash(document) === link.postedHash) return { kind: 'send', document, link }
  const cause = `${reason} It was brought to Xero before, and stays there as it was last sent.`
  return { kind: 'excluded', error: syncError('kept_as_sent', { cause }) }
}

/** What a document takes from the record of its customer or vendor. */
function ofContact(type: DocumentType, record: StoredRecord | undefined) {
  const contact = record?.body as Contact | undefined
  return {
    contactTerms: contact?.terms,
    contactTaxCode: type === 'invoice' ? contact?.salesTaxCode : contact?.purchaseTaxCode,
  }
}

const documentOf = ({ record }: Candidate): DocumentBody => record.body as unknown as DocumentBody

const postDocument = (type: DocumentType, document: DocumentBody, context: PostingContext) =>
  type === 'invoice' ? postInvoice(document as Invoice, context) : postBill(document as Bill, context)

export function postingDesk(deps: { db: Db; clock: Clock; newId: NewId; publicUrl: string }) {
  const { db, clock, newId, publicUrl } = deps
  const recordUrl = (connectionId: string, type: RecordType, id: string): string =>
    `${publicUrl}/v1/connections/${connectionId}/${entityTypes[type].path}/${encodeURIComponent(id)}`

  return {
    /** By queue item id. */
    async plan(context: JobContext, type: RecordType, candidates: readonly Candidate[]): Promise<Map<string, Plan>> {
      switch (type) {
        case 'customer':
        case 'vendor':
          return planContacts(context, type, candidates)
        case 'item':
          return planItems(context, candidates)
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

  async function planContacts(
    context: JobContext,
    type: 'customer' | 'vendor',
    candidates: readonly Candidate[],
  ): Promise<Map<string, Plan>> {
    const unlinked = candidates.filter(({ link }) => link === null).map(({ record }) => record)
    const matches = await matchContacts(db, context, type, unlinked)
    return new Map(
      candidates.map(({ item, record, link }) => {
        const match = matches.get(record.id)
        if (match?.kind === 'match') return [item.id, { kind: 'adopt', type, entity: match.entity, by: match.by }]
        if (match?.kind === 'conflict') return [item.id, match]
        const contact = record.body as unknown as Contact
        return [item.id, planOf(postContact(contact, type, record.id, context.settings, link?.marker ?? null), link)]
      }),
    )
  }

  async function planItems(context: JobContext, candidates: readonly Candidate[]): Promise<Map<string, Plan>> {
    const baseCurrency = context.reference.organisation?.baseCurrency ?? null
    const postings = candidates.map((candidate): [Candidate, Posting<Posted>] => {
      const { record } = candidate
      if (record.origin === 'service') return [candidate, { kind: 'posted', document: proxyItem(context.settings) }]
      return [candidate, postItem(record.body as unknown as Item, context.settings, baseCurrency)]
    })
    const codes = postings.flatMap(([{ link }, posting]) =>
      link === null && posting.kind === 'posted' && posting.document.list === 'items'
        ? posting.document.code.toLowerCase()
        : [],
    )
    const existing = await findItemsByCodes(db, context.job.companyId, context.connection.id, codes)
    const holders = await holdersOf(context, [...existing.values()])
    return new Map(
      postings.map(([{ item, record, link }, posting]) => {
        const code = posting.kind === 'posted' && posting.document.list === 'items' ? posting.document.code : ''
        const entity = link === null ? existing.get(code.toLowerCase()) : undefined
        if (!entity) return [item.id, planOf(posting, link)]
        const holder = holders.get(entity.remoteId)
        if (holder !== undefined) {
          const cause = `The item ${entity.code} in Xero belongs to the record ${holder}.`
          const more = { cause, field: '/code', candidates: candidatesOf([entity]) }
          return [item.id, { kind: 'conflict', error: syncError('duplicate_number', more) }]
        }
        holders.set(entity.remoteId, record.id)
        return [item.id, { kind: 'adopt', type: 'item', entity, by: 'code' }]
      }),
    )
  }

  /** By the id in Xero: the record of the product that it belongs to. One that was only imported, or left of a deleted record, may be adopted. */
  async function holdersOf(context: JobContext, entities: readonly RemoteEntity[]): Promise<Map<string, string>> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const ids = entities.map((entity) => entity.remoteId)
    const links = await findLinksByRemoteId(db, companyId, connectionId, ['item'], ids)
    const recordIds = links.map((link) => link.recordId)
    const records = await findRecords(db, companyId, connectionId, 'item', recordIds)
    const held = links.filter((link) => {
      const record = records.get(link.recordId)
      return record && keepsDocument(record)
    })
    return new Map(held.map((link) => [link.remoteId, link.recordId]))
  }

  async function planDocuments(
    context: JobContext,
    type: DocumentType,
    candidates: readonly Candidate[],
  ): Promise<Map<string, Plan>> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const documents = candidates.map((candidate) => {
      const document = documentOf(candidate)
      return { ...candidate, document, contact: contactOfDocument(type, document) }
    })
    const [role, contactIds] = [roles[type], [...new Set(documents.map(({ contact }) => contact.id))]]
    const contactRecords = await findRecords(db, companyId, connectionId, role, contactIds)
    const contactLinks = await findLinks(db, companyId, connectionId, role, contactIds)
    const items = await findItemRecords(context, candidates)
    const proxy = proxyId(context)
    const itemIds = [...items.keys(), proxy]
    const itemLinks = await findLinks(db, companyId, connectionId, 'item', itemIds)
    const proxyRecord = (await findRecords(db, companyId, connectionId, 'item', [proxy])).get(proxy)
    const bodies = new Map([...items].map(([id, record]) => [id, record.body as unknown as Item]))
    const zone = context.settings.company.timezone ?? context.connection.organisation?.timezone ?? 'Etc/UTC'
    const today = localDate(clock.now(), zone)

    // Worth to wait for is only what a write call will tell; a job that waited for anything else would not end.
    const named = [...contactRecords.values(), ...items.values(), ...(proxyRecord ? [proxyRecord] : [])]
    const mayWait = named.some(isHeld) && (await openBatches(db, companyId, connectionId)).length > 0

    const dependency = (reference: RecordReference): Plan | null => {
      if (reference.type === role)
        return openDependency(reference, contactRecords.get(reference.id), contactLinks, mayWait)
      const record = items.get(reference.id)
      if (record && usesProxy(record.body as unknown as Item, context.settings)) return null
      return openDependency(reference, record, itemLinks, mayWait)
    }

    return new Map(
      documents.map(({ item, document, contact, record, link }) => {
        const waits = documentDependencies(type, document)
          .map(dependency)
          .filter((plan) => plan !== null)
        if (needsProxyItem(document, context.settings, bodies)) {
          const plan = openDependency({ type: 'item', id: proxy }, proxyRecord, itemLinks, mayWait)
          if (plan) waits.push(plan)
        }
        // A missing record is the document's own fault; then what failed; then what is only not known yet.
        const first =
          waits.find(({ kind }) => kind === 'failed') ?? waits.find(({ kind }) => kind === 'blocked') ?? waits[0]
        if (first) return [item.id, first]
        const posting = postDocument(type, document, {
          settings: context.settings,
          reference: context.reference,
          contactRemoteId: contactLinks.get(contact.id)?.remoteId ?? '',
          ...ofContact(type, contactRecords.get(contact.id)),
          items: bodies,
          today,
          recordId: record.id,
          recordUrl: recordUrl(connectionId, type, record.id),
          postedDate: link?.createdAt ? localDate(new Date(link.createdAt), zone) : null,
        })
        return [item.id, planOfDocument(posting, link)]
      }),
    )
  }

  /** Null when the record is in Xero, and the document may name it. */
  function openDependency(
    reference: RecordReference,
    record: StoredRecord | undefined,
    links: ReadonlyMap<string, Link>,
    mayWait: boolean,
  ): Plan | null {
    if (links.has(reference.id)) return null
    if (!record || record.deletedAt !== null) {
      const cause = `The ${reference.type} ${reference.id} was never handed over, or was deleted.`
      return { kind: 'failed', error: syncError('record_missing', { cause, blockedBy: reference }) }
    }
    if (mayWait && isHeld(record)) return { kind: 'wait' }
    const cause = record.lastError
      ? `The ${reference.type} ${record.name ?? record.id} is not in Xero: ${record.lastError.title}.`
      : `The ${reference.type} ${record.name ?? record.id} is not in Xero yet (${record.syncState}).`
    return { kind: 'blocked', by: reference, error: syncError('dependency_failed', { cause, blockedBy: reference }) }
  }

  async function findItemRecords(
    context: JobContext,
    candidates: readonly Candidate[],
  ): Promise<Map<string, StoredRecord>> {
    const ids = candidates.flatMap((candidate) => itemsOfDocument(documentOf(candidate)))
    return findRecords(db, context.job.companyId, context.connection.id, 'item', [...new Set(ids)])
  }

  async function itemsOf(context: JobContext, candidates: readonly Candidate[]): Promise<Map<string, Item>> {
    const records = await findItemRecords(context, candidates)
    return new Map([...records].map(([id, record]) => [id, record.body as unknown as Item]))
  }
}
