// Records as the inventory product sees them: hand over, read with their sync state, delete, link and unlink.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { type ProblemFault, problem } from '../domain/errors.ts'
import { faultCount, faultReport, faultsPerAnswer, faultsPerValue } from '../domain/fault-report.ts'
import { withDecimalsAsSent } from '../domain/records/decimals-as-sent.ts'
import { type RecordBody, shownRecord } from '../domain/records/index.ts'
import type { SyncState } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { gently, giveWay, portions } from '../lib/portions.ts'
import { findOpenItems } from '../stores/queue-items.ts'
import { endWaiting, openQueueItems } from '../stores/queue-waiting.ts'
import { markDeleted } from '../stores/record-writes.ts'
import { findLinkedRecord, type LinkedRecord } from '../stores/records.ts'
import { findRecordStates, listRecords, type RecordState, type ShownRecord } from '../stores/shown-records.ts'
import { listAttempts } from '../stores/write-batches.ts'
import { alone } from './alone.ts'
import type { Caller } from './calls.ts'
import { conflictResolver } from './conflicts.ts'
import { requireConnection } from './connections.ts'
import type { BulkResult, RecordService, RecordView } from './contract.ts'
import { documentLinker } from './document-links.ts'
import { isHeldItem, underDeletion } from './holding.ts'
import { intake } from './intake.ts'
import { linker } from './linking.ts'
import { unlinker } from './unlinking.ts'

/** States that are read at once. */
const statesAtOnce = 250
/** Lines that are shown at once: some milliseconds. */
const linesAtOnce = 2_000
const lineCount = ({ body }: ShownRecord): number => (Array.isArray(body.lines) ? body.lines.length : 0) + 10

const notOfPath: ProblemFault = {
  pointer: '/id',
  detail: 'The id in the body is not the one in the path.',
  action: 'Leave it out or repeat the one of the path.',
}

