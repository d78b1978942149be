// The import desk: lays what was read beside what was last seen and the records linked to it, takes the fields that
// changed by the conflict policy, and writes the change feed. Runs inside the page's transaction.
import { createHash } from 'node:crypto'
import type { ImportedContact, ImportedItem } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { resolveImport } from '../domain/conflict.ts'
import { canonicalRecord, contentHash, type RecordBody, recordName } from '../domain/records/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { canonicalJson } from '../lib/json.ts'
import type { Logger } from '../observability/logger.ts'
import { appendChanges, type NewChange } from '../stores/changes.ts'
import { findLinksByRemoteId, forgetPosted, type Link, recordLinks, refreshLinks } from '../stores/links.ts'
import { endWaiting, openQueueItems, recordsWithOpenItem } from '../stores/queue-locking.ts'
import { findRecords, type StoredRecord, saveImportedBody, saveRecords } from '../stores/records.ts'
import {
  countRemoteEntities,
  findRemoteEntities,
  findUnlinked,
  type RemoteEntity,
  saveRemoteEntities,
} from '../stores/remote-entities.ts'
import { isHeld } from './holding.ts'
import { vanishedItems } from './import-vanished.ts'
import type { JobContext } from './job-context.ts'
import { showState } from './show-state.ts'

type EntityRecordType = 'item' | 'customer' | 'vendor'

const chunk = 500
/** Of records that exist, these stay the product's: Xero's codes may be shortened ones, and it knows no kinds. */
const productsOwn: readonly string[] = ['code', 'kind', 'active']

export type ImportDesk = ReturnType<typeof importDesk>

const fieldsHash = (fields: unknown): string => createHash('sha256').update(canonicalJson(fields)).digest('hex')
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

const contactEntity = (contact: ImportedContact): RemoteEntity => ({
  list: 'contacts',
  remoteId: contact.remoteId,
  name: text(contact.fields.name) ?? '',
  contactNumber: contact.contactNumber,
  accountNumber: text(contact.fields.accountNumber),
  taxNumber: text(contact.fields.taxNumber),
  email: text(contact.fields.email),
  code: null,
  archived: contact.archived,
  mergedInto: contact.mergedInto,
  isCustomer: contact.roles.customer,
  isVendor: contact.roles.vendor,
  fields: { ...contact.fields, active: !contact.archived },
  fieldsHash: fieldsHash({ ...contact.fields, active: !contact.archived }),
  remoteUpdatedAt: contact.updatedAt,
})

const itemEntity = (item: ImportedItem): RemoteEntity => ({
  list: 'items',
  remoteId: item.remoteId,
  name: text(item.fields.name) ?? item.code,
  contactNumber: null,
  accountNumber: null,
  taxNumber: null,
  email: null,
  code: item.code,
  archived: false,
  mergedInto: null,
  isCustomer: false,
  isVendor: false,
  fields: item.fields,
  fieldsHash: fieldsHash(item.fields),
  remoteUpdatedAt: item.updatedAt,
})

const settingsOf = (context: JobContext, type: EntityRecordType) => context.settings[`${type}s`]

