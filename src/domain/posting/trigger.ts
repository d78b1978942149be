// Whether a record has reached a status in which it is sent (an invoice, when it is shipped).
import type { RecordType } from '../entity-types.ts'
import { type RecordBody, recordStatus } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'

const fold = (status: string): string => status.trim().toLowerCase()

/** Records without a status always are. The product may rename statuses, so letter case is not relied on. */
export function reachesTrigger(type: RecordType, body: RecordBody, settings: Settings): boolean {
  const status = recordStatus(type, body)
  if (status === null) return true
  const { invoices, vendors } = settings
  const statuses = (type === 'bill' ? vendors.triggerStatus.bill : invoices.triggerStatus.invoice).map(fold)
  return statuses.includes('any') || statuses.includes(fold(status))
}
