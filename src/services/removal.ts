// Deletions: contacts are archived, items deleted, invoices deleted or voided; one call each, several at once. A deletion of
// what never reached Xero is done without a call.
import type { Db } from '../db/tables.ts'
import { entityTypes, type RecordType } from '../domain/entity-types.ts'
import { postRemoval } from '../domain/posting/removal.ts'
import type { QueueItem } from '../domain/queue-item.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { findLinks, findLinksByRemoteId, type Link } from '../stores/links.ts'
import { lockedItems } from '../stores/queue-locking.ts'
import { findRecords } from '../stores/records.ts'
import { atOnce } from './at-once.ts'
import type { FormerDocuments } from './former-documents.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { settleDocuments } from './settlement.ts'
import type { Writer } from './writes.ts'

const contactTypes = ['customer', 'vendor'] as const

export type Remover = ReturnType<typeof remover>

export function remover(deps: { db: Db; clock: Clock; writer: Writer; former: FormerDocuments; callsAtOnce: number }) {
  const { db, clock, writer, former, callsAtOnce } = deps

  return async function removeStep(context: JobContext, type: RecordType): Promise<StepResult> {
    const { companyId, id: jobId } = context.job
    const items = await lockedItems(db, companyId, jobId, type, true, callsAtOnce)
    if (items.length === 0) return { kind: 'done' }
    const ids = items.map((item) => item.recordId)
    const links = await findLinks(db, companyId, context.connection.id, type, ids)
    const unlinked = items.filter((item) => !links.has(item.recordId))
    const records = await findRecords(
      db,
      companyId,
      context.connection.id,
      type,
      unlinked.map(({ recordId }) => recordId),
    )
    const shared = await heldByOthers(context, type, [...links.values()])
    const settled = await former.beforeRemoving(context, type, unlinked, records)
    if (settled) return settled
    return atOnce(items.map((item) => remove(context, type, item, links.get(item.recordId), shared)))
  }

  /** Contacts that another record, of either role, still is: they stay in Xero as long as one of them lives. */
  async function heldByOthers(context: JobContext, type: RecordType, links: readonly Link[]): Promise<Set<string>> {
    if (type !== 'customer' && type !== 'vendor') return new Set()
    const { companyId } = context.job
    const connectionId = context.connection.id
    const ids = links.map(({ remoteId }) => remoteId)
    const all = await findLinksByRemoteId(db, companyId, connectionId, contactTypes, ids)
    const held = new Set<string>()
    for (const role of contactTypes) {
      const ofRole = all.filter((link) => link.type === role)
      const records = await findRecords(
        db,
        companyId,
        connectionId,
        role,
        ofRole.map(({ recordId }) => recordId),
      )
      for (const { recordId, remoteId } of ofRole) {
        const record = records.get(recordId)
        if (record?.deletedAt === null) held.add(remoteId)
      }
    }
    return held
  }

  // What the settings keep in Xero stays linked to the deleted record: unlinked, the import would take it for a new one
  // and hand it back to the product that deleted it.
  async function remove(
    context: JobContext,
    type: RecordType,
    item: QueueItem,
    link: Link | undefined,
    shared: ReadonlySet<string>,
  ): Promise<StepResult> {
    const isShared = link !== undefined && shared.has(link.remoteId)
    const posting = link && !isShared ? postRemoval(type, context.settings, link.status) : null
    if (link && posting?.kind === 'posted') {
      const element: BatchElement = {
        queueItemId: item.id,
        recordType: type,
        recordId: item.recordId,
        action: 'delete',
        posted: null,
        removal:
          posting.document.list === 'items' ? { ...posting.document, code: link.number } : posting.document,
        remoteId: link.remoteId,
        lineIds: {},
        marker: link.marker ?? link.remoteId,
        postedHash: '',
      }
      return writer.send(context, entityTypes[type].list, 'remove', [element])
    }
    const error = posting?.kind === 'error' ? posting.error : null
    await inJobTransaction(db, context.job, async (tx) => {
      const base = { queueItemId: item.id, recordType: type, recordId: item.recordId, error, blockedBy: null }
      const outcome = error
        ? ({ status: 'failed', state: 'failed' } as const)
        : ({ status: 'synced', state: 'never_synced' } as const)
      await settleDocuments(tx, context, [{ ...base, ...outcome, attempted: false }], clock.now().toISOString())
    })
    if (error) context.progress[type].failed += 1
    return { kind: 'again' }
  }
}
