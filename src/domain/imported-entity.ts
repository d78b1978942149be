// Contacts and items as they were read from the accounting system.

export interface ImportedContact {
  readonly list: 'contacts'
  readonly remoteId: string
  readonly updatedAt: string | null
  readonly archived: boolean
  /** Of an archived contact alone: the one that it was merged into. */
  readonly mergedInto: string | null
  readonly roles: { readonly customer: boolean; readonly vendor: boolean }
  /** Keys for matching. */
  readonly contactNumber: string | null
  /**
   * Fields of a customer or vendor record, canonical, without id. Terms have two sides: salesTerms and billTerms; so have
   * tax codes.
   */
  readonly fields: Readonly<Record<string, unknown>>
  /** The values that the fields cannot express and a write has to give back, in the accounting system's own form. */
  readonly kept: Readonly<Record<string, unknown>>
}

export interface ImportedItem {
  readonly list: 'items'
  readonly remoteId: string
  readonly updatedAt: string | null
  readonly code: string
  /** Quantity on hand of an item whose stock the accounting system keeps; null: it keeps none. */
  readonly stock: string | null
  readonly fields: Readonly<Record<string, unknown>>
  /** The values that the fields cannot express and a write has to give back, in the accounting system's own form. */
  readonly kept: Readonly<Record<string, unknown>>
}

export type ImportedEntity = ImportedContact | ImportedItem

/** A contact or item as it was last seen, for an update that leaves everything else as it stands. */
export type Standing = Pick<ImportedEntity, 'fields' | 'kept'>