export function importDesk(deps: { db: Db; clock: Clock; newId: NewId; log: Logger }) {
  const { db, clock, newId } = deps
  const judgeVanished = vanishedItems(deps)

  async function take(
    tx: Db,
    context: JobContext,
    list: 'contacts' | 'items',
    entities: readonly RemoteEntity[],
    sweep: number,
  ): Promise<void> {
    if (entities.length === 0) return
    const { companyId } = context.job
    const connectionId = context.connection.id
    const ids = entities.map((entity) => entity.remoteId)
    const types: EntityRecordType[] = list === 'items' ? ['item'] : ['customer', 'vendor']
    const seen = await findRemoteEntities(tx, companyId, connectionId, list, ids)
    const links = await findLinksByRemoteId(tx, companyId, connectionId, types, ids)
    const now = clock.now().toISOString()
    const changes: NewChange[] = []
    for (const type of types) {
      const linked = new Map(links.filter((link) => link.type === type).map((link) => [link.remoteId, link]))
      const changed = entities.filter((entity) => {
        const link = linked.get(entity.remoteId)
        return link && seen.get(entity.remoteId)?.fieldsHash !== entity.fieldsHash
      })
      if (changed.length === 0) continue
      const recordIds = changed.flatMap((entity) => linked.get(entity.remoteId)?.recordId ?? [])
      const records = await findRecords(tx, companyId, connectionId, type, recordIds)
      const open = await recordsWithOpenItem(tx, companyId, connectionId, type, recordIds)
      const foreign = changed.flatMap((entity) => {
        const link = linked.get(entity.remoteId)
        return link && !isEcho(entity, link) ? link.recordId : []
      })
      // It no longer stands in Xero as it was last sent: the same content again would be a change there.
      await forgetPosted(tx, companyId, connectionId, type, foreign)
      const refreshed: Pick<Link, 'recordId' | 'status' | 'remoteUpdatedAt'>[] = []
      for (const entity of changed) {
        const link = linked.get(entity.remoteId)
        const record = link && records.get(link.recordId)
        if (!link || !record) continue
        const keys = changedKeys(seen.get(entity.remoteId), entity, link)
        const change = await takeFields(tx, context, type, record, entity, keys, open.has(record.id), now)
        if (change) changes.push(change)
        const status = list === 'contacts' ? (entity.archived ? 'ARCHIVED' : 'ACTIVE') : link.status
        refreshed.push({ recordId: link.recordId, status, remoteUpdatedAt: entity.remoteUpdatedAt })
      }
      await refreshLinks(tx, companyId, connectionId, type, refreshed, now)
    }
    await saveRemoteEntities(tx, companyId, connectionId, entities, sweep, now)
    await appendChanges(tx, companyId, connectionId, changes, now)
  }

  /** It is not newer than our own last write of it. */
  const isEcho = (entity: RemoteEntity, link: Link): boolean =>
    link.remoteUpdatedAt !== null && (entity.remoteUpdatedAt ?? '') <= link.remoteUpdatedAt

  /** The fields that changed in Xero since they were last seen. What our own write produced is no change. */
  function changedKeys(seen: RemoteEntity | undefined, entity: RemoteEntity, link: Link): string[] {
    if (!seen && isEcho(entity, link) && link.postedHash !== null) return []
    const before = seen?.fields ?? {}
    const keys = new Set([...Object.keys(before), ...Object.keys(entity.fields)])
    return [...keys].filter((key) => canonicalJson(before[key] ?? null) !== canonicalJson(entity.fields[key] ?? null))
  }

  async function takeFields(
    tx: Db,
    context: JobContext,
    type: EntityRecordType,
    record: StoredRecord,
    entity: RemoteEntity,
    keys: readonly string[],
    hasOpenItem: boolean,
    now: string,
  ): Promise<NewChange | null> {
    const settings = settingsOf(context, type)
    const { companyId } = context.job
    const connectionId = context.connection.id
    if (settings.import === 'off' || keys.length === 0 || record.deletedAt !== null) return null
    if (resolveImport(settings.conflict, { hasOpenItem }) === 'keep') {
      if (settings.conflict === 'product_wins' && !hasOpenItem) {
        const request = { itemId: newId(), recordId: record.id, recordName: record.name, action: 'update' } as const
        await openQueueItems(tx, companyId, connectionId, type, [request], now)
        await showState(tx, context, type, [record.id], 'pending', now)
      }
      return null
    }
    const taken = keys.filter((key) => record.origin === 'import' || !productsOwn.includes(key) || key === 'active')
    const merged: Record<string, unknown> = { ...record.body }
    for (const key of taken) {
      if (entity.fields[key] === undefined) delete merged[key]
      else merged[key] = entity.fields[key]
    }
    const body = canonicalRecord(type, merged as never) as RecordBody
    const hash = contentHash(body)
    if (hash === record.contentHash) return null
    const name = recordName(type, body)
    await saveImportedBody(tx, companyId, connectionId, type, { id: record.id, body, contentHash: hash, name }, now)
    if (hasOpenItem) {
      await endWaiting(tx, companyId, connectionId, type, [record.id], 'superseded', now)
      if (!isHeld(record)) await showState(tx, context, type, [record.id], 'synced', now)
    }
    context.progress[type].imported += 1
    return {
      recordType: type,
      recordId: record.id,
      operation: 'updated',
      record: { ...body, id: record.id },
      xeroId: entity.remoteId,
      jobId: context.job.id,
    }
  }

  return {
    takeContacts: (tx: Db, context: JobContext, contacts: readonly ImportedContact[], sweep: number) =>
      take(tx, context, 'contacts', contacts.map(contactEntity), sweep),

    takeItems: (tx: Db, context: JobContext, items: readonly ImportedItem[], sweep: number) =>
      take(tx, context, 'items', items.map(itemEntity), sweep),

    knownItems: (context: JobContext) => countRemoteEntities(db, context.job.companyId, context.connection.id, 'items'),

    /** Entities without a record of this type become records, under Xero's id until the product adopts them. */
    async assign(tx: Db, context: JobContext, type: EntityRecordType): Promise<boolean> {
      if (settingsOf(context, type).import !== 'updates_and_new') return false
      const { companyId, id: jobId } = context.job
      const connectionId = context.connection.id
      const entities = await findUnlinked(tx, companyId, connectionId, type, chunk)
      const now = clock.now().toISOString()
      const bodies = entities.map((entity) => ({
        entity,
        body: canonicalRecord(type, { ...entity.fields, id: entity.remoteId } as never) as RecordBody,
      }))
      await saveRecords(
        tx,
        companyId,
        connectionId,
        type,
        bodies.map(({ entity, body }) => ({
          id: entity.remoteId,
          origin: 'import',
          body,
          contentHash: contentHash(body),
          version: null,
          name: recordName(type, body),
          status: null,
          syncState: 'synced',
        })),
        now,
      )
      const links = entities.map((entity) => ({
        recordId: entity.remoteId,
        remoteId: entity.remoteId,
        number: entity.contactNumber ?? entity.code,
        status: type === 'item' ? null : 'ACTIVE',
        remoteUpdatedAt: entity.remoteUpdatedAt,
        lineIds: {},
        marker: entity.contactNumber ?? entity.code,
        postedHash: null,
        matchedBy: 'import',
      }))
      await recordLinks(tx, companyId, connectionId, type, links, now)
      const changes = bodies.map(({ entity, body }) => ({
        recordType: type,
        recordId: entity.remoteId,
        operation: 'created' as const,
        record: { ...body, id: entity.remoteId },
        xeroId: entity.remoteId,
        jobId,
      }))
      await appendChanges(tx, companyId, connectionId, changes, now)
      context.progress[type].imported += entities.length
      return entities.length === chunk
    },

    judgeVanished,
  }
}
