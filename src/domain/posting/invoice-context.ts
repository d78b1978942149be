// What the posting of an invoice needs besides the invoice. Everything is passed in: posting reads no clock and no store.
import type { Invoice, Item } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import type { ReferenceData } from '../settings/reference-data.ts'
import type { SyncError } from '../sync-state.ts'

export interface InvoiceContext {
  readonly settings: Settings
  readonly reference: ReferenceData
  /** Id of the customer's contact in Xero. */
  readonly contactRemoteId: string
  /** Terms of the customer record. */
  readonly contactTerms?: Invoice['terms']
  /** The item records that the lines name, by record id. */
  readonly items: ReadonlyMap<string, Item>
  /** YYYY-MM-DD in the zone of the organisation. */
  readonly today: string
  /** Id of the record, for the deep link, where the body carries none. */
  readonly recordId?: string
  /** The date under which it was posted before: with date "sync_date" an update must not move it. */
  readonly postedDate?: string | null
}

/** Collects faults, so that lines can be built to the end and the first fault names the first field. */
export type Report = (error: SyncError) => void
