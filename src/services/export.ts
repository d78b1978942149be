// Export: the locked items of one record type become documents in Xero, a batch at a time. What needs no call (unchanged,
// kept out, faulty, waiting for another record) is settled first; then the rest is sent, creations before changes.
import type { Db } from '../db/tables.ts'
import { documentKinds, entityTypes, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import type { Logger } from '../observability/logger.ts'
import { findOrphans } from '../stores/incidents.ts'
import { findLinks } from '../stores/links.ts'
import { tryJson } from '../stores/ping.ts'
import { findRequests } from '../stores/posted-marks.ts'
import { lockedItems } from '../stores/queue-locking.ts'
import { findWaiting } from '../stores/queue-waiting.ts'
import { findRecords } from '../stores/records.ts'
import { atOnce } from './at-once.ts'
import { type PartStep, withoutCulprits } from './culprits.ts'
import type { DocumentCreator } from './document-creations.ts'
import type { DocumentUpdater } from './document-updates.ts'
import { settleDocuments } from './document-verdicts.ts'
import type { Change } from './documents-in-line.ts'
import { asWritten } from './entity-merge.ts'
import { elementOf, localSettler, refusedAgain, type Wanted } from './export-local.ts'
import type { Candidate, Plan } from './export-plan.ts'
import type { PostingDesk } from './export-posting.ts'
import type { FormerDocuments } from './former-documents.ts'
import { inactiveRecords } from './inactive-records.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { hindered, isLive, type LookUp } from './look-up.ts'
import type { HeldItem } from './refusals.ts'
import { inIdsOfNow } from './renumbered-links.ts'
import { loadSettings } from './settings.ts'
import { takenStamp } from './taken-numbers.ts'
import { type Cut, inBatches } from './write-sizes.ts'
import { quietMs, type Writer } from './writes.ts'

/** More than a batch, so that batches are full although some items need no call. */
const lookAhead = 400
export type Exporter = ReturnType<typeof exporter>

export function exporter(deps: {
  db: Db
  clock: Clock
  writer: Writer
  desk: PostingDesk
  former: FormerDocuments
  createDocuments: DocumentCreator
  updateDocuments: DocumentUpdater
  lookUp: LookUp
  newId: NewId
  /** How many batches of one type are under way together. */
  callsAtOnce: number
  log: Logger
}) {
  const { db, clock, newId, writer, desk, former, createDocuments, updateDocuments, lookUp, callsAtOnce, log } = deps
  const settleLocally = localSettler({ db, clock, writer })
  const takeNeeded = inactiveRecords({ db, clock, newId })

  const heldItems = ({ job }: JobContext, type: RecordType) =>
    lockedItems(db, job.companyId, job.id, type, false, lookAhead)
  const alone = withoutCulprits({ db, clock, log, items: heldItems, isDeletion: false, rehearse })

  return (context: JobContext, type: RecordType): Promise<StepResult> => alone(context, type, exportItems)

  async function candidatesOf(context: JobContext, type: RecordType, items: readonly HeldItem[]) {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const ids = items.map((item) => item.recordId)
    const records = await findRecords(db, companyId, connectionId, type, ids)
    const links = await findLinks(db, companyId, connectionId, type, ids)
    const unlinked = ids.filter((id) => !links.has(id))
    const requests = await findRequests(db, companyId, connectionId, type, unlinked)
    const candidates = items.flatMap((item): Candidate[] => {
      const record = records.get(item.recordId)
      const linked = links.get(item.recordId)
      const link = record && linked ? inIdsOfNow(record, linked) : null
      if (!record) return []
      const request = (link ? link.request : requests.get(record.id)) ?? null
      return [{ item, record: asWritten(record, link), link, request }]
    })
    return { records, candidates }
  }

  /** A request made after a change of the settings is for a document by those: the turn that has them makes it. */
  async function isAskedUnderNewer({ job, connection, settingsVersion }: JobContext, candidates: readonly Candidate[]) {
    if (!candidates.some(({ request }) => request)) return false
    return (await loadSettings(db, job.companyId, connection.id)).version !== settingsVersion
  }

  /** What may fail for a record: posting it, freezing it, and keeping it in the database. */
  async function rehearse(context: JobContext, type: RecordType, items: readonly HeldItem[]): Promise<void> {
    const { candidates } = await candidatesOf(context, type, items)
    await desk.proxyNeeded(context, type, candidates)
    const plans = await desk.plan(context, type, candidates)
    const elements = candidates.flatMap((candidate) => {
      const plan = plans.get(candidate.item.id)
      return plan?.kind === 'send' ? elementOf(context, type, candidate, plan) : []
    })
    for (const one of elements) writer.bodyOf(entityTypes[type].list, one.remoteId ? 'update' : 'create', [one])
    await tryJson(db, [...plans.values(), ...elements])
  }

  async function exportItems(
    context: JobContext,
    type: RecordType,
    only: Parameters<PartStep>[2],
  ): Promise<StepResult> {
    const items = (await heldItems(context, type)).filter(({ id }) => only === null || only.has(id))
    if (items.length === 0) return { kind: 'done' }
    const { records, candidates } = await candidatesOf(context, type, items)
    if (await isAskedUnderNewer(context, candidates)) return { kind: 'again' }
    const proxy = await desk.proxyNeeded(context, type, candidates)
    if (proxy === 'export_first') return { kind: 'again', first: ['export:item'] }
    const leaving = await beingDeleted(context, type, candidates)
    const plans = new Map([...(await desk.plan(context, type, candidates)), ...leaving])
    const needed = await takeNeeded(context, type, candidates, plans)
    if (needed.length > 0) {
      const lists = [...new Set(needed.map((one) => entityTypes[one].list))]
      const reads = lists.map((list) => `read:${list}` as const)
      return { kind: 'again', first: [...reads, ...needed.map((one) => `export:${one}` as const)] }
    }
    const local = await settleLocally(context, type, items, { plans, candidates })
    const asked = await askAgain(context, type, local.doubtful)
    if ('kind' in asked) return asked
    const ready = [...asked, ...local.ready]
    const creates = ready.filter((element) => element.remoteId === null)
    const { list, batchSize } = entityTypes[type]
    const settled = await former.beforeCreating(context, type, creates.slice(0, batchSize), records)
    if (settled) return settled
    const doubtful = await perhapsSent(context, creates)
    if (doubtful.length > 0) {
      const sentAt = context.connection.lookUpFirstSince ?? new Date(clock.now().getTime() - quietMs).toISOString()
      const { batches, tooLarge } = inBatches(doubtful, batchSize, (part) => writer.bodyOf(list, 'create', part))
      await refuse(context, tooLarge)
      return batches.length > 0 ? writer.putInDoubt(context, list, batches, 1, sentAt) : { kind: 'again' }
    }
    const chosen = creates.length > 0 ? creates : ready
    if (chosen.length === 0) return { kind: 'again' }
    const operation = creates.length > 0 ? 'create' : 'update'
    const soon = chosen.slice(0, batchSize * callsAtOnce)
    const { batches, tooLarge } = inBatches(soon, batchSize, (part) => writer.bodyOf(list, operation, part))
    await refuse(context, tooLarge)
    const first = batches.slice(0, callsAtOnce)
    if (operation === 'update' && isDocumentType(type)) {
      return atOnce(first.map((batch) => updateDocuments(context, type, changesOf(batch, candidates, plans))))
    }
    if (operation === 'create' && isDocumentType(type)) {
      const byItem = new Map(candidates.map((candidate) => [candidate.item.id, candidate]))
      return atOnce(first.map((batch) => createDocuments(context, type, batch, byItem)))
    }
    return atOnce(first.map((batch) => writer.send(context, list, operation, batch)))
  }

  /** By queue item id: documents of records whose deletion waits. */
  async function beingDeleted(
    { job, connection }: JobContext,
    type: RecordType,
    candidates: readonly Candidate[],
  ): Promise<Map<string, Plan>> {
    const deleted = candidates.filter(({ record, link }) => record.deletedAt !== null && link !== null)
    const ids = deleted.map(({ record }) => record.id)
    const waiting = await findWaiting(db, job.companyId, connection.id, type, ids)
    const isLeaving = ({ record }: Candidate) => waiting.get(record.id)?.action === 'delete'
    return new Map(deleted.filter(isLeaving).map(({ item }) => [item.id, { kind: 'leaving' }]))
  }

  /** Settles what is too large to be sent at all. */
  async function refuse(context: JobContext, tooLarge: Cut['tooLarge']): Promise<void> {
    if (tooLarge.length === 0) return
    const verdicts = tooLarge.map(({ element: { queueItemId, recordType, recordId }, error }) => ({
      ...{ queueItemId, recordType, recordId, error, blockedBy: null, attempted: false },
      ...({ status: 'failed', state: 'failed' } as const),
    }))
    await inJobTransaction(db, context.job, (tx) => settleDocuments(tx, context, verdicts, clock.now().toISOString()))
    for (const { recordType } of verdicts) context.progress[recordType].failed += 1
  }

  function changesOf(
    batch: readonly BatchElement[],
    candidates: readonly Candidate[],
    plans: ReadonlyMap<string, Plan>,
  ): Change[] {
    const byItem = new Map(candidates.map((candidate) => [candidate.item.id, candidate]))
    return batch.flatMap((element) => {
      const { item, link } = byItem.get(element.queueItemId) ?? {}
      const plan = plans.get(element.queueItemId)
      const hindrance = (plan?.kind === 'send' && plan.hindrance) || null
      return item && link ? { element, item, link, hindrance } : []
    })
  }

  /**
   * A number that another document had may be free by now, which nothing here would show: it is looked for again. Returns
   * those that may be sent.
   */
  async function askAgain(
    context: JobContext,
    type: RecordType,
    doubtful: readonly Wanted[],
  ): Promise<BatchElement[] | StepResult> {
    if (doubtful.length === 0) return []
    const { found, unseen, hindrance } = await lookUp(
      context,
      entityTypes[type].list,
      doubtful.flatMap(({ element }) => element.posted ?? []),
    )
    const held = doubtful.filter(({ element, item }) => {
      const hits = found.filter(({ marker }) => marker === element.marker)
      // A voided document keeps its number, and whether a deleted one does was asked once.
      return hits.some(isLive) || (hits.length > 0 && takenStamp(hits) === item.refused?.seenAs)
    })
    const taken = new Set(held.map(({ element }) => element.marker))
    if (held.length > 0) {
      const again = held.map(({ element, item }) => refusedAgain(element, item))
      await inJobTransaction(db, context.job, (tx) => settleDocuments(tx, context, again, clock.now().toISOString()))
      context.progress[type].failed += held.length
    }
    if (hindrance) return hindered(hindrance)
    return doubtful.flatMap(({ element }) =>
      taken.has(element.marker) || unseen.includes(element.marker) ? [] : element,
    )
  }

  /** Of new documents, those that this application may have created already without knowing: its database was restored. */
  async function perhapsSent(
    { connection }: JobContext,
    creates: readonly BatchElement[],
  ): Promise<readonly BatchElement[]> {
    if (connection.lookUpFirstSince !== null) return creates
    const markers = creates.flatMap(({ posted, marker }) =>
      posted && documentKinds[posted.list].isSwept ? marker : [],
    )
    const orphans = await findOrphans(db, connection.id, markers)
    return creates.filter(({ marker }) => orphans.has(marker))
  }
}
