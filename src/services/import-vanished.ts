// Items that Xero does not list any more: a deleted item leaves no trace, so only the whole list tells (xero.md, Reading). They are
// deleted here too, or kept, as the settings say; but only what two reads in a row did not show. One answer with an empty
// list would delete everything otherwise. Where much is missing at once the second read comes later, because what broke the
// first one may last a while.
import type { Db } from '../db/tables.ts'
import { resolveImport } from '../domain/conflict.ts'
import { isSuddenAbsence } from '../domain/sudden-absence.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Logger } from '../observability/logger.ts'
import { appendChanges } from '../stores/changes.ts'
import { closeVanishedIncident, openVanishedIncident } from '../stores/incidents.ts'
import { deleteLinks, findLinksByRemoteId, type Link, refreshLinks } from '../stores/links.ts'
import { type Belief, countMissing, findMissing, markMissing, type WholeRead } from '../stores/missing-entities.ts'
import { endWaiting, openQueueItems, recordsWithOpenItem } from '../stores/queue-waiting.ts'
import { markDeleted } from '../stores/record-writes.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { deleteRemoteEntities, findItemsByCodes } from '../stores/remote-entities.ts'
import { setSyncStates } from '../stores/sync-states.ts'
import { holdersOf } from './item-holders.ts'
import type { JobContext } from './job-context.ts'
import { keepAgreements } from './left-agreements.ts'
import { isToBeDecided, removedItem, removedStatus } from './removed-items.ts'
import { showState } from './show-state.ts'

const chunk = 500
/** Where many are missing, the read that confirms it comes at least so much later. */
const confirmAfterMs = 10 * 60_000
/** Ids that an incident shows. */
const shownAtMost = 200

/**
 * What became of what a whole read did not show. `too_young`: it may not be in the list yet · `read_again`: a second read has to
 * confirm it.
 */
export type Absence = 'judged' | 'too_young' | 'read_again' | 'doubted'

export function vanishedItems(deps: { clock: Clock; newId: NewId; log: Logger }) {
  const { clock, newId, log } = deps

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
    const { conflict } = context.settings.items
    const live = ids.flatMap((id) => {
      const record = records.get(id)
      return record && record.deletedAt === null ? record : []
    })
    const wanted = live.filter((record) => record.origin === 'product' && conflict === 'product_wins')
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

  /**
   * Within the page's transaction. `rowsWithoutId`: of these rows, more than before, each may be one that is missed; a read
   * with at least as many of them as are missing is doubted like one in which many are missing.
   */
  return async function judgeVanished(
    tx: Db,
    context: JobContext,
    { sweep, showsWrittenBefore }: Pick<WholeRead, 'sweep' | 'showsWrittenBefore'>,
    rowsWithoutId: number,
  ): Promise<Absence> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const now = clock.now().toISOString()
    const read: WholeRead = { companyId, connectionId, list: 'items', sweep, showsWrittenBefore }
    const { linked, missing, tooYoung } = await countMissing(tx, read)
    const isDoubtful = missing > 0 && (isSuddenAbsence(missing, linked) || rowsWithoutId >= missing)
    // Nothing hangs on what is not linked.
    const belief = missing === 0 ? null : { since: isDoubtful ? from(now, -confirmAfterMs) : now, isDoubtful }
    await dropMissing(tx, context, read, belief)
    await markMissing(tx, read, now)
    const left = missing === 0 ? 0 : (await countMissing(tx, read)).missing
    if (!isDoubtful || left === 0) {
      await closeVanishedIncident(tx, companyId, connectionId, now)
      if (left > 0) return 'read_again'
      return tooYoung > 0 ? 'too_young' : 'judged'
    }
    const incident = { id: newId(), remoteIds: await findMissing(tx, read, shownAtMost, null) }
    const { opened } = await openVanishedIncident(tx, companyId, connectionId, incident, now)
    if (opened) log.error({ connectionId, linked, missing }, 'linked items are missing in the list of items')
    return 'doubted'
  }

  /**
   * Items that somebody has to decide about. One that a person made anew under its code is met by that; what bears the code
   * and is another record is not that one.
   */
  async function undecided(
    tx: Db,
    context: JobContext,
    links: readonly Link[],
    { records, open }: { records: ReadonlyMap<string, StoredRecord>; open: ReadonlySet<string> },
  ): Promise<StoredRecord[]> {
    const living = links.flatMap(({ recordId }) => {
      const record = records.get(recordId)
      const isLiving = record && record.deletedAt === null && record.origin !== 'service'
      return isLiving && isToBeDecided(context.settings, open.has(recordId)) ? record : []
    })
    const codeOf = ({ body }: StoredRecord) => String(body.code)
    const { companyId } = context.job
    const anew = await findItemsByCodes(tx, companyId, context.connection.id, living.map(codeOf))
    const holders = await holdersOf(tx, context, [...anew.values()])
    return living.filter((record) => {
      const met = anew.get(codeOf(record).toLowerCase())
      return met === undefined || holders.has(met.remoteId)
    })
  }

  async function keepUndecided(
    tx: Db,
    context: JobContext,
    links: readonly Link[],
    { records, open, now }: { records: readonly StoredRecord[]; open: ReadonlySet<string>; now: string },
  ): Promise<void> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const removed = links.map(({ recordId, remoteUpdatedAt }) => ({ recordId, status: removedStatus, remoteUpdatedAt }))
    await refreshLinks(tx, companyId, connectionId, 'item', removed, now)
    // One whose change waits becomes a conflict with it.
    const told = records
      .filter(({ id }) => !open.has(id))
      .map((record) => ({
        ...{ id: record.id, error: removedItem(record), synced: false, nextStepAt: null },
        state: 'outdated' as const,
      }))
    await setSyncStates(tx, companyId, connectionId, 'item', told, now)
  }

  /** A record with an open item keeps its values; whether it is created anew, a person decides, or product_wins. */
  async function dropMissing(tx: Db, context: JobContext, read: WholeRead, belief: Belief | null): Promise<void> {
    const { companyId, id: jobId } = context.job
    const connectionId = context.connection.id
    for (;;) {
      const ids = await findMissing(tx, read, chunk, belief)
      if (ids.length === 0) return
      const vanished = await findLinksByRemoteId(tx, companyId, connectionId, ['item'], ids)
      const all = vanished.map((link) => link.recordId)
      const records = await findRecords(tx, companyId, connectionId, 'item', all)
      const open = await recordsWithOpenItem(tx, companyId, connectionId, 'item', all)
      const now = clock.now().toISOString()
      await deleteRemoteEntities(tx, companyId, connectionId, 'items', ids)
      const kept = await undecided(tx, context, vanished, { records, open })
      const isKept = (link: Link) => kept.some(({ id }) => id === link.recordId)
      await keepUndecided(tx, context, vanished.filter(isKept), { records: kept, open, now })
      const links = vanished.filter((link) => !isKept(link))
      const recordIds = links.map((link) => link.recordId)
      const { import: mode, conflict } = context.settings.items
      const gone = links.filter(
        (link) =>
          mode !== 'off' &&
          records.get(link.recordId)?.origin !== 'service' &&
          records.get(link.recordId)?.deletedAt === null &&
          resolveImport(conflict, { hasOpenItem: open.has(link.recordId) }) === 'take',
      )
      await deleteLinks(tx, companyId, connectionId, 'item', recordIds)
      await keepAgreements(tx, { companyId, connectionId, type: 'item' }, links, records)
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
    }
  }
}
