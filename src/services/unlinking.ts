// Unlinking by hand: the record and its document, contact or item go ways of their own. What they had in common is remembered, so that
// they know each other when they meet again.

import type { Db } from '../db/tables.ts'
import { type EntityRecordType, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { bodyOf, type Fields, fieldsOf, givenFields } from '../domain/merging.ts'
import { isMet } from '../domain/met-document.ts'
import { contentHash, recordName } from '../domain/records/index.ts'
import type { Settings } from '../domain/settings/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { appendChanges } from '../stores/changes.ts'
import { deleteLinks, findLinks, type Link } from '../stores/links.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { saveMergedBodies } from '../stores/record-writes.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { findRemoteEntities } from '../stores/remote-entities.ts'
import { saveLeftAgreements, saveLeftDocuments, setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { heldBy, isHeldItem } from './holding.ts'
import { agreementsAfter } from './left-agreements.ts'
import { isRemovedItem } from './removed-items.ts'

/** Where records of a type are linked to contacts and items. */
export interface Linkage {
  readonly companyId: string
  readonly connectionId: string
  readonly type: EntityRecordType
  readonly settings: Settings
  readonly jobId: string | null
  readonly now: string
}

/** As last read. */
export async function isArchivedContact(
  tx: Db,
  { companyId, connectionId, type }: Pick<Linkage, 'companyId' | 'connectionId'> & { readonly type: RecordType },
  remoteId: string,
): Promise<boolean> {
  if (type !== 'customer' && type !== 'vendor') return false
  const contacts = await findRemoteEntities(tx, companyId, connectionId, 'contacts', [remoteId])
  return contacts.get(remoteId)?.archived === true
}

/** More than anybody unlinks one after the other. */
const leftAtMost = 9

/** The record without its link, as it is known from now on. */
export async function leaveLink(
  tx: Db,
  scope: { readonly companyId: string; readonly connectionId: string; readonly type: RecordType },
  record: StoredRecord,
  link: Link,
): Promise<StoredRecord> {
  const { companyId, connectionId, type } = scope
  const { remoteId } = link
  await deleteLinks(tx, companyId, connectionId, type, [record.id])
  // A document that it only met has nothing of the record in it. Of a contact or item the record has learned.
  if (isDocumentType(type) && isMet(link)) return record
  const others = record.leftDocuments.filter((id) => id !== remoteId).slice(-leftAtMost)
  const leftDocuments = [...others, remoteId]
  await saveLeftDocuments(tx, scope, record.id, leftDocuments)
  const leftAgreements = agreementsAfter(record, link)
  if (leftAgreements === null) return { ...record, leftDocuments }
  await saveLeftAgreements(tx, scope, [{ recordId: record.id, agreements: leftAgreements }])
  return { ...record, leftDocuments, leftAgreements }
}

/**
 * The record as it goes its own way. What it learned from a contact or item stays with that one: it may have been the wrong one, and
 * a document of another firm would carry it on. Where that one is archived or was deleted in Xero the record is the same firm's or
 * thing's, and keeps it, but for its being inactive, which only the archived contact said.
 */
function fieldsAfter(record: StoredRecord, { followsMerge }: Link, isGone: boolean): Fields {
  const given = givenFields(record)
  if (!isGone || followsMerge) return given
  const { active: _, ...known } = fieldsOf(record.body)
  return given.active === undefined ? known : { ...known, active: given.active }
}

/**
 * Unlinking by hand. A record whose contact is archived, or whose item was deleted in Xero, is created anew by the next job: there is nothing else that it could
 * become. One whose contact was merged into that of another record is what the product last handed over, and gets a contact of its
 * own again.
 */
export function unlinker(deps: { db: Db; clock: Clock; newId: NewId }) {
  const { db, clock, newId } = deps

  async function goOn(
    tx: Db,
    { companyId, connectionId, type, now }: Omit<Linkage, 'settings' | 'jobId'>,
    record: StoredRecord,
    fields: Fields,
  ): Promise<void> {
    const body = bodyOf(type, fields)
    const hash = contentHash(body)
    if (hash === record.contentHash) return
    const write = { id: record.id, body, contentHash: hash, name: recordName(type, body) }
    await saveMergedBodies(tx, companyId, connectionId, type, [write], now)
    const change = { recordType: type, recordId: record.id, operation: 'updated' as const, xeroId: null, jobId: null }
    await appendChanges(tx, companyId, connectionId, [{ ...change, record: { ...body, id: record.id } }], now)
  }

  return async (companyId: string, connectionId: string, type: RecordType, recordId: string): Promise<void> =>
    alone(db, connectionId, async (tx) => {
      const open = await findOpenItems(tx, companyId, connectionId, type, [recordId])
      const held = open.find(isHeldItem)
      if (held) throw await heldBy(tx, companyId, connectionId, held)
      const now = clock.now().toISOString()
      const link = (await findLinks(tx, companyId, connectionId, type, [recordId])).get(recordId)
      // Nothing to forget: the state is as it was, and so is its reason.
      if (!link) return
      const record = (await findRecords(tx, companyId, connectionId, type, [recordId])).get(recordId)
      const linkage = { companyId, connectionId, type }
      if (record) await leaveLink(tx, linkage, record, link)
      else await deleteLinks(tx, companyId, connectionId, type, [recordId])
      const isOver = link.followsMerge || isRemovedItem(type, link)
      const isLeft = isOver || (await isArchivedContact(tx, linkage, link.remoteId))
      const isAnew = isLeft && record?.origin === 'product' && record.deletedAt === null
      if (record?.origin === 'product' && record.deletedAt === null && !isDocumentType(type)) {
        await goOn(tx, { companyId, connectionId, type, now }, record, fieldsAfter(record, link, isLeft))
      }
      if (isAnew) {
        const request = { itemId: newId(), recordId, recordName: record.name, action: 'create' } as const
        await openQueueItems(tx, companyId, connectionId, type, [request], now)
      }
      const isAlive = record?.deletedAt === null
      const wasThere = isAlive && record.lastSyncedAt !== null
      // A queued change, also one that failed, is looked for in Xero by the next job, and created where nothing of it stands.
      const isQueued = isAlive && open.length > 0
      const shown =
        isAnew || isQueued
          ? ({ state: 'pending', error: null } as const)
          : wasThere
            ? ({ state: 'outdated', error: syncError('unlinked') } as const)
            : ({ state: 'never_synced', error: null } as const)
      const change = { id: recordId, ...shown, synced: false, nextStepAt: null }
      await setSyncStates(tx, companyId, connectionId, type, [change], now)
    })
}
