// An imported record bears the id of its contact or item in Xero until the product adopts it under an id of its own (ADR 0007).
// Documents that name it by the first id mean the record that it has become.
import type { Db } from '../db/tables.ts'
import type { EntityRecordType } from '../domain/entity-types.ts'
import { findLinksByRemoteId } from '../stores/links.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import type { JobContext } from './job-context.ts'

const isRemoteId = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)

/** Records that adopted imports, by the ids that documents name. `known`: the records that have these ids themselves. */
export async function adoptedRecords(
  db: Db,
  { job: { companyId }, connection }: JobContext,
  type: EntityRecordType,
  { ids, known }: { readonly ids: readonly string[]; readonly known: ReadonlyMap<string, StoredRecord> },
): Promise<ReadonlyMap<string, StoredRecord>> {
  const isGone = (id: string) => known.get(id)?.deletedAt !== null
  const lost = ids.filter((id) => isRemoteId(id) && isGone(id))
  if (lost.length === 0) return new Map()
  const links = await findLinksByRemoteId(db, companyId, connection.id, [type], lost)
  const ownIds = links.map(({ recordId }) => recordId)
  const records = ownIds.length === 0 ? new Map() : await findRecords(db, companyId, connection.id, type, ownIds)
  // Several records of one contact, which a merge may have left, all name the same contact: the first by id.
  const ordered = links.toSorted((a, b) => b.recordId.localeCompare(a.recordId))
  return new Map(
    ordered.flatMap(({ remoteId, recordId }) => {
      const record = records.get(recordId)
      return record && record.deletedAt === null ? [[remoteId, record] as const] : []
    }),
  )
}
