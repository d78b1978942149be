// The look before a change or removal of an invoice or bill is sent once more. The lost call may not have arrived, and a person may have edited
// the document since: the same text would write over that edit, which nobody has looked at. What the lost call itself
// wrote is no edit.
import type { Db } from '../db/tables.ts'
import { documentSections, documentTypes } from '../domain/entity-types.ts'
import type { PostedDocument } from '../domain/posting/posted.ts'
import { removalOfStanding } from '../domain/posting/standing-removal.ts'
import type { StandingDocument } from '../domain/standing-document.ts'
import { updateVerdict } from '../domain/update-verdict.ts'
import type { BatchElement, WriteBatch } from '../domain/write-batch.ts'
import { findLinks, type Link } from '../stores/links.ts'
import type { JobContext, StepResult } from './job-context.ts'
import type { Looks } from './looks.ts'

type OnRemoteEdit = 'conflict' | 'overwrite'

/** Whether the same may be sent once more. A merge of contacts is told from an edit by the look that follows later. */
function isFree(
  { posted, removal }: BatchElement,
  { content = null, remoteUpdatedAt: updatedAt, lineIds }: Link,
  standing: StandingDocument | null,
  onRemoteEdit: OnRemoteEdit,
): boolean {
  const basis = { content, updatedAt, lineIds, isUnheard: true, isMerged: () => false }
  if (removal === null) return updateVerdict(posted as PostedDocument, standing, basis, onRemoteEdit).kind === 'free'
  if (standing === null) return false
  const again = removalOfStanding(standing, basis, onRemoteEdit)
  return again === 'gone' || again.kind === 'posted'
}

export type ReplayLooks = ReturnType<typeof replayLooks>

export function replayLooks({ db, look }: { readonly db: Db; readonly look: Looks }) {
  /** Whether all documents of a call stand as they were looked at, or as the call left them; or how the step goes on. */
  return async (context: JobContext, batch: WriteBatch): Promise<boolean | StepResult> => {
    if (batch.list !== 'invoices' || batch.operation === 'create') return true
    for (const type of documentTypes) {
      const elements = batch.elements.filter(({ recordType }) => recordType === type)
      const ids = elements.map(({ recordId }) => recordId)
      const links = await findLinks(db, context.job.companyId, context.connection.id, type, ids)
      if (elements.length === 0) continue
      const looked = await look(context, type, [...links.values()], batch.lastSentAt)
      if (looked.kind === 'hindered') return looked.result
      if (looked.kind === 'refused') return false
      if (looked.again) return looked.again
      const { onRemoteEdit } = context.settings[documentSections[type]]
      const isAsKnown = (element: BatchElement): boolean => {
        const link = links.get(element.recordId)
        const standing = link && looked.seen.get(link.remoteId)
        return link !== undefined && standing !== undefined && isFree(element, link, standing, onRemoteEdit)
      }
      if (!elements.every(isAsKnown)) return false
    }
    return true
  }
}
