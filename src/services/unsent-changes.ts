// A record that was handed over again while a job was about it, or while the outcome of its write was not known, and that change
// is not to be sent: it was taken out of the queue, its status is below the trigger, or the settings keep the record out by now.
// Its document stands in Xero as it was sent before, and the record says so; nothing else would show it.
import type { Db } from '../db/tables.ts'
import type { RecordType } from '../domain/entity-types.ts'
import { type Fields, fieldsOf } from '../domain/merging.ts'
import { sameValue } from '../domain/merging-entries.ts'
import { isSent, keptAsSent, keptOutBy } from '../domain/posting/kept-out.ts'
import type { RecordBody } from '../domain/records/index.ts'
import type { Settings } from '../domain/settings/index.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import { findRecords, type StoredRecord } from '../stores/records.ts'
import { changedWithoutRequest } from '../stores/sync-states.ts'
import { loadSettings } from './settings.ts'

/** A record as it was when the verdict on it was made. */
export interface Judged {
  readonly recordId: string
  readonly hash: string
  /** Of a contact or item that was written. */
  readonly written: Written | null
}

interface Written {
  readonly sent: Fields
  /** As the answer shows them. */
  readonly theirs: Fields
  /** As the product had last handed them over; undefined: not known. */
  readonly handed: Fields | null | undefined
}

function reasonOf(type: RecordType, body: RecordBody, settings: Settings): SyncError {
  const reason = keptOutBy(type, body, settings)
  if (reason !== null) return keptAsSent(reason)
  return syncError(isSent(type, body, settings) ? 'change_withdrawn' : 'status_not_sent')
}

/** Another record of the contact, or an import, may have taught it meanwhile what stands there: that is no change that waits. */
function saysMore(record: StoredRecord, { sent, theirs, handed }: Written): boolean {
  if (handed !== undefined && sameValue(handed, record.handed)) return false
  const fields = fieldsOf(record.body)
  // An inactive contact or item that is needed stays active there, and nothing was sent of it.
  const keys = Object.keys({ ...sent, ...fields }).filter((key) => key !== 'active' || key in sent)
  return keys.some((key) => !sameValue(fields[key], sent[key]) && !sameValue(fields[key], theirs[key]))
}

/** By record id: why what stands in Xero is not what the record says, and nothing will change that. */
export async function unsentChanges(
  tx: Db,
  { companyId, connectionId, type }: { companyId: string; connectionId: string; type: RecordType },
  judged: readonly Judged[],
): Promise<Map<string, SyncError>> {
  const entries = judged.map(({ recordId, hash }) => ({ id: recordId, hash }))
  const ids = await changedWithoutRequest(tx, companyId, connectionId, type, entries)
  if (ids.length === 0) return new Map()
  const { settings } = await loadSettings(tx, companyId, connectionId)
  const records = await findRecords(tx, companyId, connectionId, type, ids)
  return new Map(
    judged.flatMap(({ recordId, written }): [string, SyncError][] => {
      const record = records.get(recordId)
      if (!record || (written && !saysMore(record, written))) return []
      return [[recordId, reasonOf(type, record.body as RecordBody, settings)]]
    }),
  )
}
