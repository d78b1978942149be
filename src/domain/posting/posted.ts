// The document as it should stand at the accounting system, in neutral words: the result of settings + record. The provider turns it
// into its own form; its hash tells whether anything changed since it was last sent.
import type { Decisions } from './decisions.ts'

export interface PostedAddress {
  readonly kind: 'billing' | 'shipping'
  readonly lines: readonly string[]
  readonly city?: string
  readonly region?: string
  readonly postalCode?: string
  readonly country?: string
}

/**
 * A field that is absent stays as it stands at the accounting system; an empty text, or an entry without content, takes away
 * what stands there.
 */
export interface PostedContact {
  readonly list: 'contacts'
  /** The marker by which this contact is found again: at most 50 characters, unique in the organisation. Empty: it stays without. */
  readonly contactNumber: string
  readonly name: string
  readonly firstName?: string
  readonly lastName?: string
  readonly email?: string
  readonly website?: string
  readonly accountNumber?: string
  readonly taxNumber?: string
  readonly currency?: string
  readonly phones: readonly { readonly kind: 'default' | 'mobile' | 'fax' | 'direct_dial'; readonly number: string }[]
  readonly addresses: readonly PostedAddress[]
  /** All of them; absent: those that stand there stay. */
  readonly contactPersons?: readonly {
    readonly firstName?: string
    readonly lastName?: string
    readonly email?: string
  }[]
  readonly salesTaxType?: string
  readonly purchaseTaxType?: string
  /** An empty type takes away what stands on that side. */
  readonly terms?: { readonly side: 'sales' | 'bills'; readonly type: string; readonly days: number }
  readonly archived: boolean
}

/** An empty text takes away what stands there. */
export interface PostedItemSide {
  readonly unitPrice?: string
  readonly accountCode?: string
  /** Where neither the record nor what stands there names one. */
  readonly accountOtherwise?: string
  readonly taxType?: string
  readonly taxOtherwise?: string
}

/** A field that is absent stays as it stands; an empty text takes away what stands there. */
export interface PostedItem {
  readonly list: 'items'
  /** The marker: at most 30 characters, unique in the organisation. */
  readonly code: string
  readonly name: string
  readonly description?: string
  readonly purchaseDescription?: string
  readonly isSold?: boolean
  readonly isPurchased?: boolean
  readonly sales?: PostedItemSide
  readonly purchase?: PostedItemSide
}

export interface PostedLine {
  /** The line's id in the inventory product; lets an update name the accounting system's own line id. */
  readonly lineId: string
  readonly description: string
  /** Decimal strings throughout. */
  readonly quantity: string
  readonly unitAmount: string
  readonly discountRate?: string
  readonly itemCode?: string
  /** The item that bears this code there. It is not sent, and no part of the hash: it tells whether the line stands on this item. */
  readonly itemRemoteId?: string
  readonly accountCode?: string
  readonly taxType?: string
  readonly taxAmount?: string
  readonly tracking: readonly { readonly categoryId: string; readonly option: string }[]
}

interface PostedDocumentParts {
  readonly list: 'invoices'
  readonly contactRemoteId: string
  readonly date: string
  readonly dueDate?: string
  readonly currency?: string
  readonly exchangeRate?: string
  readonly status: 'DRAFT' | 'SUBMITTED' | 'AUTHORISED'
  readonly lines: readonly PostedLine[]
  /** Decided of it beside what its record says; neither sent nor part of the hash. */
  readonly decisions?: Decisions
  /** The contact that its customer or vendor is by now, where it stays at another one. Neither sent nor part of the hash. */
  readonly elsewhere?: string
}

export interface PostedInvoice extends PostedDocumentParts {
  readonly kind: 'sale'
  /** The marker of a sales invoice: unique in the organisation. Absent when Xero numbers it; the reference marks it then. */
  readonly number?: string
  readonly reference?: string
  readonly brandingThemeId?: string
  readonly url?: string
  readonly sentToContact?: boolean
}

export interface PostedBill extends PostedDocumentParts {
  readonly kind: 'bill'
  /** The vendor's number as a rule. Any number of bills may bear it. */
  readonly number: string
  /** The marker: an address that names the record. */
  readonly url: string
}

/** A document in Xero's list of invoices. */
export type PostedDocument = PostedInvoice | PostedBill

export type Posted = PostedContact | PostedItem | PostedDocument

/** A deletion, in the form that the document's list allows. */
export type Removal =
  | { readonly list: 'contacts'; readonly action: 'archive' }
  /** orDeactivate: one that is used is neither sold nor purchased any more. */
  | {
      readonly list: 'items'
      readonly action: 'delete' | 'deactivate'
      readonly orDeactivate?: boolean
      /** Its code there. */
      readonly code?: string | null
    }
  | {
      readonly list: 'invoices'
      readonly action: 'delete' | 'void'
      /** Its total is nothing, and it is PAID without a payment. */
      readonly isPaidByNothing?: boolean
    }
