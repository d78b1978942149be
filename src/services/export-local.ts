// Items of an export that need no call are settled here: unchanged, kept out, faulty, waiting for another record, or found in the
// mirror and adopted. The rest becomes elements of write calls.
import type { Db } from '../db/tables.ts'
import { isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { type Fields, fieldsOf } from '../domain/merging.ts'
import { postedHash } from '../domain/posting/hash.ts'
import { hasTwins, markerOf } from '../domain/posting/marker.ts'
import { isNeverDerived } from '../domain/posting/unheld.ts'
import { leftOver } from '../domain/taken-away.ts'
import { stillUntaken } from '../domain/untaken-edits.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { type Link, recordLinks, saveAgreed } from '../stores/links.ts'
import { postponeLocked } from '../stores/queue-locking.ts'
import { findRecords } from '../stores/records.ts'
import { tellWrittenElsewhere } from '../stores/relinked-documents.ts'
import { saveRecordHashes } from '../stores/standing-documents.ts'
import { type DocumentVerdict, settleDocuments } from './document-verdicts.ts'
import type { Candidate, Plan } from './export-plan.ts'
import { inJobTransaction, type JobContext } from './job-context.ts'
import { adopt } from './linking.ts'
import { type HeldItem, isRefusedAgain, obstaclesOf, refusalHash } from './refusals.ts'
import { theirFields } from './remote-rows.ts'
import { leaveToSuccessors } from './successors.ts'
import type { Writer } from './writes.ts'

/** Put off until the outcome that it depends on is known; the settling of outcomes takes it up again. */
const untilSettled = '9999-01-01T00:00:00.000Z'

type PlanOf<K extends Plan['kind']> = Extract<Plan, { kind: K }>

/** A document that is to be sent, with the item that asks for it. */
export interface Wanted {
  readonly element: BatchElement
  readonly item: HeldItem
}

export const elementOf = (
  context: JobContext,
  type: RecordType,
  { item, record, link, request }: Candidate,
  { document, standing, fields, unheld = [], isInterim = false, isPartial = false, tellAfter }: PlanOf<'send'>,
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
  ...(request && { request }),
  recordHash: record.contentHash,
  refusalHash: refusalHash(context, postedHash(document), link?.remoteId ?? null),
  standing: standing && { fields: standing.fields, kept: standing.kept },
  fields: fields ?? null,
  ...(fields && { handed: record.handed }),
  ...(link && unheld.length > 0 && { unheld }),
  ...(unheld.length > 0 && { left: unheld.filter(isNeverDerived) }),
  ...(isInterim && { isInterim }),
  ...(isPartial && { isPartial }),
  ...(tellAfter && { tellAfter }),
})

/** The verdict of the last time, for a document that would be refused again. */
export function refusedAgain(base: Pick<BatchElement, 'queueItemId' | 'recordType' | 'recordId'>, item: HeldItem) {
  const status = item.refused?.status ?? 'failed'
  const { lastError: error, refused } = item
  return { ...base, status, state: status, error, blockedBy: null, attempted: false, refused }
}

export type LocalSettler = ReturnType<typeof localSettler>

interface LocalDeps {
  readonly db: Db
  readonly clock: Clock
  readonly writer: Pick<Writer, 'changesNothing'>
}

