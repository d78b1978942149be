// Linking by hand, and adoption: a document that Xero holds becomes the product's record, under the product's id. One
// that was imported before gives up the id that the import made for it.

import type { Db } from '../db/tables.ts'
import { type EntityRecordType, entityTypes } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import { isSameIdentity } from '../domain/matching.ts'
import { mergedAway } from '../domain/merged-away.ts'
import { bodyOf, type Fields, fieldsOf, mergeFirst } from '../domain/merging.ts'
import { type LeftAgreement, metAgain, metAnew } from '../domain/met-again.ts'
import { comparable } from '../domain/posting/item.ts'
import { contentHash, type Item, recordName } from '../domain/records/index.ts'
import { saidAtMeeting } from '../domain/said-at-meeting.ts'
import { asStanding } from '../domain/shared-contact.ts'
import { untakenOf } from '../domain/untaken-edits.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { appendChanges } from '../stores/changes.ts'
import { findConnection } from '../stores/connections.ts'
import { confirmLink, deleteLinks, findLinks, findLinksByRemoteId, recordLinks, saveAgreed } from '../stores/links.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { dropRecord, saveMergedBodies, saveRecords } from '../stores/record-writes.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { tellRelinkedDocuments } from '../stores/relinked-documents.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { sharedContacts } from './contact-roles.ts'
import { heldBy, isHeldItem, keepsDocument } from './holding.ts'
import { importedFields, theirFields } from './remote-rows.ts'
import { isRemovedItem } from './removed-items.ts'
import { loadSettings } from './settings.ts'
import { isArchivedContact, type Linkage, leaveLink } from './unlinking.ts'

const refuse = (detail: string, action: string) =>
  problem('validation_failed', detail, { errors: [{ pointer: '/xeroId', detail, action }] })

/**
 * Links in the caller's transaction; throws already_linked when either side is taken. The record takes over what it lacks
 * from the contact or item, and the change feed tells so. A value that the record learned from another contact is not its
 * own: it stays behind.
 */
