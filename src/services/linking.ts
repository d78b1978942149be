// Linking by hand, and adoption: a document that Xero holds becomes the product's record, under the product's id. One
// that was imported before gives up the id that the import made for it.

import type { Db } from '../db/tables.ts'
import { type DocumentType, entityTypes, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import { contentHash, type RecordBody, recordName } from '../domain/records/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { appendChanges } from '../stores/changes.ts'
import { deleteLinks, findLinksByRemoteId, recordLinks } from '../stores/links.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { openQueueItems } from '../stores/queue-locking.ts'
import { dropRecord, findRecords, saveRecords } from '../stores/records.ts'
import { findRemoteEntities, type RemoteEntity } from '../stores/remote-entities.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { heldByJob, isHeldItem, keepsDocument } from './holding.ts'

const refuse = (detail: string, action: string) =>
  problem('validation_failed', detail, { errors: [{ pointer: '/xeroId', detail, action }] })

/** Links in the caller's transaction; throws already_linked when either side is taken. */
export async function adopt(
  tx: Db,
  companyId: string,
  connectionId: string,
  type: 'item' | 'customer' | 'vendor',
  recordId: string,
  entity: RemoteEntity,
  matchedBy: string,
  now: string,
): Promise<void> {
  const holders = await findLinksByRemoteId(tx, companyId, connectionId, [type], [entity.remoteId])
  const holder = holders.find((link) => link.recordId !== recordId)
  if (holder) {
    const holding = (await findRecords(tx, companyId, connectionId, type, [holder.recordId])).get(holder.recordId)
    if (holding && keepsDocument(holding)) {
      throw problem('already_linked', `The ${type} ${holder.recordId} is linked to ${entity.remoteId}.`, {
        extra: { recordId: holder.recordId },
      })
    }
    await deleteLinks(tx, companyId, connectionId, type, [holder.recordId])
    if (holding?.origin === 'import') {
      await dropRecord(tx, companyId, connectionId, type, holder.recordId)
      const gone = { recordType: type, recordId: holder.recordId, operation: 'deleted', record: null } as const
      await appendChanges(tx, companyId, connectionId, [{ ...gone, xeroId: entity.remoteId, jobId: null }], now)
    }
  }
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
  }
  const clashes = await recordLinks(tx, companyId, connectionId, type, [link], now)
  if (clashes.length > 0) {
    throw problem('already_linked', `The ${type} ${recordId} is linked to another document.`, {
      action: 'Unlink it first with DELETE …/link.',
    })
  }
}

const titled = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** What to do with a document that is in Xero already. */
const instead: Readonly<Record<DocumentType, string>> = {
  invoice: 'Give the invoice the number that it has in Xero; it is adopted.',
  bill: 'Void or delete the bill in Xero and run a sync job, or take this one out of the queue: DELETE …/sync-queue-items/{id}.',
}

export function linker(deps: { db: Db; clock: Clock; newId: NewId }) {
  const { db, clock, newId } = deps
  return async (
    companyId: string,
    connectionId: string,
    type: RecordType,
    recordId: string,
    xeroId: string,
  ): Promise<void> => {
    if (isDocumentType(type)) throw refuse(`${titled(entityTypes[type].path)} are not linked by hand.`, instead[type])
    const list = entityTypes[type].list as 'contacts' | 'items'
    await alone(db, connectionId, async (tx) => {
      if ((await findOpenItems(tx, companyId, connectionId, type, [recordId])).some(isHeldItem)) throw heldByJob()
      const entity = (await findRemoteEntities(tx, companyId, connectionId, list, [xeroId])).get(xeroId)
      if (!entity) {
        throw refuse(
          `Xero's ${list} hold no ${xeroId}, as last read.`,
          'Run a sync job, then use an id that it showed.',
        )
      }
      const now = clock.now().toISOString()
      await adopt(tx, companyId, connectionId, type, recordId, entity, 'hand', now)
      const known = (await findRecords(tx, companyId, connectionId, type, [recordId])).get(recordId)
      if (known && known.deletedAt === null) {
        const request = { itemId: newId(), recordId, recordName: known.name, action: 'update' } as const
        await openQueueItems(tx, companyId, connectionId, type, [request], now)
        const change = { id: recordId, state: 'pending', error: null, synced: false, nextStepAt: null } as const
        await setSyncStates(tx, companyId, connectionId, type, [change], now)
        return
      }
      const body = { ...entity.fields, id: recordId } as RecordBody
      const write = { id: recordId, origin: 'product', body, contentHash: contentHash(body) } as const
      const rest = { version: null, name: recordName(type, body), status: null, syncState: 'synced' } as const
      await saveRecords(tx, companyId, connectionId, type, [{ ...write, ...rest }], now)
      const created = { recordType: type, recordId, operation: 'created', record: { ...body } } as const
      await appendChanges(tx, companyId, connectionId, [{ ...created, xeroId, jobId: null }], now)
    })
  }
}
