// The records that have to be in Xero before an invoice or bill, and what is told where one of them is not.

import { syncError } from '../domain/sync-errors.ts'
import type { RecordReference } from '../domain/sync-state.ts'
import type { Link } from '../stores/links.ts'
import type { StoredRecord } from '../stores/records.ts'
import type { Plan } from './export-plan.ts'
import { isHeld } from './holding.ts'
import { isRemovedItem } from './removed-items.ts'

/** The wait for an item that neither a list nor the answer to a write has shown. */
export function unknownCode(reference: RecordReference, record: StoredRecord | undefined): Plan {
  const cause = `The code that the item ${record?.name ?? reference.id} has in Xero is not known.`
  const action = 'Run a full sync job, which reads the items again.'
  return {
    kind: 'blocked',
    by: reference,
    error: syncError('dependency_failed', { cause, action, blockedBy: reference }),
  }
}

/** A deleted record is brought back by a version that is none of before its deletion. */
function missing({ type, id }: RecordReference, deleted: StoredRecord | undefined) {
  if (!deleted) return { cause: `The ${type} ${id} was never saved here.` }
  const version = deleted.version === null ? '' : `, with a version of at least ${deleted.version}`
  return {
    cause: `The ${type} ${id} was deleted.`,
    action: `PUT the ${type} ${id} again${version}; or name another one. Then run a sync job.`,
  }
}

/** Null when the record is in Xero, and the document may name it. */
export function openDependency(
  reference: RecordReference,
  record: StoredRecord | undefined,
  links: ReadonlyMap<string, Link>,
  mayWait: boolean,
): Plan | null {
  const link = links.get(reference.id)
  const isRemoved = isRemovedItem(reference.type, link)
  if (link && !isRemoved) return null
  if (!record || record.deletedAt !== null) {
    return {
      kind: 'failed',
      error: syncError('record_missing', { ...missing(reference, record), blockedBy: reference }),
    }
  }
  if (mayWait && isHeld(record)) return { kind: 'wait' }
  if (isRemoved) {
    const cause = `The item ${record.name ?? record.id} was deleted in Xero.`
    return { kind: 'blocked', by: reference, error: syncError('dependency_failed', { cause, blockedBy: reference }) }
  }
  const cause = record.lastError
    ? `The ${reference.type} ${record.name ?? record.id} is not in Xero: ${record.lastError.title}.`
    : `The ${reference.type} ${record.name ?? record.id} is not in Xero yet (${record.syncState}).`
  return { kind: 'blocked', by: reference, error: syncError('dependency_failed', { cause, blockedBy: reference }) }
}
