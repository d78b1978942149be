// Inactive customers and vendors that Xero has no contact of are not created there before a document names them. A document that
// does takes them into its job.
import type { Db } from '../db/tables.ts'
import { isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { contactOfDocument } from '../domain/posting/document.ts'
import type { DocumentBody } from '../domain/records/index.ts'
import type { Clock } from '../lib/clock.ts'
import type { NewId } from '../lib/ids.ts'
import { findLinks } from '../stores/links.ts'
import { lockForJob } from '../stores/queue-locking.ts'
import { openQueueItems } from '../stores/queue-waiting.ts'
import { findRecords } from '../stores/records.ts'
import type { ContactType } from './contact-roles.ts'
import type { Candidate } from './export-plan.ts'
import { inJobTransaction, type JobContext } from './job-context.ts'

/** The type of contact that has to go first; null: none has to. */
export const inactiveContacts =
  ({ db, clock, newId }: { readonly db: Db; readonly clock: Clock; readonly newId: NewId }) =>
  async (context: JobContext, type: RecordType, candidates: readonly Candidate[]): Promise<ContactType | null> => {
    if (!isDocumentType(type)) return null
    const { companyId, id: jobId } = context.job
    const connectionId = context.connection.id
    const role = type === 'invoice' ? 'customer' : 'vendor'
    const live = candidates.filter(({ record }) => record.deletedAt === null)
    const named = live.map(({ record }) => contactOfDocument(type, record.body as unknown as DocumentBody).id)
    const records = await findRecords(db, companyId, connectionId, role, [...new Set(named)])
    const left = [...records.values()].filter(
      // One that was tried and refused has another state, and says why.
      ({ body, deletedAt, syncState }) => body.active === false && deletedAt === null && syncState === 'excluded',
    )
    const ids = left.map(({ id }) => id)
    const linked = await findLinks(db, companyId, connectionId, role, ids)
    const wanted = left.filter(({ id }) => !linked.has(id))
    if (wanted.length === 0) return null
    const taken = await inJobTransaction(db, context.job, async (tx) => {
      const now = clock.now().toISOString()
      const requests = wanted.map(({ id, name }) => ({
        ...{ itemId: newId(), recordId: id, recordName: name },
        ...{ action: 'create' as const },
      }))
      await openQueueItems(tx, companyId, connectionId, role, requests, now)
      let count = 0
      for (const { id } of wanted) {
        count += (await lockForJob(tx, companyId, connectionId, jobId, { type: role, id }, now)).get(role) ?? 0
      }
      return count
    })
    context.progress[role].queued += taken
    return taken > 0 ? role : null
  }
