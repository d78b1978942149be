// The sync queue: read it, queue records again, take waiting items away by the rules of who may lose what.

import type { Db } from '../db/tables.ts'
import { entityTypes, type RecordType } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import { isSent } from '../domain/posting/kept-out.ts'
import { heldStatuses, type QueueItem, waitingStatuses } from '../domain/queue-item.ts'
import type { RecordBody } from '../domain/records/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks, type Link } from '../stores/links.ts'
import { forgetRequest, sendAgain } from '../stores/posted-marks.ts'
import { countQueueItems, findOpenItems, findQueueItem, listQueueItems } from '../stores/queue-items.ts'
import { cancelWaiting, openQueueItems } from '../stores/queue-waiting.ts'
import { findRecords, liveRecordIds, type StoredRecord } from '../stores/records.ts'
import { findRecordHeads, findRecordStates } from '../stores/shown-records.ts'
import { withdrawAcceptance } from '../stores/standing-documents.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { alone } from './alone.ts'
import { standingConflicts } from './conflicts.ts'
import { requireConnection } from './connections.ts'
import type { QueueService } from './contract.ts'
import { heldBy, isHeldItem, underDeletion } from './holding.ts'
import { loadSettings } from './settings.ts'

const pageSize = 1_000

const includes = (statuses: readonly string[], status: string): boolean => statuses.includes(status)

/** Of a linked record whose item is taken away: synced only when what stands in Xero is what the record says now. */
function stateOf(
  { lastError }: QueueItem,
  { recordHash = null }: Link,
  record: StoredRecord | undefined,
): { state: 'synced' | 'outdated'; error: SyncError | null } {
  const isInConflict = standingConflicts.some((code) => code === lastError?.code)
  const isSameSince = record !== undefined && (record.lastSyncedAt ?? '') >= record.updatedAt
  const stands = recordHash === null ? isSameSince : recordHash === record?.contentHash
  if (stands && !isInConflict) return { state: 'synced', error: null }
  return { state: 'outdated', error: syncError('change_withdrawn', { differences: lastError?.differences }) }
}

