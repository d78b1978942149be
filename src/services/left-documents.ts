// Invoices and bills of ours that a person unlinked. Such a document stays in Xero with the address of its record. Handed over
// under the same number, the record finds it by that; under another number nothing would, and the record would
// stand there twice. So the documents that a record was unlinked from are looked at by their ids before it gets a new one.

import type { Db } from '../db/tables.ts'
import { candidatesOf } from '../domain/candidate.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import { hasTwins } from '../domain/posting/marker.ts'
import { isRemoved, type StandingDocument } from '../domain/standing-document.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { findLinksByRemoteId, type Link } from '../stores/links.ts'
import type { Candidate } from './export-plan.ts'
import type { JobContext, StepResult } from './job-context.ts'
import type { Looks } from './looks.ts'
import type { Outcome } from './outcome.ts'

interface Looked {
  readonly inTheWay: readonly Outcome[]
  /** Set where some were not seen yet: how the step goes on. */
  readonly again: StepResult | null
}

/** As if the record were linked to it still. */
const formerLink = (recordId: string, remoteId: string): Link => ({
  ...{ recordId, remoteId, number: null, status: null, remoteUpdatedAt: null },
  ...{ lineIds: {}, marker: null, postedHash: null, matchedBy: null },
})

function stillThere(standing: StandingDocument): SyncError {
  const { remote, contactName = null } = standing
  const cause = `The record was unlinked from ${remote.number ?? remote.remoteId}, or may have been sent as it, and it still stands in Xero.`
  const action =
    'Link the record to it with PUT …/link, if it is the same; or void or delete it in Xero; or PUT the new document as a record with an id of its own. Then run a sync job.'
  return syncError('duplicate_number', { cause, action, candidates: candidatesOf([{ ...remote, name: contactName }]) })
}

export type LeftDocuments = ReturnType<typeof leftDocuments>

export function leftDocuments({ db, look }: { readonly db: Db; readonly look: Looks }) {
  /** Of new documents, those whose record has one there that it was unlinked from. */
  return async (
    context: JobContext,
    type: DocumentType,
    elements: readonly BatchElement[],
    known: ReadonlyMap<string, Candidate>,
  ): Promise<Looked> => {
    const { job, connection } = context
    const left = elements.flatMap((element) =>
      (known.get(element.queueItemId)?.record.leftDocuments ?? []).map((remoteId) => ({ element, remoteId })),
    )
    if (left.length === 0) return { inTheWay: [], again: null }
    const ids = left.map(({ remoteId }) => remoteId)
    const links = await findLinksByRemoteId(db, job.companyId, connection.id, [type], ids)
    const taken = new Set(links.map(({ remoteId }) => remoteId))
    const asked = left.filter(({ remoteId }) => !taken.has(remoteId))
    if (asked.length === 0) return { inTheWay: [], again: null }
    const looked = await look(
      context,
      type,
      asked.map(({ element, remoteId }) => formerLink(element.recordId, remoteId)),
    )
    if (looked.kind === 'hindered') return { inTheWay: [], again: looked.result }
    const inTheWay = asked.flatMap(({ element, remoteId }): Outcome[] => {
      if (looked.kind === 'refused') return [{ element, outcome: { kind: 'conflict', error: looked.error } }]
      const error = looked.unshown.get(remoteId)
      if (error) return [{ element, outcome: { kind: 'conflict', error } }]
      const standing = looked.seen.get(remoteId) ?? null
      return standing && !isRemoved(standing) && !isSameNumber(element, standing)
        ? [{ element, outcome: { kind: 'conflict', error: stillThere(standing) } }]
        : []
    })
    return { inTheWay, again: looked.kind === 'seen' ? looked.again : null }
  }
}

/** Xero itself keeps a second invoice of the number out, and then tells which one it is. */
const isSameNumber = ({ posted }: BatchElement, { remote }: StandingDocument): boolean =>
  posted?.list === 'invoices' && !hasTwins(posted) && posted.number?.toLowerCase() === remote.number?.toLowerCase()