export async function adopt(
  tx: Db,
  { companyId, connectionId, type, settings, jobId, now }: Linkage,
  record: StoredRecord | null,
  {
    recordId,
    entity,
    matchedBy,
    lost,
  }: {
    readonly recordId: string
    readonly entity: RemoteEntity
    readonly matchedBy: string
    /** The contact that was merged into the other one: a value that the record says as this one had it is no change of its own. */
    readonly lost?: RemoteEntity | undefined
  },
): Promise<void> {
  const holders = await findLinksByRemoteId(tx, companyId, connectionId, [type], [entity.remoteId])
  const holder = holders.find((link) => link.recordId !== recordId && !link.followsMerge)
  const holding =
    holder && (await findRecords(tx, companyId, connectionId, type, [holder.recordId])).get(holder.recordId)
  if (holder) {
    if (holding && keepsDocument(holding)) {
      throw problem('already_linked', `The ${type} ${holder.recordId} is linked to ${entity.remoteId}.`, {
        extra: { recordId: holder.recordId },
      })
    }
    await deleteLinks(tx, companyId, connectionId, type, [holder.recordId])
    if (holding?.origin === 'import') {
      await dropRecord(tx, companyId, connectionId, type, holder.recordId)
      const gone = { recordType: type, recordId: holder.recordId, operation: 'deleted', record: null } as const
      await appendChanges(tx, companyId, connectionId, [{ ...gone, xeroId: entity.remoteId, jobId }], now)
    }
  }
  const { import: mode, conflict } = settings[`${type}s`]
  const { list } = entityTypes[type]
  const all = { ...theirFields(type, entity), ...sidesBefore(holding, entity) }
  const isLast = record?.leftDocuments.at(-1) === entity.remoteId
  const said = record ? saidAtMeeting(record, { theirs: all, isLeft: isLast }) : {}
  const currency = record?.body.currency ?? said.currency
  const baseCurrency = currency === undefined ? null : await baseCurrencyOf(tx, companyId, connectionId)
  const theirs = type === 'item' ? comparable(all, { currency }, baseCurrency) : all
  // Another record's value is not written over for a space.
  const isMet = matchedBy !== 'hand' && list === 'contacts'
  const isShared = isMet && (await sharedContacts(tx, { companyId, connectionId }, [entity.remoteId], 1)).size > 0
  const given = isShared ? asStanding(said, theirs) : said
  // A field that the contact that is left lacks is the record's, also where the lost one had it so.
  const shared = lost && Object.entries(theirFields(type, lost)).filter(([key]) => key in theirs)
  const before = shared && { ...Object.fromEntries(shared), active: true }
  const met = record?.leftAgreements.find(({ remoteId }) => remoteId === entity.remoteId)
  const isFound = record !== null && matchedBy !== 'hand'
  const former = isFound ? await goneBefore(tx, { companyId, connectionId, type }, record, entity) : null
  const merge = (() => {
    if (before && record)
      return mergedAway(record, { agreed: before, left: {}, theirs, hasOpenItem: true, policy: conflict })
    const rules = { type, policy: conflict, baseCurrency }
    if (met && record) return metAgain(record, met, { theirs, isLast }, rules)
    if (former && record) return metAnew(record, former, { said: given, theirs }, rules)
    return mergeFirst(given, theirs, conflict)
  })()
  const isOff = mode === 'off'
  const { agreed } = merge
  // A record that learns nothing is written as one that had learned what it lacks.
  const untaken = isOff && record ? untakenOf(fieldsOf(record.body), merge.fields) : {}
  const link = {
    recordId,
    remoteId: entity.remoteId,
    number: entity.contactNumber ?? entity.code,
    status: entity.archived ? 'ARCHIVED' : null,
    remoteUpdatedAt: entity.remoteUpdatedAt,
    lineIds: {},
    marker: entity.contactNumber ?? entity.code,
    postedHash: null,
    matchedBy,
    agreed,
  }
  const clashes = await recordLinks(tx, companyId, connectionId, type, [link], now)
  if (clashes.length > 0) {
    throw problem('already_linked', `The ${type} ${recordId} is linked to another document.`, {
      action: 'Unlink it first with DELETE …/link.',
    })
  }
  if (type !== 'item') await tellRelinkedDocuments(tx, { companyId, connectionId, type }, [{ ...link, isNew: true }])
  if (isOff && record) await saveAgreed(tx, companyId, connectionId, type, [{ recordId, agreed, untaken }])
  if (!record || record.origin === 'service' || isOff) return
  const body = bodyOf(type, merge.fields)
  const hash = contentHash(body)
  if (hash === record.contentHash) return
  const write = { id: recordId, body, contentHash: hash, name: recordName(type, body) }
  await saveMergedBodies(tx, companyId, connectionId, type, [write], now)
  const change = { recordType: type, recordId, operation: 'updated' as const, record: { ...body, id: recordId } }
  await appendChanges(tx, companyId, connectionId, [{ ...change, xeroId: entity.remoteId, jobId }], now)
}

/**
 * The agreement with the contact or item that the record left last, where that is gone (archived, or deleted) and bore the name or code of
 * the one that is met: a person entered it anew. Any other one the record meets for the first time.
 */
async function goneBefore(
  tx: Db,
  { companyId, connectionId, type }: Pick<Linkage, 'companyId' | 'connectionId' | 'type'>,
  { leftAgreements }: StoredRecord,
  entity: RemoteEntity,
): Promise<LeftAgreement | null> {
  const last = leftAgreements.at(-1)
  if (!last) return null
  const [was, is] = type === 'item' ? [last.agreed.code, entity.code] : [last.agreed.name, entity.name]
  if (!isSameIdentity(type, typeof was === 'string' ? was : null, is)) return null
  const { list } = entityTypes[type]
  const known = await findRemoteEntities(tx, companyId, connectionId, list as 'contacts' | 'items', [last.remoteId])
  const there = known.get(last.remoteId)
  return there === undefined || (there.archived && there.mergedInto === null) ? last : null
}

