// Agreements of records with contacts and items that are removed: where a person restores one, or enters it once more, and the product
// hands the record over again, they tell which side changed a field since.
import type { Db } from '../db/tables.ts'
import { type EntityRecordType, isDocumentType, type RecordType } from '../domain/entity-types.ts'
import { fieldsOf, givenFields } from '../domain/merging.ts'
import { type LeftAgreement, withAgreement } from '../domain/met-again.ts'
import { findLinks, type Link } from '../stores/links.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { saveLeftAgreements } from '../stores/sync-states.ts'

interface Scope {
  readonly companyId: string
  readonly connectionId: string
}

/**
 * Agreements of a record that leaves its link; null: none is added. A record that followed a merge to another one's contact goes without
 * what it learned there.
 */
export function agreementsAfter(
  record: StoredRecord,
  { remoteId, followsMerge, agreed = null, untaken = null }: Link,
): readonly LeftAgreement[] | null {
  if (agreed === null || followsMerge) return null
  const words = { held: fieldsOf(record.body), said: givenFields(record) }
  return withAgreement(record.leftAgreements, {
    remoteId,
    agreed,
    untaken,
    ...words,
    isOver: record.deletedAt !== null,
  })
}

/** Before the links are deleted. */
export async function keepAgreements(
  tx: Db,
  scope: Scope & { readonly type: EntityRecordType },
  links: readonly Link[],
  records: ReadonlyMap<string, StoredRecord>,
): Promise<void> {
  const left = links.flatMap((link) => {
    const record = records.get(link.recordId)
    const agreements = record && agreementsAfter(record, link)
    return agreements ? [{ recordId: link.recordId, agreements }] : []
  })
  await saveLeftAgreements(tx, scope, left)
}

/** The same of records by their ids. Documents agree on nothing field by field. */
export async function keepAgreementsOf(
  tx: Db,
  { companyId, connectionId, type }: Scope & { readonly type: RecordType },
  recordIds: readonly string[],
): Promise<void> {
  if (isDocumentType(type)) return
  const links = await findLinks(tx, companyId, connectionId, type, recordIds)
  const records = await findRecords(tx, companyId, connectionId, type, recordIds)
  await keepAgreements(tx, { companyId, connectionId, type }, [...links.values()], records)
}

/** Records that were deleted come back: leaving a field out from now on takes nothing away where they were. */
export async function endAgreements(
  tx: Db,
  scope: Scope & { readonly type: RecordType },
  records: readonly StoredRecord[],
): Promise<void> {
  const left = records.flatMap(({ id, leftAgreements }) =>
    leftAgreements.some(({ isOver = false }) => !isOver)
      ? [{ recordId: id, agreements: leftAgreements.map((one) => ({ ...one, isOver: true })) }]
      : [],
  )
  await saveLeftAgreements(tx, scope, left)
}
