// Export: the locked items of one record type become documents in Xero, a batch at a time. What needs no call (unchanged,
// kept out, faulty, waiting for another record) is settled first; then the rest is sent, creations before changes.
import type { Db } from '../db/tables.ts'
import { documentKinds, entityTypes, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import type { Fields } from '../domain/merging.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { markerOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { findOrphans } from '../stores/incidents.ts'
import { findLinks, type Link, recordLinks } from '../stores/links.ts'
import { tryJson } from '../stores/ping.ts'
import { lockedItems, postponeLocked } from '../stores/queue-locking.ts'
import { findRecords } from '../stores/records.ts'
import { saveRecordHashes } from '../stores/standing-documents.ts'
import { atOnce } from './at-once.ts'
import type { Change, DocumentUpdater } from './document-updates.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import { withoutCulprits } from './export-culprits.ts'
import type { Candidate, Plan } from './export-plan.ts'
import type { PostingDesk } from './export-posting.ts'
import type { FormerDocuments } from './former-documents.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { adopt } from './linking.ts'
import { hindered, isLive, type LookUp } from './look-up.ts'
import { type HeldItem, isRefusedAgain, obstaclesOf, refusalHash } from './refusals.ts'
import { type Cut, inBatches } from './write-sizes.ts'
import { quietMs, type Writer } from './writes.ts'

/** More than a batch, so that batches are full although some items need no call. */
const lookAhead = 400
/** Put off until the outcome that it depends on is known; the settling of outcomes takes it up again. */
const untilSettled = '9999-01-01T00:00:00.000Z'

function refusedAgain(base: Pick<BatchElement, 'queueItemId' | 'recordType' | 'recordId'>, item: HeldItem) {
  const status = item.refused?.status ?? 'failed'
  const { lastError: error, refused } = item
  return { ...base, status, state: status, error, blockedBy: null, attempted: false, refused }
}

export type Exporter = ReturnType<typeof exporter>

export function exporter(deps: {
  db: Db
  clock: Clock
  writer: Writer
  desk: PostingDesk
  former: FormerDocuments
  updateDocuments: DocumentUpdater
  lookUp: LookUp
  /** How many batches of one type are under way together. */
  callsAtOnce: number
  log: Logger
}) {
  const { db, clock, writer, desk, former, updateDocuments, lookUp, callsAtOnce, log } = deps

  type Sending = Extract<Plan, { kind: 'send' }>

  const element = (
    context: JobContext,
    type: RecordType,
    { item, record, link }: Candidate,
    { document, ...more }: Sending,
  ): BatchElement => ({
    queueItemId: item.id,
    recordType: type,
    recordId: item.recordId,
    action: link ? 'update' : 'create',
    posted: document,
    removal: null,
    remoteId: link?.remoteId ?? null,
    lineIds: link?.lineIds ?? {},
    marker: markerOf(document).value,
    postedHash: postedHash(document),
    recordHash: record.contentHash,
    refusalHash: refusalHash(context, postedHash(document), link?.remoteId ?? null),
    standing: more.standing && { fields: more.standing.fields, kept: more.standing.kept },
    fields: more.fields ?? null,
    ...(more.isInterim && { isInterim: true }),
  })

  const heldItems = ({ job }: JobContext, type: RecordType) =>
    lockedItems(db, job.companyId, job.id, type, false, lookAhead)
  const alone = withoutCulprits({ db, clock, log, items: heldItems, rehearse })

  return (context: JobContext, type: RecordType): Promise<StepResult> =>
    alone(context, type, () => exportItems(context, type))

  async function candidatesOf(context: JobContext, type: RecordType, items: readonly HeldItem[]) {
    const { companyId } = context.job
    const connectionId = context.connection.id
    const ids = items.map((item) => item.recordId)
    const records = await findRecords(db, companyId, connectionId, type, ids)
    const links = await findLinks(db, companyId, connectionId, type, ids)
    const candidates = items.flatMap((item): Candidate[] => {
      const record = records.get(item.recordId)
      return record ? [{ item, record, link: links.get(item.recordId) ?? null }] : []
    })
    return { records, candidates }
  }

  /** What may fail for a record: posting it, freezing it, and keeping it in the database. */
  async function rehearse(context: JobContext, type: RecordType, items: readonly HeldItem[]): Promise<void> {
    const { candidates } = await candidatesOf(context, type, items)
    await desk.proxyNeeded(context, type, candidates)
    const plans = await desk.plan(context, type, candidates)
    const elements = candidates.flatMap((candidate) => {
      const plan = plans.get(candidate.item.id)
      return plan?.kind === 'send' ? element(context, type, candidate, plan) : []
    })
    for (const one of elements) writer.bodyOf(entityTypes[type].list, one.remoteId ? 'update' : 'create', [one])
    await tryJson(db, [...plans.values(), ...elements])
  }

  async function exportItems(context: JobContext, type: RecordType): Promise<StepResult> {
    const items = await heldItems(context, type)
    if (items.length === 0) return { kind: 'done' }
    const { records, candidates } = await candidatesOf(context, type, items)
    const proxy = await desk.proxyNeeded(context, type, candidates)
    if (proxy === 'export_first') return { kind: 'again', first: ['export:item'] }
    const plans = await desk.plan(context, type, candidates)
    const local = await settleLocally(context, type, items, plans, candidates)
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
      return atOnce(first.map((batch) => updateDocuments(context, type, changesOf(batch, candidates))))
    }
    return atOnce(first.map((batch) => writer.send(context, list, operation, batch)))
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

  function changesOf(batch: readonly BatchElement[], candidates: readonly Candidate[]): Change[] {
    const byItem = new Map(candidates.map((candidate) => [candidate.item.id, candidate]))
    return batch.flatMap((element) => {
      const { item, link } = byItem.get(element.queueItemId) ?? {}
      return item && link ? { element, item, link } : []
    })
  }

  /**
   * A number that another document had may be free by now, which nothing here would show: it is looked for again. Returns
   * those that may be sent.
   */
  async function askAgain(
    context: JobContext,
    type: RecordType,
    doubtful: readonly { readonly element: BatchElement; readonly item: HeldItem }[],
  ): Promise<BatchElement[] | StepResult> {
    if (doubtful.length === 0) return []
    const { found, unseen, hindrance } = await lookUp(
      context,
      entityTypes[type].list,
      doubtful.flatMap(({ element }) => element.posted ?? []),
    )
    const taken = new Set(found.filter(isLive).map(({ marker }) => marker))
    const held = doubtful.filter(({ element }) => taken.has(element.marker))
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

  /** Refused before, and nothing changed since that would change the answer. */
  async function isRefused(context: JobContext, element: BatchElement, item: HeldItem): Promise<boolean> {
    if (item.refused === null || !element.posted) return false
    const obstacles = await obstaclesOf(db, context, element.posted, element.remoteId)
    return isRefusedAgain(item, { hash: element.refusalHash, obstacles })
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

  /** Settles what needs no call; returns what is to be sent. */
  async function settleLocally(
    context: JobContext,
    type: RecordType,
    items: readonly HeldItem[],
    plans: ReadonlyMap<string, Plan>,
    candidates: readonly Candidate[],
  ): Promise<{ ready: BatchElement[]; doubtful: { element: BatchElement; item: HeldItem }[] }> {
    const byItem = new Map(candidates.map((candidate) => [candidate.item.id, candidate]))
    const ready: BatchElement[] = []
    const doubtful: { element: BatchElement; item: HeldItem }[] = []
    const unchanged: { recordId: string; recordHash: string }[] = []
    const verdicts: DocumentVerdict[] = []
    const putOff: string[] = []
    const adoptions: { item: HeldItem; plan: Extract<Plan, { kind: 'adopt' }> }[] = []
    const confirmed: Link[] = []
    const confirm = (
      { document, link, fields }: { document: Posted; link: Link; fields?: Fields },
      local: Omit<DocumentVerdict, 'status' | 'state'>,
    ) => {
      verdicts.push({ ...local, status: 'synced', state: 'synced' })
      const rest = { number: null, status: null, remoteUpdatedAt: null, lineIds: {}, marker: null, matchedBy: null }
      const agreed = fields ?? null
      confirmed.push({
        ...rest,
        recordId: link.recordId,
        remoteId: link.remoteId,
        postedHash: postedHash(document),
        agreed,
      })
      context.progress[type].unchanged += 1
    }
    for (const item of items) {
      const plan = plans.get(item.id) ?? { kind: 'gone' }
      const base = { queueItemId: item.id, recordType: type, recordId: item.recordId, error: null, blockedBy: null }
      const local = { ...base, attempted: false }
      switch (plan.kind) {
        case 'send': {
          const candidate = byItem.get(item.id)
          if (!candidate) break
          const wanted = element(context, type, candidate, plan)
          const isKnown = plan.link?.postedHash === wanted.postedHash
          if (plan.link && isKnown) {
            confirm({ ...plan, link: plan.link }, local)
            unchanged.push({ recordId: item.recordId, recordHash: candidate.record.contentHash })
            break
          }
          // What stands there is looked at first, and may have changed.
          const isLooked = isDocumentType(type) && wanted.remoteId !== null
          if (isLooked || !(await isRefused(context, wanted, item))) ready.push(wanted)
          else if (isDocumentType(type) && item.lastError?.code === 'duplicate_number') {
            doubtful.push({ element: wanted, item })
          } else {
            verdicts.push(refusedAgain(local, item))
            context.progress[type].failed += 1
          }
          break
        }
        case 'in_line':
          confirm(plan, local)
          break
        case 'adopt':
          adoptions.push({ item, plan })
          break
        case 'excluded':
          verdicts.push({
            ...local,
            status: 'cancelled',
            state: plan.error ? 'outdated' : 'excluded',
            error: plan.error,
          })
          break
        case 'gone':
          verdicts.push({ ...local, status: 'cancelled', state: 'never_synced' })
          break
        case 'wait':
          putOff.push(item.id)
          break
        case 'blocked':
          verdicts.push({ ...local, status: 'blocked', state: 'blocked', error: plan.error, blockedBy: plan.by })
          context.progress[type].blocked += 1
          break
        case 'failed':
        case 'conflict':
          verdicts.push({ ...local, status: plan.kind, state: plan.kind, error: plan.error })
          context.progress[type].failed += 1
          break
      }
    }
    if (verdicts.length + putOff.length + adoptions.length > 0) {
      await inJobTransaction(db, context.job, async (tx) => {
        const now = clock.now().toISOString()
        await settleDocuments(tx, context, verdicts, now)
        await saveRecordHashes(tx, context.job.companyId, context.connection.id, type, unchanged)
        await postponeLocked(tx, context.job.companyId, context.job.id, putOff, untilSettled)
        const { companyId, id: jobId } = context.job
        const connectionId = context.connection.id
        await recordLinks(tx, companyId, connectionId, type, confirmed, now)
        // As they are now: the product may have handed them over again since they were read.
        const adopting = adoptions.map(({ item }) => item.recordId)
        const current = await findRecords(tx, companyId, connectionId, type, adopting)
        for (const { item, plan } of adoptions) {
          const linkage = { companyId, connectionId, type: plan.type, settings: context.settings, jobId, now }
          const record = current.get(item.recordId) ?? null
          await adopt(tx, linkage, record, { recordId: item.recordId, entity: plan.entity, matchedBy: plan.by })
        }
      })
    }
    return { ready, doubtful }
  }
}
