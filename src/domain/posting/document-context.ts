// The facts that the posting of a document needs besides the document. Everything is passed in: posting reads no clock and no store.
import type { DocumentSection } from '../entity-types.ts'
import type { Terms } from '../records/common.ts'
import type { Item } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import type { ReferenceData } from '../settings/reference-data.ts'
import type { SyncError } from '../sync-state.ts'
import type { Decided } from './decisions.ts'

/** An item as it stands in Xero: a line names it by this code, whatever its record says by now. */
export interface StandingItem {
  readonly remoteId: string
  readonly code: string
}

/**
 * An item's record, and the item that is linked to it. Without one no document can name it. `learned`: fields that the record has
 * from Xero.
 */
export type DocumentItem = Item & { readonly standing?: StandingItem; readonly learned?: ReadonlySet<string> }

export interface PostingContext {
  readonly settings: Settings
  readonly reference: ReferenceData
  /** Id of the customer's or vendor's contact in Xero. */
  readonly contactRemoteId: string
  /** Terms for this side: of the customer's or vendor's record, else those known of the contact in Xero. */
  readonly contactTerms?: Terms
  /** Tax code of the customer for sales, of the vendor for purchases. */
  readonly contactTaxCode?: string
  /** The customer or vendor learned that code from its contact in Xero. */
  readonly isContactTaxLearned?: boolean
  /** The item records that the lines name, by record id. */
  readonly items: ReadonlyMap<string, DocumentItem>
  /** The proxy item as it stands in Xero; null while that is not known: it is named as the settings say. */
  readonly proxy?: StandingItem | null
  /** Codes, in lower case, of the items among them, and of the proxy item, whose stock Xero keeps. */
  readonly trackedCodes: ReadonlySet<string>
  /** By the code, in lower case, of an item whose stock Xero keeps: the account of that stock. */
  readonly stockAccounts?: ReadonlyMap<string, string>
  /** YYYY-MM-DD in the zone of the organisation. */
  readonly today: string
  readonly recordId: string
  /** Address of the record at this service. */
  readonly recordUrl: string
  /** The date under which it was posted before: with date "sync_date" an update must not move it. */
  readonly postedDate?: string | null
  /** The date that it bears in Xero, where it stands there. */
  readonly standingDate?: string | null
  /** Ids of the lines of a bill's other charges, in their order. */
  readonly chargeIds?: readonly string[]
  /** Decisions of the last sending that stay. */
  readonly decided?: Decided
}

/** The same, and which section of the settings rules the document. */
export interface DocumentContext extends PostingContext {
  readonly section: DocumentSection
}

/** Collects faults, so that lines can be built to the end and the first fault names the first field. */
export type Report = (error: SyncError) => void