export function queueService(deps: { db: Db; clock: Clock; newId: NewId }): QueueService {
  const { db, clock, newId } = deps

  async function requireItem(companyId: string, connectionId: string, itemId: string, from = db): Promise<QueueItem> {
    await requireConnection(from, companyId, connectionId)
    const item = await findQueueItem(from, companyId, connectionId, itemId)
    if (!item) throw problem('not_found', `There is no queue item ${itemId}.`)
    return item
  }

  /** Why an item may not be taken away by hand; throws where it may not. */
  function checkRemovable(item: QueueItem, force: boolean): void {
    if (!includes(waitingStatuses, item.status)) {
      throw problem('invalid_state_transition', `The item has ended: ${item.status}.`)
    }
    if (item.action === 'delete') {
      throw underDeletion('A queued deletion cannot be undone.', item.status === 'conflict', {
        recordType: item.recordType,
        recordId: item.recordId,
      })
    }
    if (entityTypes[item.recordType].direction === 'two_way' && !force) {
      throw problem('entity_item_not_removable', `The item belongs to the ${item.recordType} ${item.recordId}.`)
    }
  }

  /** Queues those of the records that the settings send. */
  async function requeuePage(
    tx: Db,
    companyId: string,
    connectionId: string,
    type: RecordType,
    ids: readonly string[],
  ): Promise<{ sent: number; opened: number }> {
    const { settings } = await loadSettings(tx, companyId, connectionId)
    const now = clock.now().toISOString()
    const records = (await findRecordHeads(tx, companyId, connectionId, type, ids)).filter(
      // One that was deleted since it was listed is not sent: that would take its deletion back.
      ({ body, deletedAt }) => deletedAt === null && isSent(type, body as RecordBody, settings),
    )
    const sent = records.map(({ id }) => id)
    const links = await findLinks(tx, companyId, connectionId, type, sent)
    const requests = records.map(({ id, name }) => ({
      itemId: newId(),
      recordId: id,
      recordName: name,
      action: links.has(id) ? ('update' as const) : ('create' as const),
      request: newId(),
    }))
    const { opened } = await openQueueItems(tx, companyId, connectionId, type, requests, now)
    // Whoever queues a record by hand wants it sent, also when it is the same as last time.
    await sendAgain(tx, companyId, connectionId, type, requests)
    const pending = records
      .filter(({ syncState }) => !includes(heldStatuses, syncState))
      .map(({ id }) => ({ id, state: 'pending' as const, error: null, synced: false, nextStepAt: null }))
    await setSyncStates(tx, companyId, connectionId, type, pending, now)
    return { sent: sent.length, opened }
  }

  /** Of these records, those that were deleted, still stand in Xero, and have nothing under way that removes them. */
  async function reopenDeletions(
    tx: Db,
    companyId: string,
    connectionId: string,
    type: RecordType,
    ids: readonly string[],
  ): Promise<number> {
    const now = clock.now().toISOString()
    const records = await findRecordStates(tx, companyId, connectionId, type, ids)
    const items = await findOpenItems(tx, companyId, connectionId, type, ids)
    const removed = new Set(items.filter(({ action }) => action === 'delete').map(({ recordId }) => recordId))
    const held = new Set(items.filter(isHeldItem).map(({ recordId }) => recordId))
    const standing = [...records.values()].filter(
      ({ id, deletedAt, link }) => deletedAt !== null && link !== null && !removed.has(id),
    )
    const requests = standing.map(({ id, name }) => {
      return { itemId: newId(), recordId: id, recordName: name, action: 'delete' as const }
    })
    await openQueueItems(tx, companyId, connectionId, type, requests, now)
    const pending = standing
      .filter(({ id }) => !held.has(id))
      .map(({ id }) => ({ id, state: 'pending' as const, error: null, synced: false, nextStepAt: null }))
    await setSyncStates(tx, companyId, connectionId, type, pending, now)
    return standing.length
  }

  return {
    async list(companyId, connectionId, filter, sort, page) {
      await requireConnection(db, companyId, connectionId)
      return listQueueItems(db, companyId, connectionId, filter, sort, page)
    },

    async count(companyId, connectionId, filter) {
      await requireConnection(db, companyId, connectionId)
      return countQueueItems(db, companyId, connectionId, filter)
    },

    get: requireItem,

    async requeue(companyId, connectionId, { recordType, recordIds }) {
      await requireConnection(db, companyId, connectionId)
      const answer = { opened: 0, alreadyQueued: 0, skipped: 0 }
      let found = 0
      for (let after: string | undefined = ''; after !== undefined; ) {
        const ids = await liveRecordIds(db, companyId, connectionId, recordType, recordIds, after, pageSize)
        const counted = await alone(db, connectionId, (tx) => requeuePage(tx, companyId, connectionId, recordType, ids))
        answer.opened += counted.opened
        answer.alreadyQueued += counted.sent - counted.opened
        answer.skipped += ids.length - counted.sent
        found += ids.length
        after = ids.length < pageSize ? undefined : ids.at(-1)
      }
      if (recordIds) {
        const reopened = await alone(db, connectionId, (tx) =>
          reopenDeletions(tx, companyId, connectionId, recordType, recordIds),
        )
        answer.opened += reopened
        answer.skipped += new Set(recordIds).size - found - reopened
      }
      return answer
    },

    async remove(companyId, connectionId, itemId, { force }) {
      await requireConnection(db, companyId, connectionId)
      await alone(db, connectionId, async (tx) => {
        const now = clock.now().toISOString()
        const item = await requireItem(companyId, connectionId, itemId, tx)
        if (isHeldItem(item)) throw await heldBy(tx, companyId, connectionId, item)
        checkRemovable(item, force)
        await cancelWaiting(tx, companyId, itemId, now)
        const { recordType: type, recordId: id } = item
        const open = await findOpenItems(tx, companyId, connectionId, type, [id])
        const held = open.filter(isHeldItem).map(({ id: heldId }) => heldId)
        await forgetRequest(tx, companyId, connectionId, type, [id], held)
        // Beside it a job may hold an earlier item of the record: then it stays held, whatever else is taken away.
        if (held.length > 0) return
        // With the change goes a decision to write it over what a person edited.
        await withdrawAcceptance(tx, companyId, connectionId, type, id)
        const link = (await findLinks(tx, companyId, connectionId, type, [id])).get(id)
        const record = (await findRecords(tx, companyId, connectionId, type, [id])).get(id)
        const shown = link ? stateOf(item, link, record) : ({ state: 'never_synced', error: null } as const)
        const change = { id, ...shown, synced: false, nextStepAt: null }
        await setSyncStates(tx, companyId, connectionId, item.recordType, [change], now)
      })
      return requireItem(companyId, connectionId, itemId)
    },
  }
}
