// The look after a change or removal of unknown outcome: what stands at the accounting system by now decides how the record
// goes on, because somebody may have edited it since. What the lost call itself wrote is told apart from such an edit.
import type { Db } from '../db/tables.ts'
import { type DocumentType, isDocumentType, recordTypes } from '../domain/entity-types.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import { updateVerdict } from '../domain/update-verdict.ts'
import type { WriteBatch } from '../domain/write-batch.ts'
import type { Clock } from '../lib/clock.ts'
import { findImportState } from '../stores/import-states.ts'
import { findLinks } from '../stores/links.ts'
import { forgetPosted } from '../stores/posted-marks.ts'
import { saveLooks } from '../stores/standing-documents.ts'
import type { Importer } from './import.ts'
import { inJobTransaction, type JobContext, type StepResult } from './job-context.ts'
import type { Looks } from './looks.ts'

export type LookAgain = ReturnType<typeof lookAgain>

export function lookAgain(deps: { db: Db; clock: Clock; importer: Importer; look: Looks }) {
  const { db, clock, importer, look } = deps

  /** Null when all is seen. `since`: nothing of the call was under way any more. */
  return async function again(context: JobContext, batch: WriteBatch, since: string): Promise<StepResult | null> {
    const hindrance = await read(context, batch, since)
    if (hindrance) return hindrance
    const { companyId } = context.job
    await inJobTransaction(db, context.job, async (tx) => {
      for (const type of recordTypes) {
        const ids = batch.elements.filter(({ recordType }) => recordType === type).map(({ recordId }) => recordId)
        // The content of before may stand there no more: the same again would be a change.
        if (ids.length > 0) await forgetPosted(tx, companyId, context.connection.id, type, ids)
      }
    })
    return null
  }

  async function read(context: JobContext, batch: WriteBatch, since: string): Promise<StepResult | null> {
    if (batch.list === 'invoices') {
      for (const type of recordTypes.filter(isDocumentType)) {
        const hindrance = await readDocuments(context, batch, type, since)
        if (hindrance) return hindrance
      }
      return null
    }
    // A contact or item is removed as it stands.
    if (batch.operation === 'remove') return null
    const { watermark } = await findImportState(db, context.job.companyId, context.connection.id, batch.list)
    if (watermark !== null && watermark >= since) return null
    const readChanges = batch.list === 'contacts' ? importer.readContacts : importer.readItems
    const result = await readChanges(context, false)
    return result.kind === 'done' ? null : result
  }

  async function readDocuments(
    context: JobContext,
    batch: WriteBatch,
    type: DocumentType,
    since: string,
  ): Promise<StepResult | null> {
    const { id: jobId, companyId } = context.job
    const connectionId = context.connection.id
    const elements = batch.elements.filter(({ recordType }) => recordType === type)
    const ids = elements.map(({ recordId }) => recordId)
    const links = await findLinks(db, companyId, connectionId, type, ids)
    if (links.size === 0) return null
    const looked = await look(context, type, [...links.values()], since)
    if (looked.kind === 'hindered') return looked.result
    // The usual look before a change tells it.
    if (looked.kind === 'refused') return null
    const seen = elements.flatMap(({ recordId, posted }) => {
      const link = links.get(recordId)
      if (!link || !looked.fresh.has(link.remoteId)) return []
      const standing = looked.fresh.get(link.remoteId) ?? null
      const { content = null, remoteUpdatedAt: updatedAt, lineIds } = link
      const basis = { content, updatedAt, lineIds, isUnheard: true, isMerged: () => false }
      const isOurs = posted && updateVerdict(posted as PostedDocument, standing, basis, 'conflict').kind === 'free'
      return [{ recordId, seen: standing, content: isOurs ? (standing?.content ?? null) : null }]
    })
    await inJobTransaction(db, context.job, (tx) =>
      saveLooks(tx, companyId, connectionId, type, jobId, seen, clock.now().toISOString()),
    )
    // The usual look before a change tells what no answer shows.
    return looked.again
  }
}