/**
 * Of an item that this service switched off because the deleted record's item is in use: sold and purchased as it was before. Nobody in Xero
 * wished it off, so that it is no value of theirs.
 */
function sidesBefore(former: StoredRecord | undefined, { list, fields }: RemoteEntity): Fields {
  const isOff = list === 'items' && fields.isSold === false && fields.isPurchased === false
  if (!isOff || !former || former.deletedAt === null || former.lastError?.code !== 'item_deactivated') return {}
  const { isSold = true, isPurchased = true } = former.body as Partial<Item>
  return { isSold, isPurchased }
}

/** The currency of the prices of items, as last read. */
async function baseCurrencyOf(tx: Db, companyId: string, connectionId: string): Promise<string | null> {
  const connection = await findConnection(tx, companyId, connectionId)
  return connection?.organisation?.baseCurrency ?? null
}

export function linker(deps: { db: Db; clock: Clock; newId: NewId }) {
  const { db, clock, newId } = deps
  return async (
    companyId: string,
    connectionId: string,
    type: EntityRecordType,
    recordId: string,
    xeroId: string,
  ): Promise<void> => {
    const list = entityTypes[type].list as 'contacts' | 'items'
    await alone(db, connectionId, async (tx) => {
      const held = (await findOpenItems(tx, companyId, connectionId, type, [recordId])).find(isHeldItem)
      if (held) throw await heldBy(tx, companyId, connectionId, held)
      const entity = (await findRemoteEntities(tx, companyId, connectionId, list, [xeroId])).get(xeroId)
      if (!entity) {
        throw refuse(
          `Xero's ${list} hold no ${xeroId}, as last read.`,
          'Run a sync job, then use an id that it showed.',
        )
      }
      if (entity.archived && entity.mergedInto !== null) {
        throw refuse(
          `A person merged the contact ${xeroId} into ${entity.mergedInto} in Xero.`,
          `Link the record to ${entity.mergedInto}, the contact that is left.`,
        )
      }
      const now = clock.now().toISOString()
      const { settings } = await loadSettings(tx, companyId, connectionId)
      const known = (await findRecords(tx, companyId, connectionId, type, [recordId])).get(recordId)
      const linkage: Linkage = { companyId, connectionId, type, settings, jobId: null, now }
      const live = known && known.deletedAt === null ? known : null
      const former = (await findLinks(tx, companyId, connectionId, type, [recordId])).get(recordId)
      const isLeft = former && (isRemovedItem(type, former) || (await isArchivedContact(tx, linkage, former.remoteId)))
      // An archived contact can neither be edited nor used: linking elsewhere leaves it in the same call.
      const leaves = isLeft && former.remoteId !== xeroId
      if (leaves && !live) await deleteLinks(tx, companyId, connectionId, type, [recordId])
      const linked = leaves && live ? await leaveLink(tx, linkage, live, former) : live
      // Linked to it once more: a person decides that the record is right, and nothing is agreed on by it.
      if (live && former?.remoteId === xeroId && former.agreed) await confirmLink(tx, linkage, recordId)
      else await adopt(tx, linkage, linked, { recordId, entity, matchedBy: 'hand' })
      if (known && known.deletedAt === null) {
        const request = { itemId: newId(), recordId, recordName: known.name, action: 'update' } as const
        await openQueueItems(tx, companyId, connectionId, type, [request], now)
        const change = { id: recordId, state: 'pending', error: null, synced: false, nextStepAt: null } as const
        await setSyncStates(tx, companyId, connectionId, type, [change], now)
        return
      }
      const body = bodyOf(type, importedFields(type, entity))
      const write = { id: recordId, origin: 'product', body, contentHash: contentHash(body), handed: {} } as const
      const rest = { version: null, name: recordName(type, body), status: null, syncState: 'synced' } as const
      await saveRecords(tx, companyId, connectionId, type, [{ ...write, ...rest }], now)
      const created = { recordType: type, recordId, operation: 'created', record: { ...body, id: recordId } } as const
      await appendChanges(tx, companyId, connectionId, [{ ...created, xeroId, jobId: null }], now)
    })
  }
}