export function localSettler({ db, clock, writer }: LocalDeps) {
  /** The write would carry nothing but the id. Only a write tells of what was taken away and stands there all the same. */
  function saysNothing(context: JobContext, element: BatchElement, link: Link | null): boolean {
    const { recordType, fields, standing, isInterim = false } = element
    if (isDocumentType(recordType) || !link || !fields || !standing || isInterim) return false
    const left = leftOver(link.agreed ?? {}, fields, theirFields(recordType, standing), context.settings)
    return Object.keys(left.fields).length === 0 && writer.changesNothing(element)
  }

  /** Refused before, and nothing changed since that would change the answer. */
  async function isRefused(context: JobContext, { element, item }: Wanted): Promise<boolean> {
    if (item.refused === null || !element.posted) return false
    const obstacles = await obstaclesOf(db, context, element.posted, element.remoteId)
    // Whatever has the number is looked for, where it may have changed.
    return isRefusedAgain(item, { hash: element.refusalHash, seenAs: item.refused.seenAs, obstacles })
  }

  /** Documents to be sent; `doubtful`: only where a look shows that what stood in their way is gone. */
  return async (
    context: JobContext,
    type: RecordType,
    items: readonly HeldItem[],
    { plans, candidates }: { plans: ReadonlyMap<string, Plan>; candidates: readonly Candidate[] },
  ): Promise<{ ready: BatchElement[]; doubtful: Wanted[] }> => {
    const byItem = new Map(candidates.map((candidate) => [candidate.item.id, candidate]))
    const ready: BatchElement[] = []
    const doubtful: Wanted[] = []
    const settled: Settled = { verdicts: [], confirmed: [], unchanged: [], putOff: [], adoptions: [] }
    const { verdicts, confirmed, unchanged, putOff, adoptions } = settled
    const progress = context.progress[type]
    for (const item of items) {
      const plan = plans.get(item.id) ?? { kind: 'gone' }
      const base = { queueItemId: item.id, recordType: type, recordId: item.recordId }
      const record = byItem.get(item.id)?.record
      const about = { ...base, ...(record && { recordHash: record.contentHash }) }
      const local = { ...about, error: null, blockedBy: null, attempted: false }
      switch (plan.kind) {
        case 'send': {
          const candidate = byItem.get(item.id)
          if (!candidate) break
          const element = elementOf(context, type, candidate, plan)
          if (plan.link && plan.link.postedHash === element.postedHash) {
            verdicts.push({ ...local, status: 'synced', state: 'synced' })
            confirmed.push({ ...plan, link: plan.link, recordHash: candidate.record.contentHash })
            unchanged.push({ recordId: item.recordId, recordHash: candidate.record.contentHash })
            progress.unchanged += 1
            break
          }
          if (plan.link && saysNothing(context, element, plan.link)) {
            verdicts.push({ ...local, status: 'synced', state: 'synced' })
            confirmed.push({ ...plan, link: plan.link, recordHash: candidate.record.contentHash })
            progress.unchanged += 1
            break
          }
          // A look comes first, and may show that something changed there.
          const isTwin = item.lastError?.code === 'duplicate_number' && hasTwins(plan.document)
          const isLooked = isDocumentType(type) && (element.remoteId !== null || isTwin)
          if (isLooked || !(await isRefused(context, { element, item }))) ready.push(element)
          else if (isDocumentType(type) && item.lastError?.code === 'duplicate_number') doubtful.push({ element, item })
          else {
            verdicts.push(refusedAgain(base, item))
            progress.failed += 1
          }
          break
        }
        case 'in_line':
          verdicts.push({ ...local, status: 'synced', state: 'synced' })
          confirmed.push({ ...plan, recordHash: record?.contentHash ?? null })
          progress.unchanged += 1
          break
        case 'adopt':
          adoptions.push({ item, plan })
          break
        case 'excluded': {
          const state = plan.error ? 'outdated' : 'excluded'
          verdicts.push({ ...local, status: 'cancelled', state, error: plan.error })
          break
        }
        case 'not_needed':
          verdicts.push({ ...local, status: 'cancelled', state: 'excluded', error: plan.error })
          break
        case 'gone':
          verdicts.push({ ...local, status: 'cancelled', state: 'never_synced' })
          break
        case 'leaving':
          verdicts.push({ ...local, status: 'superseded', state: 'pending' })
          break
        case 'wait':
          putOff.push(item.id)
          break
        case 'blocked':
          verdicts.push({ ...local, status: 'blocked', state: 'blocked', error: plan.error, blockedBy: plan.by })
          progress.blocked += 1
          break
        case 'refused':
          verdicts.push({ ...refusedAgain(base, item), error: plan.error })
          progress.failed += 1
          break
        case 'failed':
        case 'conflict':
          verdicts.push({ ...local, status: plan.kind, state: plan.kind, error: plan.error })
          progress.failed += 1
          break
      }
    }
    if (verdicts.length + putOff.length + adoptions.length > 0) {
      await inJobTransaction(db, context.job, (tx) =>
        putOnRecord(tx, context, type, settled, clock.now().toISOString()),
      )
    }
    return { ready, doubtful }
  }
}

interface Settled {
  readonly verdicts: DocumentVerdict[]
  /** Documents that stand in Xero as the records are. */
  readonly confirmed: (Pick<PlanOf<'in_line'>, 'document' | 'link'> & {
    readonly standsAs?: PlanOf<'send'>['standsAs']
    readonly fields?: Fields
    readonly recordHash: string | null
  })[]
  readonly unchanged: { recordId: string; recordHash: string }[]
  readonly putOff: string[]
  readonly adoptions: { readonly item: HeldItem; readonly plan: PlanOf<'adopt'> }[]
}

async function putOnRecord(
  tx: Db,
  context: JobContext,
  type: RecordType,
  { verdicts, confirmed, unchanged, putOff, adoptions }: Settled,
  now: string,
): Promise<void> {
  const { companyId, id: jobId } = context.job
  const connectionId = context.connection.id
  await settleDocuments(tx, context, verdicts, now)
  await saveRecordHashes(tx, companyId, connectionId, type, unchanged)
  await postponeLocked(tx, companyId, jobId, putOff, untilSettled)
  const links = confirmed.map(
    ({ document, link: { recordId, remoteId, request = null }, fields = null, standsAs }) => ({
      ...{ recordId, remoteId, number: null, status: null, remoteUpdatedAt: null, lineIds: {}, marker: null },
      ...{ matchedBy: null, postedHash: postedHash(document), request, agreed: fields, ...standsAs },
    }),
  )
  await recordLinks(tx, companyId, connectionId, type, links, now)
  if (isDocumentType(type)) {
    const ids = links.map(({ recordId }) => recordId)
    await tellWrittenElsewhere(tx, { companyId, connectionId, type }, ids)
  }
  const leaving = confirmed.filter(({ link }) => Object.keys(link.untaken ?? {}).length > 0)
  const leavingIds = leaving.map(({ link }) => link.recordId)
  const known = await findRecords(tx, companyId, connectionId, type, leavingIds)
  const agreements = leaving.flatMap(({ link: { recordId, untaken = null }, fields, recordHash }) => {
    const record = known.get(recordId)
    const sent = record?.contentHash === recordHash ? fieldsOf(record.body) : {}
    return fields ? [{ recordId, agreed: fields, untaken: stillUntaken(untaken, fields, sent) }] : []
  })
  await saveAgreed(tx, companyId, connectionId, type, agreements)
  // As they are now: the product may have handed them over again since they were read.
  const adopting = adoptions.map(({ item }) => item.recordId)
  const current = await findRecords(tx, companyId, connectionId, type, adopting)
  const met = adoptions.map(({ plan }) => plan.entity.remoteId)
  if (type === 'customer' || type === 'vendor') await leaveToSuccessors(tx, context, type, met, now)
  for (const { item, plan } of adoptions) {
    const linkage = { companyId, connectionId, type: plan.type, settings: context.settings, jobId, now }
    const record = current.get(item.recordId) ?? null
    const { entity, by: matchedBy, lost } = plan
    await adopt(tx, linkage, record, { recordId: item.recordId, entity, matchedBy, lost })
  }
}
