// The sync queue: read it, queue records again, take waiting items away by the rules of who may lose what.

import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { entityTypes, type RecordType } from '../domain/entity-types.ts'
import { problem } from '../domain/errors.ts'
import { heldStatuses, type QueueItem, waitingStatuses } from '../domain/queue-item.ts'
import type { RecordBody } from '../domain/records/index.ts'
import type { Settings } from '../domain/settings/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks, forgetPosted } from '../stores/links.ts'
import { countQueueItems, findQueueItem, listQueueItems } from '../stores/queue-items.ts'
import { cancelWaiting, openQueueItems } from '../stores/queue-locking.ts'
import { findRecords, liveRecordIds } from '../stores/records.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { requireConnection } from './connections.ts'
import type { QueueService } from './contract.ts'
import { isSent } from './intake.ts'
import { loadSettings } from './settings.ts'

const pageSize = 1_000

const includes = (statuses: readonly string[], status: string): boolean => statuses.includes(status)

export function queueService(deps: { db: Db; clock: Clock; newId: NewId }): QueueService {
  const { db, clock, newId } = deps

  async function requireItem(companyId: string, connectionId: string, itemId: string): Promise<QueueItem> {
    await requireConnection(db, companyId, connectionId)
    const item = await findQueueItem(db, companyId, connectionId, itemId)
    if (!item) throw problem('not_found', `There is no queue item ${itemId}.`)
    return item
  }

  /** Why an item may not be taken away by hand (FUNCTIONS §1.5); throws where it may not. */
  function checkRemovable(item: QueueItem, force: boolean): void {
    if (includes(heldStatuses, item.status)) {
      throw problem('queue_item_locked', `The item is ${item.status} by the job ${item.jobId}.`, {
        extra: { jobId: item.jobId },
      })
    }
    if (!includes(waitingStatuses, item.status)) {
      throw problem('invalid_state_transition', `The item has ended: ${item.status}.`)
    }
    if (item.action === 'delete') {
      throw problem('delete_irreversible', 'A deletion that is queued cannot be taken back.')
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
    settings: Settings,
  ): Promise<{ sent: number; opened: number }> {
    const now = clock.now().toISOString()
    const records = [...(await findRecords(tx, companyId, connectionId, type, ids)).values()].filter(({ body }) =>
      isSent(type, body as RecordBody, settings),
    )
    const sent = records.map(({ id }) => id)
    const links = await findLinks(tx, companyId, connectionId, type, sent)
    // Whoever queues a record by hand wants it sent, also when it is the same as last time.
    await forgetPosted(tx, companyId, connectionId, type, sent)
    const requests = records.map(({ id, name }) => ({
      itemId: newId(),
      recordId: id,
      recordName: name,
      action: links.has(id) ? ('update' as const) : ('create' as const),
    }))
    const { opened } = await openQueueItems(tx, companyId, connectionId, type, requests, now)
    const pending = records
      .filter(({ syncState }) => !includes(heldStatuses, syncState))
      .map(({ id }) => ({ id, state: 'pending' as const, error: null, synced: false, nextStepAt: null }))
    await setSyncStates(tx, companyId, connectionId, type, pending, now)
    return { sent: sent.length, opened }
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
      const { settings } = await loadSettings(db, companyId, connectionId)
      const answer = { opened: 0, alreadyQueued: 0, skipped: 0 }
      let found = 0
      for (let after: string | undefined = ''; after !== undefined; ) {
        const ids = await liveRecordIds(db, companyId, connectionId, recordType, recordIds, after, pageSize)
        const counted = await inTransaction(db, (tx) =>
          requeuePage(tx, companyId, connectionId, recordType, ids, settings),
        )
        answer.opened += counted.opened
        answer.alreadyQueued += counted.sent - counted.opened
        answer.skipped += ids.length - counted.sent
        found += ids.length
        after = ids.length < pageSize ? undefined : ids.at(-1)
      }
      if (recordIds) answer.skipped += new Set(recordIds).size - found
      return answer
    },

    async remove(companyId, connectionId, itemId, { force }) {
      const item = await requireItem(companyId, connectionId, itemId)
      checkRemovable(item, force)
      await inTransaction(db, async (tx) => {
        const now = clock.now().toISOString()
        if (!(await cancelWaiting(tx, companyId, itemId, now))) {
          throw problem('queue_item_locked', 'A job took the item at this very moment.')
        }
        const linked = (await findLinks(tx, companyId, connectionId, item.recordType, [item.recordId])).has(
          item.recordId,
        )
        const state = linked ? ('synced' as const) : ('never_synced' as const)
        const change = { id: item.recordId, state, error: null, synced: false, nextStepAt: null }
        await setSyncStates(tx, companyId, connectionId, item.recordType, [change], now)
      })
      return requireItem(companyId, connectionId, itemId)
    },
  }
}
