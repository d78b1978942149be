// Documents in Xero that a look for a number shows, and that are other records': linked to one, or with the address of one whose
// link is not known yet. They may rightly have the same number, as two deliveries on one vendor's invoice do.
import type { Db } from '../db/tables.ts'
import type { DocumentType } from '../domain/entity-types.ts'
import type { FoundDocument } from '../domain/found-document.ts'
import { canonicalAddress } from '../domain/posting/marker.ts'
import type { BatchElement } from '../domain/write-batch.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { formerlyBorne } from '../stores/sync-states.ts'
import { openBatches } from '../stores/write-batches.ts'
import type { JobContext } from './job-context.ts'

/** Ids of documents that are other records'. */
export interface Claims {
  readonly linked: Set<string>
  readonly addressed: ReadonlySet<string>
}

const addressOf = ({ standing }: FoundDocument): string | null =>
  standing?.content.url ? canonicalAddress(standing.content.url) : null

/** `elements`: records that have no document yet. */
export async function claimsOn(
  db: Db,
  { type, context }: { readonly type: DocumentType; readonly context: JobContext },
  found: readonly FoundDocument[],
  elements: readonly BatchElement[],
): Promise<Claims> {
  if (found.length === 0) return { linked: new Set(), addressed: new Set() }
  const { companyId } = context.job
  const connectionId = context.connection.id
  // In this order: what is written meanwhile is in the one or in the other.
  const batches = await openBatches(db, companyId, connectionId)
  const ids = found.map(({ remote }) => remote.remoteId)
  const links = await findLinksByRemoteId(db, companyId, connectionId, [type], ids)
  const addresses = found.flatMap((one) => addressOf(one) ?? [])
  const former = await formerlyBorne(db, { companyId, connectionId, type }, 'url', addresses)
  const sent = [...elements, ...batches.flatMap((batch) => batch.elements)].map(({ marker }) => marker)
  const ours = new Set([...former, ...sent])
  const addressed = found.filter((one) => ours.has(addressOf(one) ?? ''))
  return {
    linked: new Set(links.map(({ remoteId }) => remoteId)),
    addressed: new Set(addressed.map(({ remote }) => remote.remoteId)),
  }
}
