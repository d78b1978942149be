// Inactive customers, vendors and items that Xero does not have are not created there before a document needs them: ten years of
// them would fill its lists. A document that does takes them into its job.
import type { Db } from '../db/tables.ts'
import { type EntityRecordType, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { documentDependencies } from '../domain/posting/document.ts'
import type { DocumentBody } from '../domain/records/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks } from '../stores/links.ts'
import { namedByDocuments } from '../stores/named-by-documents.ts'
import { lockForJob } from '../stores/queue-locking.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { findRecords } from '../stores/records.ts'
import type { Candidate, Plan } from './export-plan.ts'
import { inJobTransaction, type JobContext } from './job-context.ts'

/** Of these records, those that documents of this job need in Xero. */
export function neededByDocuments(
  db: Db,
  { job, settings: { invoices, vendors } }: JobContext,
  type: EntityRecordType,
  ids: readonly string[],
): Promise<Set<string>> {
  const invoice = invoices.date === 'sync_date' ? null : invoices.cutOverDate
  return namedByDocuments(db, job, { type, ids }, { invoice, bill: vendors.cutOverDate })
}

const kinds = ['customer', 'vendor', 'item'] as const

/** The types of records that have to go first. */
export const inactiveRecords =
  ({ db, clock, newId }: { readonly db: Db; readonly clock: Clock; readonly newId: NewId }) =>
  async (
    context: JobContext,
    type: RecordType,
    candidates: readonly Candidate[],
    plans: ReadonlyMap<string, Plan>,
  ): Promise<EntityRecordType[]> => {
    if (!isDocumentType(type)) return []
    const blocked = candidates.filter(({ item }) => plans.get(item.id)?.kind === 'blocked')
    const named = blocked.flatMap(({ record }) => documentDependencies(type, record.body as unknown as DocumentBody))
    const taken: EntityRecordType[] = []
    for (const kind of kinds) {
      const ids = [...new Set(named.flatMap((one) => (one.type === kind ? one.id : [])))]
      if (ids.length > 0 && (await take(context, kind, ids)) > 0) taken.push(kind)
    }
    return taken

    async function take({ job, connection, progress }: JobContext, kind: EntityRecordType, ids: readonly string[]) {
      const { companyId } = job
      const records = await findRecords(db, companyId, connection.id, kind, ids)
      const left = [...records.values()].filter(
        // One that was tried and refused has another state, and says why.
        ({ body, deletedAt, syncState, lastError }) =>
          body.active === false && deletedAt === null && syncState === 'excluded' && lastError !== null,
      )
      const leftIds = left.map(({ id }) => id)
      const linked = await findLinks(db, companyId, connection.id, kind, leftIds)
      const wanted = left.filter(({ id }) => !linked.has(id))
      if (wanted.length === 0) return 0
      const count = await inJobTransaction(db, job, async (tx) => {
        const now = clock.now().toISOString()
        const requests = wanted.map(({ id, name }) => ({
          ...{ itemId: newId(), recordId: id, recordName: name },
          ...{ action: 'create' as const },
        }))
        await openQueueItems(tx, companyId, connection.id, kind, requests, now)
        let locked = 0
        for (const { id } of wanted) {
          locked += (await lockForJob(tx, companyId, connection.id, job.id, { type: kind, id }, now)).get(kind) ?? 0
        }
        return locked
      })
      progress[kind].queued += count
      return count
    }
  }
