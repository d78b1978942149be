// Import: what changed in Xero since the last time, page by page, into records and the change feed. A page is one
// transaction with its checkpoint; the watermark moves after the last page. Only what really changed is taken, field by
// field, so that our own writes, coming back, change nothing.
import type { AccountingProvider, ImportedContact, ImportedItem, ImportPage } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { findImportState, type ImportState, saveImportState } from '../stores/import-states.ts'
import type { Caller, CallResult } from './calls.ts'
import type { ImportDesk } from './import-desk.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'

/** Contacts in one read call, the most that Xero gives (FACTS §2.4). */
const pageSize = 1_000
/** Our clock and Xero's may differ, and its lists may lag; what is read twice is recognised by its hash. */
const overlapMs = 2 * 60_000
/** Longer lists are compared whole only by full jobs: a whole read costs egress. */
const sweepAtMost = 5_000

export type Importer = ReturnType<typeof importer>

export function importer(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  caller: Caller
  desk: ImportDesk
  log: Logger
}) {
  const { db, clock, provider, caller, desk, log } = deps
  const now = () => clock.now().toISOString()

  /** The run under way, or a new one. A full job reads everything: a run of changes only, left by another job, is no part of it. */
  function runOf(state: ImportState, full: boolean): ImportState & { nextPage: number; runStartedAt: string } {
    const isWhole = state.runSince === null
    if (state.nextPage !== null && state.runStartedAt !== null && (isWhole || !full)) {
      return { ...state, nextPage: state.nextPage, runStartedAt: state.runStartedAt }
    }
    const since = full || state.watermark === null ? null : from(state.watermark, -overlapMs)
    return { ...state, nextPage: 1, runStartedAt: now(), runSince: since }
  }

  const failedRead = (result: Exclude<CallResult<never>, { kind: 'ok' }>): StepResult => {
    if (result.kind === 'wait') return { kind: 'wait', until: result.until, reason: result.error.code }
    return result.kind === 'unknown' ? { kind: 'trouble', error: result.error } : { kind: 'fail', error: result.error }
  }

  function logUnreadable(context: JobContext, list: string, page: ImportPage<ImportedContact | ImportedItem>): void {
    for (const row of page.unreadable) {
      log.warn(
        { connectionId: context.connection.id, list, remoteId: row.remoteId, reason: row.reason },
        'row not understood',
      )
    }
  }

  return {
    async readContacts(context: JobContext): Promise<StepResult> {
      const { companyId, kind } = context.job
      const connectionId = context.connection.id
      const run = runOf(await findImportState(db, companyId, connectionId, 'contacts'), kind === 'full')
      const request = { page: run.nextPage, pageSize, modifiedSince: run.runSince }
      const read = await caller.call(context.connection, (call) => provider.readContacts(call, request), {
        meter: context.meter,
      })
      if (read.kind !== 'ok') return failedRead(read)
      const { entries, nextPage } = read.value
      logUnreadable(context, 'contacts', read.value)
      await inJobTransaction(db, context.job, async (tx) => {
        await desk.takeContacts(tx, context, entries, run.sweep)
        const next =
          nextPage === null
            ? { ...run, watermark: run.runStartedAt, nextPage: null, runStartedAt: null, runSince: null }
            : { ...run, nextPage }
        await saveImportState(tx, companyId, connectionId, 'contacts', next)
      })
      return nextPage === null ? { kind: 'done' } : { kind: 'again' }
    },

    async readItems(context: JobContext): Promise<StepResult> {
      const { companyId, kind } = context.job
      const connectionId = context.connection.id
      const run = runOf(await findImportState(db, companyId, connectionId, 'items'), kind === 'full')
      const read = await caller.call(context.connection, (call) => provider.readItems(call, run.runSince), {
        meter: context.meter,
      })
      if (read.kind !== 'ok') return failedRead(read)
      logUnreadable(context, 'items', read.value)
      await inJobTransaction(db, context.job, async (tx) => {
        await desk.takeItems(tx, context, read.value.entries, run.sweep)
        const next = { ...run, watermark: run.runStartedAt, nextPage: null, runStartedAt: null, runSince: null }
        await saveImportState(tx, companyId, connectionId, 'items', next)
      })
      return { kind: 'done' }
    },

    /** Reads the list of items whole; what it does not show any more was deleted in Xero. */
    async sweepItems(context: JobContext): Promise<StepResult> {
      const { companyId, kind } = context.job
      const connectionId = context.connection.id
      if (kind !== 'full' && (await desk.knownItems(context)) > sweepAtMost) return { kind: 'done' }
      const read = await caller.call(context.connection, (call) => provider.readItems(call, null), {
        meter: context.meter,
      })
      if (read.kind !== 'ok') return failedRead(read)
      const { entries, unreadable } = read.value
      // A row that could not be understood may be the very one that would be missed: then nothing is taken for deleted.
      if (unreadable.length > 0) return { kind: 'done' }
      await inJobTransaction(db, context.job, async (tx) => {
        const state = await findImportState(tx, companyId, connectionId, 'items')
        const sweep = state.sweep + 1
        await desk.takeItems(tx, context, entries, sweep)
        await desk.dropVanishedItems(tx, context, sweep)
        await saveImportState(tx, companyId, connectionId, 'items', { ...state, sweep })
      })
      return { kind: 'done' }
    },

    async assign(context: JobContext, type: 'customer' | 'vendor' | 'item'): Promise<StepResult> {
      const more = await inJobTransaction(db, context.job, (tx) => desk.assign(tx, context, type))
      return { kind: more ? 'again' : 'done' }
    },
  }
}
