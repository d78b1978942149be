// Items that Xero does not list any more: a deleted item leaves no trace, so only the whole list tells (FACTS §2.4). They are
// deleted here too, or kept, as the settings say.
import type { Db } from '../db/tables.ts'
import { resolveImport } from '../domain/conflict.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { appendChanges } from '../stores/changes.ts'
import { deleteLinks, findLinksByRemoteId } from '../stores/links.ts'
import { endWaiting, openQueueItems, recordsWithOpenItem } from '../stores/queue-locking.ts'
import { findRecords, markDeleted, type StoredRecord } from '../stores/records.ts'
import { deleteRemoteEntities, findVanished } from '../stores/remote-entities.ts'
import type { JobContext } from './job-context.ts'
import { showState } from './show-state.ts'

const chunk = 500

export function vanishedItems(deps: { clock: Clock; newId: NewId }) {
  const { clock, newId } = deps

  /** Items that vanished in Xero and stay with the product: they are in Xero no more, and go there anew where it wins. */
  async function keepRecords(
    tx: Db,
    context: JobContext,
    ids: readonly string[],
    records: ReadonlyMap<string, StoredRecord>,
    now: string,
  ): Promise<void> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const { import: mode, conflict } = context.settings.items
    const live = ids.flatMap((id) => {
      const record = records.get(id)
      return record && record.deletedAt === null ? record : []
    })
    const wanted = live.filter((record) => record.origin === 'product' && mode !== 'off' && conflict === 'product_wins')
    const requests = wanted.map((record) => ({
      itemId: newId(),
      recordId: record.id,
      recordName: record.name,
      action: 'create' as const,
    }))
    await openQueueItems(tx, companyId, connectionId, 'item', requests, now)
    const liveIds = live.map((record) => record.id)
    await showState(tx, context, 'item', liveIds, 'never_synced', now)
  }

  /** Within the page's transaction. A record with an open item keeps its values and is created anew. */
  return async function dropVanishedItems(tx: Db, context: JobContext, sweep: number): Promise<void> {
    const { companyId, id: jobId } = context.job
    const connectionId = context.connection.id
    for (;;) {
      const vanished = await findVanished(tx, companyId, connectionId, 'items', sweep, chunk)
      if (vanished.length === 0) return
      const ids = vanished.map((entity) => entity.remoteId)
      const links = await findLinksByRemoteId(tx, companyId, connectionId, ['item'], ids)
      const recordIds = links.map((link) => link.recordId)
      const records = await findRecords(tx, companyId, connectionId, 'item', recordIds)
      const open = await recordsWithOpenItem(tx, companyId, connectionId, 'item', recordIds)
      const now = clock.now().toISOString()
      const { import: mode, conflict } = context.settings.items
      const gone = links.filter(
        (link) =>
          mode !== 'off' &&
          records.get(link.recordId)?.origin !== 'service' &&
          records.get(link.recordId)?.deletedAt === null &&
          resolveImport(conflict, { hasOpenItem: open.has(link.recordId) }) === 'take',
      )
      await deleteLinks(tx, companyId, connectionId, 'item', recordIds)
      await keepRecords(
        tx,
        context,
        links.filter((link) => !gone.includes(link) && !open.has(link.recordId)).map((link) => link.recordId),
        records,
        now,
      )
      const goneIds = gone.map((link) => link.recordId)
      await endWaiting(tx, companyId, connectionId, 'item', goneIds, 'superseded', now)
      await markDeleted(tx, companyId, connectionId, 'item', goneIds, 'never_synced', now)
      const changes = gone.map((link) => ({
        recordType: 'item' as const,
        recordId: link.recordId,
        operation: 'deleted' as const,
        record: null,
        xeroId: link.remoteId,
        jobId,
      }))
      await appendChanges(tx, companyId, connectionId, changes, now)
      context.progress.item.imported += gone.length
      await deleteRemoteEntities(tx, companyId, connectionId, 'items', ids)
    }
  }
}
