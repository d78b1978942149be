// The sweep: once an hour, what this application created at the accounting system is compared with
// what is linked here. Exactly-once writing leaves nothing to find; whatever does stand there twice, or belongs to no
// record, becomes an incident that people see; and what people paid, voided or deleted there since is shown with its record. It
// only reads, so it needs no job.
import type { AccountingProvider, PageRequest, WrittenDocument } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { problem } from '../domain/errors.ts'
import { canonicalAddress } from '../domain/posting/marker.ts'
import { type Clock, from } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Logger } from '../observability/logger.ts'
import {
  changeSweep,
  claimSweep,
  compareWritten,
  endSweep,
  listIncidents,
  resolveIncident,
  type SweepRun,
  saveWrittenDocuments,
} from '../stores/incidents.ts'
import { pingDatabase } from '../stores/ping.ts'
import { endLookingUpFirst } from '../stores/restored.ts'
import type { Scope } from '../stores/swept-links.ts'
import type { Caller } from './calls.ts'
import { requireConnection } from './connections.ts'
import type { IncidentService } from './contract.ts'
import { isolate } from './isolate.ts'
import { loadSettings } from './settings.ts'
import { sweptDocuments } from './swept-documents.ts'
import { quietMs } from './writes.ts'

const everyMs = 60 * 60_000
const overlapMs = 6 * 60_000
const pageSize = 1_000

/** What marks a document as ours: a bill its address; an invoice its number, or its reference where Xero numbers them. */
function markerOf({ kind, number, reference, url }: WrittenDocument, numberedByXero: boolean): string | null {
  if (kind === 'bill') return url && canonicalAddress(url)
  return numberedByXero ? reference : number
}

export type Sweeper = ReturnType<typeof sweeper>

export function sweeper(deps: {
  db: Db
  clock: Clock
  newId: NewId
  provider: AccountingProvider
  caller: Caller
  log: Logger
}) {
  const { db, clock, newId, provider, caller, log } = deps
  const now = () => clock.now().toISOString()
  const refresh = sweptDocuments({ db, clock, newId })

  /** Reads a page for one connection whose sweep is due; false when none is. After the last page all is compared. */
  return async function sweep(): Promise<boolean> {
    const run = await claimSweep(db, now(), from(now(), everyMs))
    if (!run) return false
    try {
      await readPage(run)
    } catch (error) {
      // Its next one is in an hour; the others are served now.
      log.error({ connectionId: run.connectionId, error }, 'the sweep of a connection failed')
    }
    return true
  }

  async function readPage(run: SweepRun): Promise<void> {
    const { companyId, connectionId, since } = run
    const connection = await requireConnection(db, companyId, connectionId)
    const { settings } = await loadSettings(db, companyId, connectionId)
    const numberedByXero = settings.invoices.number === 'xero'
    const modifiedSince = since === null ? null : from(since, -overlapMs)
    const request: PageRequest = { page: run.page, pageSize, modifiedSince }
    const read = await caller.call(connection, (call) => provider.readWrittenDocuments(call, request), {
      purpose: 'resolution',
    })
    // Throttled, it goes on as soon as it may; lost or out of reach, in the next hour. New documents push others to later
    // pages, never to earlier ones, so nothing is missed by going on where it was stopped.
    if (read.kind !== 'ok') {
      if (read.kind === 'wait') await changeSweep(db, run, { dueAt: read.until })
      return
    }
    const { entries, nextPage } = read.value
    const documents = entries.map((document) => ({
      remoteId: document.remoteId,
      marker: markerOf(document, numberedByXero) ?? document.remoteId,
      live: document.live,
    }))
    // The page is read once more in the next hour, and with it what a job holds now.
    if (!(await refreshEach({ companyId, connectionId }, entries))) return
    await inTransaction(db, async (tx) => {
      await saveWrittenDocuments(tx, companyId, connectionId, 'invoices', documents)
      if (nextPage === null) await compare(tx, run)
      else await changeSweep(tx, run, { dueAt: now(), page: nextPage })
    })
  }

  /** A document on which the service fails is passed over: the others are shown, and the comparison goes on. */
  async function refreshEach(scope: Scope, entries: readonly WrittenDocument[]): Promise<boolean> {
    let isWhole = true
    const culprits = await isolate(
      entries,
      async (part) => {
        if (!(await refresh(scope, part))) isWhole = false
      },
      () => pingDatabase(db),
    )
    for (const { element, error } of culprits) {
      log.error({ connectionId: scope.connectionId, remoteId: element.remoteId, error }, 'a document failed here')
    }
    return isWhole
  }

  async function compare(tx: Db, run: SweepRun): Promise<void> {
    const { companyId, connectionId } = run
    const { opened } = await compareWritten(tx, companyId, connectionId, newId, now())
    // What was sent before a restore has landed and is shown by now: from here on the orphans are known. The connection's row
    // comes before that of its sweep, as where the looking up begins: else the two could wait for each other.
    await endLookingUpFirst(tx, connectionId, from(run.startedAt, -quietMs))
    await endSweep(tx, run)
    if (opened > 0) log.error({ connectionId, opened }, 'the sweep opened incidents')
  }
}

export function incidentService(deps: { db: Db; clock: Clock }): IncidentService {
  const { db, clock } = deps
  return {
    async list(companyId, connectionId, filter, page) {
      await requireConnection(db, companyId, connectionId)
      return listIncidents(db, companyId, connectionId, filter.open, page)
    },
    async resolve(companyId, connectionId, incidentId) {
      await requireConnection(db, companyId, connectionId)
      const incident = await resolveIncident(db, companyId, connectionId, incidentId, clock.now().toISOString())
      if (!incident) throw problem('not_found', `There is no incident ${incidentId}.`)
      return incident
    },
  }
}
