// Export: the locked items of one record type become documents in Xero, a batch at a time. What needs no call (unchanged,
// kept out, faulty, waiting for another record) is settled first; then the rest is sent, creations before changes.
import type { Db } from '../db/tables.ts'
import { documentKinds, entityTypes, type RecordType } from '../domain/entity-types.ts'
import type { Fields } from '../domain/merging.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { markerOf } from '../domain/posting/marker.ts'
import type { Posted } from '../domain/posting/posted.ts'
import type { QueueItem } from '../domain/queue-item.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'
import { findOrphans } from '../stores/incidents.ts'
import { findLinks, type Link, recordLinks } from '../stores/links.ts'
import { tryJson } from '../stores/ping.ts'
import { lockedItems, postponeLocked } from '../stores/queue-locking.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { atOnce } from './at-once.ts'
import { withoutCulprits } from './export-culprits.ts'
import type { Candidate, Plan } from './export-plan.ts'
import type { PostingDesk } from './export-posting.ts'
import type { FormerDocuments } from './former-documents.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import { adopt } from './linking.ts'
import { type DocumentVerdict, settleDocuments } from './settlement.ts'
import { type Cut, inBatches } from './write-sizes.ts'
import { quietMs, type Writer } from './writes.ts'

/** More than a batch, so that batches are full although some items need no call. */
const lookAhead = 400
/** Put off until the outcome that it depends on is known; the settling of outcomes takes it up again. */
const untilSettled = '9999-01-01T00:00:00.000Z'

export type Exporter = ReturnType<typeof exporter>

export function exporter(deps: {
  db: Db
  clock: Clock
  writer: Writer
  desk: PostingDesk
  former: FormerDocuments
  /** How many batches of one type are under way together. */
  callsAtOnce: number
  log: Logger
}) {
  const { db, clock, writer, desk, former, callsAtOnce, log } = deps

  type Sending = Extract<Plan, { kind: 'send' }>

  const element = (type: RecordType, item: QueueItem, { document, link, ...more }: Sending): BatchElement => ({
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
    standing: more.standing && { fields: more.standing.fields, kept: more.standing.kept },
    fields: more.fields ?? null,
    ...(more.isInterim && { isInterim: true }),
  })

  const heldItems = ({ job }: JobContext, type: RecordType) =>
    lockedItems(db, job.companyId, job.id, type, false, lookAhead)
  const alone = withoutCulprits({ db, clock, log, items: heldItems, rehearse })

  return (context: JobContext, type: RecordType): Promise<StepResult> =>
    alone(context, type, () => exportItems(context, type))

  async function candidatesOf(context: JobContext, type: RecordType, items: readonly QueueItem[]) {
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
  async function rehearse(context: JobContext, type: RecordType, items: readonly QueueItem[]): Promise<void> {
    const { candidates } = await candidatesOf(context, type, items)
    await desk.proxyNeeded(context, type, candidates)
    const plans = await desk.plan(context, type, candidates)
    const elements = candidates.flatMap(({ item }) => {
      const plan = plans.get(item.id)
      return plan?.kind === 'send' ? element(type, item, plan) : []
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
    const ready = await settleLocally(context, type, items, plans, records)
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
    return atOnce(batches.slice(0, callsAtOnce).map((batch) => writer.send(context, list, operation, batch)))
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
    items: readonly QueueItem[],
    plans: ReadonlyMap<string, Plan>,
    records: ReadonlyMap<string, StoredRecord>,
  ): Promise<BatchElement[]> {
    const ready: BatchElement[] = []
    const verdicts: DocumentVerdict[] = []
    const putOff: string[] = []
    const adoptions: { item: QueueItem; plan: Extract<Plan, { kind: 'adopt' }> }[] = []
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
          const sending = element(type, item, plan)
          const isKnown = plan.link?.postedHash === sending.postedHash
          if (plan.link && (isKnown || writer.isInLine(sending))) confirm({ ...plan, link: plan.link }, local)
          else ready.push(sending)
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
        await postponeLocked(tx, context.job.companyId, context.job.id, putOff, untilSettled)
        const { companyId, id: jobId } = context.job
        const connectionId = context.connection.id
        await recordLinks(tx, companyId, connectionId, type, confirmed, now)
        for (const { item, plan } of adoptions) {
          const linkage = { companyId, connectionId, type: plan.type, settings: context.settings, jobId, now }
          const record = records.get(item.recordId) ?? null
          await adopt(tx, linkage, record, { recordId: item.recordId, entity: plan.entity, matchedBy: plan.by })
        }
      })
    }
    return ready
  }
}
