// An invoice or bill as it stands at the accounting system, in neutral words: what is compared with what was written
// before it is changed or removed. What changes without an edit (its stamp, payments, attachments) is no part of its content.

import type { RemoteRef } from './found-document.ts'
import type { Decisions } from './posting/decisions.ts'
import type { Difference } from './sync-state.ts'

export interface StandingLine {
  readonly remoteId: string
  readonly description: string | null
  /** Decimal strings throughout. */
  readonly quantity: string | null
  readonly unitAmount: string | null
  readonly discountRate: string | null
  readonly discountAmount: string | null
  readonly lineAmount: string | null
  readonly taxAmount: string | null
  readonly taxType: string | null
  readonly itemCode: string | null
  /** Beside a code, because a code may be changed for all documents at once. */
  readonly itemId: string | null
  readonly accountCode: string | null
  readonly accountId: string | null
  readonly tracking: readonly {
    readonly categoryId: string | null
    readonly optionId: string | null
    readonly option: string | null
  }[]
}

export interface StandingContent {
  readonly contactRemoteId: string | null
  readonly date: string | null
  readonly dueDate: string | null
  readonly number: string | null
  readonly reference: string | null
  readonly url: string | null
  readonly currency: string | null
  readonly exchangeRate: string | null
  /** How the amounts of lines are to be read: without tax, as we send them, or otherwise. */
  readonly amounts: string | null
  readonly brandingThemeId: string | null
  readonly sentToContact: boolean
  /** Null where the lines were not shown. */
  readonly lines: readonly StandingLine[] | null
}

export interface StandingDocument {
  readonly kind: 'sale' | 'bill'
  readonly remote: RemoteRef
  readonly content: StandingContent
  /** Name of its customer or vendor, where that was shown. */
  readonly contactName?: string | null
  /** Null where they were not shown. */
  readonly subtotal: string | null
  readonly tax: string | null
  readonly total: string | null
  readonly amountDue: string | null
  /** Payments and credits that lie on it. */
  readonly settled: string
  /** YYYY-MM-DD. */
  readonly fullyPaidOn: string | null
}

/** Of what was sent: that which the accounting system or a person may fill in where it is left out. */
export interface SentMarks {
  readonly url: string | null
  readonly brandingThemeId: string | null
  /** The exchange rate. */
  readonly exchangeRate?: string | null
  /** An exchange rate that the record held once, does not hold any more, and that stands there all the same. */
  readonly keptRate?: string
  /** Decided beside what the record said. Absent in a document that was sent before this was kept. */
  readonly decisions?: Decisions
  /** Pointers to fields that the record did not hold: what stands in them is not ours. */
  readonly left?: readonly string[]
  /** The document stood there before the record, and a person decided that the record is written over it: nothing of ours is in it yet. */
  readonly isAccepted?: boolean
  /** How it stood before a person decided that the record is written over it, as long as that is not carried out. */
  readonly former?: StandingContent
  /** We wrote it, it stands there otherwise, and a person decided to leave it so: in these fields. */
  readonly kept?: readonly Difference[]
}

export const nothingSent: SentMarks = { url: null, brandingThemeId: null }

/** Ways in which a record came to a document that stood there before it: linked by hand, or found by its number. */
export const metBy: readonly string[] = ['hand', 'number']

/** What an update says beside the document itself: whatever it leaves out stays as it is there. */
export interface Amendment {
  /** The status is the accounting system's own, and none is sent. */
  readonly keepsStatus?: boolean
  /** Payments lie on it: only what may still be changed is sent. */
  readonly isPaid?: boolean
  readonly takesUrl?: boolean
  /** The theme that the document gets back in place of the one that is taken away. */
  readonly brandingThemeId?: string
  /** A rate of ours that the record holds no more. Nothing that could be sent takes it away. */
  readonly formerRate?: string
  /** Our ids of lines whose discount is taken away. */
  readonly takesDiscounts?: readonly string[]
}

export const removedStatuses: readonly string[] = ['DELETED', 'VOIDED']

export const isRemoved = ({ remote }: StandingDocument): boolean => removedStatuses.includes(remote.status ?? '')