export function recordService(deps: {
  db: Db
  clock: Clock
  newId: NewId
  provider: AccountingProvider
  caller: Caller
}): RecordService {
  const { db, clock, newId, provider, caller } = deps
  const takeIn = intake({ db, clock, newId })
  const link = linker({ db, clock, newId })
  const linkDocument = documentLinker({ db, clock, newId, provider, caller })
  const resolve = conflictResolver({ db, clock, newId })
  const unlink = unlinker({ db, clock, newId })

  const syncOf = (record: RecordState, shortCode: string | null): SyncState => ({
    state: record.syncState,
    xero: record.link ? { ...record.link, url: provider.deepLink(record.type, record.link.id, shortCode) } : null,
    lastSyncedAt: record.lastSyncedAt,
    lastError: record.lastError,
    nextStepAt: record.nextStepAt,
  })

  const viewOf = (record: ShownRecord, shortCode: string | null): RecordView => ({
    type: record.type,
    id: record.id,
    origin: record.origin === 'import' ? 'import' : 'product',
    record: {
      ...withDecimalsAsSent(shownRecord(record.type, record.body), record.decimalsAsSent),
      id: record.id,
    } as RecordBody,
    sync: syncOf(record, shortCode),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    deletedAt: record.deletedAt,
  })

  async function requireRecord(
    companyId: string,
    connectionId: string,
    type: RecordType,
    id: string,
  ): Promise<{ record: LinkedRecord; shortCode: string | null }> {
    const connection = await requireConnection(db, companyId, connectionId)
    const record = await findLinkedRecord(db, companyId, connectionId, type, id)
    if (!record || record.origin === 'service') throw problem('not_found', `There is no ${type} ${id}.`)
    return { record, shortCode: connection.organisation?.shortCode ?? null }
  }

  async function view(companyId: string, connectionId: string, type: RecordType, id: string): Promise<RecordView> {
    const { record, shortCode } = await requireRecord(companyId, connectionId, type, id)
    return viewOf(record, shortCode)
  }

  const beingDeleted = (type: RecordType, id: string, record: RecordState | null | undefined) =>
    underDeletion(`The ${type} ${id} is being deleted in Xero.`, record?.syncState === 'conflict', {
      recordType: type,
      recordId: id,
    })

  return {
    async upsert(companyId, connectionId, type, recordId, body) {
      await requireConnection(db, companyId, connectionId)
      const given = body as { id?: unknown } | null
      const idFault = given?.id === undefined || given.id === recordId ? undefined : notOfPath
      const [outcome] = await takeIn(companyId, connectionId, type, [{ id: recordId, body, idFault }])
      if (!outcome || outcome.result === 'refused') {
        const errors = outcome?.faults ?? []
        const detail = `The ${type} has ${faultCount(errors)} error(s); nothing was stored.`
        throw problem('validation_failed', detail, { errors })
      }
      if (outcome.result === 'being_deleted') {
        throw beingDeleted(type, recordId, await findLinkedRecord(db, companyId, connectionId, type, recordId))
      }
      return { result: outcome.result, record: await view(companyId, connectionId, type, recordId) }
    },

    async upsertMany(companyId, connectionId, type, bodies): Promise<BulkResult[]> {
      const connection = await requireConnection(db, companyId, connectionId)
      const outcomes = await takeIn(
        companyId,
        connectionId,
        type,
        bodies.map((body) => ({ id: (body as { id?: unknown } | null)?.id, body })),
      )
      const shortCode = connection.organisation?.shortCode ?? null
      // The id of a refused element may be one that no database can even be asked for.
      const ids = outcomes.flatMap(({ id, result }) => (result === 'refused' ? [] : (id ?? [])))
      const states = new Map<string, RecordState>()
      for (const some of portions(ids, statesAtOnce, () => 1)) {
        if (states.size > 0) await giveWay()
        for (const [id, state] of await findRecordStates(db, companyId, connectionId, type, some)) states.set(id, state)
      }
      let untold = faultsPerAnswer
      return outcomes.map(({ id, result, faults }) => {
        const refused = result === 'refused' || result === 'being_deleted'
        const stored = id === null ? undefined : states.get(id)
        const { detail, action } = beingDeleted(type, id ?? '', stored)
        const all = result === 'being_deleted' ? [{ pointer: '', detail, action }] : faults
        const errors = faultReport(all, { limit: Math.max(1, Math.min(faultsPerValue, untold)) })
        untold -= errors.length
        return {
          id,
          result: refused ? 'refused' : result,
          sync: refused || !stored ? null : syncOf(stored, shortCode),
          errors: errors.map((entry) => ({
            ...entry,
            action: entry.action ?? 'Correct it and send the record again.',
          })),
        }
      })
    },

    get: view,

    async list(companyId, connectionId, type, filter, page) {
      const connection = await requireConnection(db, companyId, connectionId)
      const found = await listRecords(db, companyId, connectionId, type, filter, page)
      const shortCode = connection.organisation?.shortCode ?? null
      const items: RecordView[] = []
      for await (const record of gently(found.items, linesAtOnce, lineCount)) items.push(viewOf(record, shortCode))
      return { items, next: found.next }
    },

    async remove(companyId, connectionId, type, recordId) {
      await alone(db, connectionId, async (tx) => {
        const record = await findLinkedRecord(tx, companyId, connectionId, type, recordId)
        if (!record || record.origin === 'service') throw problem('not_found', `There is no ${type} ${recordId}.`)
        const open = await findOpenItems(tx, companyId, connectionId, type, [recordId])
        const isHeld = open.some(isHeldItem)
        const mayStand = record.link !== null || isHeld || record.formerDocument !== null
        // One that was deleted before and still stands in Xero, with nothing under way that removes it, is deleted anew.
        // A deletion that Xero refused is tried once more when it is asked for again.
        const isUnderWay = open.some(({ action, status }) => action === 'delete' && status !== 'failed')
        // An item that Xero does not delete is as far gone as it can be.
        const isDone = record.syncState === 'outdated' && record.lastError?.code === 'item_deactivated'
        if (record.deletedAt !== null && (!mayStand || isUnderWay || isDone)) return
        const now = clock.now().toISOString()
        // One that a job holds may be in Xero any moment, and one in conflict may stand there without a link: the deletion is
        // queued too, and finds out.
        if (mayStand) {
          const request = { itemId: newId(), recordId, recordName: record.name, action: 'delete' as const }
          await openQueueItems(tx, companyId, connectionId, type, [request], now)
          const state = isHeld ? record.syncState : 'pending'
          await markDeleted(tx, companyId, connectionId, type, [recordId], state, now)
        } else {
          await endWaiting(tx, companyId, connectionId, type, [recordId], 'cancelled', now)
          await markDeleted(tx, companyId, connectionId, type, [recordId], 'never_synced', now)
        }
      })
      return view(companyId, connectionId, type, recordId)
    },

    async attempts(companyId, connectionId, type, recordId, page) {
      await requireRecord(companyId, connectionId, type, recordId)
      return listAttempts(db, companyId, connectionId, type, recordId, page)
    },

    async link(companyId, connectionId, type, recordId, given) {
      await requireConnection(db, companyId, connectionId)
      // Some tools copy ids in upper case; Xero gives them in lower case.
      const xeroId = given.toLowerCase()
      if (isDocumentType(type)) await linkDocument(companyId, connectionId, type, recordId, xeroId)
      else await link(companyId, connectionId, type, recordId, xeroId)
      return view(companyId, connectionId, type, recordId)
    },

    async resolveConflict(companyId, connectionId, type, recordId, keep) {
      await requireRecord(companyId, connectionId, type, recordId)
      await resolve(companyId, connectionId, type, recordId, keep)
      return view(companyId, connectionId, type, recordId)
    },

    async unlink(companyId, connectionId, type, recordId) {
      await requireRecord(companyId, connectionId, type, recordId)
      await unlink(companyId, connectionId, type, recordId)
      return view(companyId, connectionId, type, recordId)
    },
  }
}
