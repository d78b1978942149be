// Import: what changed in Xero since the last time, page by page, into records and the change feed. A page is one
// transaction with its checkpoint; the watermark moves after the last page. Only what really changed is taken, field by
// field, so that our own writes, coming back, change nothing.
import type { AccountingProvider, ImportedContact, ImportedItem, ImportPage } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { findImportState, type ImportState, saveImportState } from '../stores/import-states.ts'
import { hasVanishedIncident } from '../stores/incidents.ts'
import { touchRemoteEntities } from '../stores/missing-entities.ts'
import {
  countOddRows,
  dropOddRows,
  dropOddRowsBefore,
  dropOtherOddRows,
  findOddToWrite,
  saveOddRows,
} from '../stores/odd-rows.ts'
import { pingDatabase } from '../stores/ping.ts'
import { holdsRefused } from '../stores/queue-locking.ts'
import type { Caller, CallResult } from './calls.ts'
import { isIdle, isOfToday } from './idle-jobs.ts'
import type { ImportDesk } from './import-desk.ts'
import { isolate } from './isolate.ts'
import { inJobTransaction, type JobContext, LeaseLost, type StepResult } from './job-context.ts'
import { secondSweep } from './job-plan.ts'

/** Contacts in one read call, the most that Xero gives (xero.md, Reading). */
const pageSize = 1_000
/** Contacts that one call asks for by their ids: an address holds about 2,000 letters. */
const idsAtOnce = 50
const allItems = 1_000_000
/** Our clock and Xero's may differ, and its lists may lag by five minutes; what is read twice is recognised by its hash. */
const overlapMs = 6 * 60_000
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

  /** The run under way, or a new one. A whole one begins anew where a run of changes only was left by another job. */
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

  /**
   * Within the page's transaction. `whole`: older odd rows come no more, because this is the whole list, or the last page of
   * it; null: it may hold others.
   */
  async function keepOddRows(
    tx: Db,
    context: JobContext,
    { list, whole }: { list: 'contacts' | 'items'; whole: 'at_once' | { since: string } | null },
    { entries, unreadable }: Pick<ImportPage<ImportedContact | ImportedItem>, 'entries' | 'unreadable'>,
  ): Promise<void> {
    const of = { companyId: context.job.companyId, connectionId: context.connection.id, list }
    await saveOddRows(tx, of, unreadable, now())
    if (whole === 'at_once') await dropOtherOddRows(tx, of, unreadable)
    else {
      const ids = entries.map(({ remoteId }) => remoteId)
      await dropOddRows(tx, of, ids)
      if (whole !== null) await dropOddRowsBefore(tx, of, whole.since)
    }
    const since = context.job.createdAt
    const type = list === 'items' ? 'item' : 'customer'
    context.progress[type].oddRows = await countOddRows(tx, of.companyId, of.connectionId, { list, since })
    for (const row of unreadable) {
      log.warn(
        { connectionId: context.connection.id, list, remoteId: row.remoteId, reason: row.reason },
        'row not understood',
      )
    }
  }

  /**
   * A page in one transaction. Rows with which that fails are found by taking them in halves, and set aside as odd: what they
   * hold is in order, and the service fails on it.
   */
  async function inPage<T extends ImportedContact | ImportedItem, R>(
    context: JobContext,
    page: ImportPage<T>,
    take: (tx: Db, entries: readonly T[]) => Promise<void>,
    work: (tx: Db, page: ImportPage<T>) => Promise<R>,
  ): Promise<R> {
    const whole = (rows: ImportPage<T>) =>
      inJobTransaction(db, context.job, async (tx) => {
        await take(tx, rows.entries)
        return work(tx, rows)
      })
    try {
      return await whole(page)
    } catch (failure) {
      if (failure instanceof LeaseLost) throw failure
      const takePart = (part: readonly T[]) => inJobTransaction(db, context.job, (tx) => take(tx, part))
      const culprits = await isolate(page.entries, takePart, () => pingDatabase(db))
      if (culprits.length === 0) throw failure
      const odd = culprits.map(({ element: { remoteId }, error }) => {
        log.error({ connectionId: context.connection.id, remoteId, error }, 'a row failed here')
        return { remoteId, reason: 'The service failed on this row; its log says why.' }
      })
      const failed = new Set<T>(culprits.map(({ element }) => element))
      const entries = page.entries.filter((entry) => !failed.has(entry))
      return whole({ ...page, entries, unreadable: [...page.unreadable, ...odd] })
    }
  }

  /** With those of the ids that no row shows: whether they are gone, the comparison of the whole list tells. */
  function withUnshown<T extends ImportedContact | ImportedItem>(
    page: ImportPage<T>,
    ids: readonly string[],
  ): ImportPage<T> {
    const shown = new Set([...page.entries, ...page.unreadable].map(({ remoteId }) => remoteId))
    const unshown = ids.filter((id) => !shown.has(id)).map((remoteId) => ({ remoteId, reason: 'It is not shown.' }))
    return { ...page, unreadable: [...page.unreadable, ...unshown] }
  }

  async function readItems(context: JobContext, whole: boolean, sought: readonly string[] = []): Promise<StepResult> {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const run = runOf(await findImportState(db, companyId, connectionId, 'items'), whole)
    const read = await caller.call(context.connection, (call) => provider.readItems(call, run.runSince), {
      meter: context.meter,
    })
    if (read.kind !== 'ok') return failedRead(read)
    const take = (tx: Db, entries: readonly ImportedItem[]) => desk.takeItems(tx, context, entries, run.sweep)
    await inPage(context, withUnshown(read.value, sought), take, async (tx, page) => {
      const whole = run.runSince === null ? 'at_once' : null
      await keepOddRows(tx, context, { list: 'items', whole }, page)
      const next = { ...run, watermark: run.runStartedAt, nextPage: null, runStartedAt: null, runSince: null }
      await saveImportState(tx, companyId, connectionId, 'items', next)
    })
    return { kind: 'done' }
  }

  return {
    /** `whole`: from its beginning, not only what changed. */
    async readContacts(context: JobContext, whole: boolean): Promise<StepResult> {
      const { companyId } = context.job
      const connectionId = context.connection.id
      const run = runOf(await findImportState(db, companyId, connectionId, 'contacts'), whole)
      const request = { page: run.nextPage, pageSize, modifiedSince: run.runSince }
      const read = await caller.call(context.connection, (call) => provider.readContacts(call, request), {
        meter: context.meter,
      })
      if (read.kind !== 'ok') return failedRead(read)
      const { nextPage } = read.value
      const take = (tx: Db, entries: readonly ImportedContact[]) => desk.takeContacts(tx, context, entries, run.sweep)
      await inPage(context, read.value, take, async (tx, page) => {
        const whole = nextPage === null && run.runSince === null ? { since: run.runStartedAt } : null
        await keepOddRows(tx, context, { list: 'contacts', whole }, page)
        const next =
          nextPage === null
            ? { ...run, watermark: run.runStartedAt, nextPage: null, runStartedAt: null, runSince: null }
            : { ...run, nextPage }
        await saveImportState(tx, companyId, connectionId, 'contacts', next)
      })
      return nextPage === null ? { kind: 'done' } : { kind: 'again' }
    },

    readItems: (context: JobContext, whole: boolean) => readItems(context, whole),

    /**
     * A row that the list showed oddly comes no more before somebody changes it. So what the job is to write is asked for by itself:
     * understood, it is laid beside the record; else the record waits.
     */
    async recheck(
      context: JobContext,
      { list, after }: { readonly list: 'contacts' | 'items'; readonly after: string },
    ): Promise<StepResult> {
      const { companyId, id, createdAt } = context.job
      const of = { companyId, connectionId: context.connection.id, list }
      const types = list === 'items' ? ['item'] : ['customer', 'vendor']
      // A list of items comes whole, so that one call answers for all of them.
      const limit = list === 'items' ? allItems : idsAtOnce
      const ids = await findOddToWrite(db, of, { id, createdAt, types }, { after, limit })
      const last = ids.at(-1)
      // A movement of its stock is no change of an item, and stands in the whole list only.
      const isWhole =
        list === 'items' && (last !== undefined || (await holdsRefused(db, companyId, id, 'stock_insufficient')))
      if (isWhole) return readItems(context, true, ids)
      if (last === undefined) return { kind: 'done' }
      const request = { page: 1, pageSize, modifiedSince: null, ids }
      const read = await caller.call(context.connection, (call) => provider.readContacts(call, request), {
        meter: context.meter,
      })
      if (read.kind !== 'ok') return failedRead(read)
      const { sweep } = await findImportState(db, companyId, of.connectionId, list)
      const take = (tx: Db, entries: readonly ImportedContact[]) => desk.takeContacts(tx, context, entries, sweep)
      await inPage(context, withUnshown(read.value, ids), take, (tx, page) =>
        keepOddRows(tx, context, { list, whole: null }, page),
      )
      return { kind: 'done', first: [`recheck:${list}:${last}`] }
    },

    /** Reads the list of items whole; what it does not show any more was deleted in Xero, if a `second` read says so too. */
    async sweepItems(context: JobContext, second: boolean): Promise<StepResult> {
      const { companyId, kind } = context.job
      const connectionId = context.connection.id
      if (kind !== 'full' && (await desk.knownItems(context)) > sweepAtMost) return { kind: 'done' }
      // The only job of the connection changes it.
      const state = await findImportState(db, companyId, connectionId, 'items')
      if (!second && isIdle(context) && isOfToday(state.comparedAt, clock.now())) return { kind: 'done' }
      const showsWrittenBefore = from(now(), -overlapMs)
      const read = await caller.call(context.connection, (call) => provider.readItems(call, null), {
        meter: context.meter,
      })
      if (read.kind !== 'ok') return failedRead(read)
      const sweep = state.sweep + 1
      const take = (tx: Db, entries: readonly ImportedItem[]) => desk.takeItems(tx, context, entries, sweep)
      const absence = await inPage(context, read.value, take, async (tx, page) => {
        const { unreadable } = page
        const present = unreadable.flatMap(({ remoteId }) => remoteId ?? [])
        await touchRemoteEntities(tx, { companyId, connectionId, list: 'items', sweep }, present)
        await keepOddRows(tx, context, { list: 'items', whole: 'at_once' }, page)
        const rowsWithoutId = unreadable.length - present.length
        const judged = await desk.judgeVanished(
          tx,
          context,
          { sweep, showsWrittenBefore },
          rowsWithoutId - state.rowsWithoutId,
        )
        const believed = judged === 'doubted' ? state.rowsWithoutId : rowsWithoutId
        const whole = { sweep, rowsWithoutId: believed, comparedAt: judged === 'judged' ? now() : null }
        await saveImportState(tx, companyId, connectionId, 'items', { ...state, ...whole })
        return judged
      })
      return { kind: 'done', ...(absence === 'read_again' && !second && { first: [secondSweep] }) }
    },

    async assign(context: JobContext, type: 'customer' | 'vendor' | 'item'): Promise<StepResult> {
      // A list that is doubted brings no new records either: those of a restored organisation are the old ones.
      const isDoubted = () => hasVanishedIncident(db, context.job.companyId, context.connection.id)
      if (type === 'item' && (await isDoubted())) return { kind: 'done' }
      if (!(await desk.hasUnassigned(context, type))) return { kind: 'done' }
      const more = await inJobTransaction(db, context.job, (tx) => desk.assign(tx, context, type))
      return { kind: more ? 'again' : 'done' }
    },
  }
}
