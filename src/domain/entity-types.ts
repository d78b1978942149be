// The table of record types: what each is called, which way it flows, what it becomes at the accounting system, and in
// which order it is exported. Adding a record type is adding a row here (and its schema, posting rule and mapping).

export const recordTypes = ['item', 'customer', 'vendor', 'invoice', 'bill'] as const
export type RecordType = (typeof recordTypes)[number]
/** Those that flow both ways: contacts and items of the books. */
export type EntityRecordType = 'item' | 'customer' | 'vendor'

/**
 * The types that become documents in the books, with the section of the settings that rules each. A document has a status
 * and enters the queue only at a trigger status; any other record on every change.
 */
export const documentSections = { invoice: 'invoices', bill: 'vendors' } as const
export type DocumentType = keyof typeof documentSections
export const documentTypes = ['invoice', 'bill'] as const satisfies readonly DocumentType[]
export type DocumentSection = (typeof documentSections)[DocumentType]
export const isDocumentType = (type: RecordType): type is DocumentType => type in documentSections

/** The accounting system's own lists that records are written to and read from. */
export const remoteLists = ['contacts', 'items', 'invoices'] as const
export type RemoteList = (typeof remoteLists)[number]

export interface DocumentKind {
  /** The marker alone tells that a found document is the same, and an update brings it in line. Else everything must agree. */
  readonly isSameByMarker: boolean
  /** The accounting system lists what this application created: the sweep compares it. */
  readonly isSwept: boolean
}

export const documentKinds: Readonly<Record<RemoteList, DocumentKind>> = {
  contacts: { isSameByMarker: true, isSwept: false },
  items: { isSameByMarker: true, isSwept: false },
  invoices: { isSameByMarker: false, isSwept: true },
}

export interface EntityType {
  readonly type: RecordType
  /** Path segment under /v1/connections/{connectionId}/. */
  readonly path: string
  readonly list: RemoteList
  /** Entities flow both ways, transactions only from the inventory product to the accounting system. */
  readonly direction: 'two_way' | 'export_only'
  /** Dependency order of the export: what others refer to goes first, and what brings stock before what sells it. Deletions run in the reverse order. */
  readonly exportOrder: number
  /** Documents in one write call. 50 keeps a call under 3.5 MB and bounds what one lost answer leaves open (xero.md, Writing). */
  readonly batchSize: number
}

export const entityTypes: Readonly<Record<RecordType, EntityType>> = {
  customer: {
    type: 'customer',
    path: 'customers',
    list: 'contacts',
    direction: 'two_way',
    exportOrder: 1,
    batchSize: 50,
  },
  vendor: {
    type: 'vendor',
    path: 'vendors',
    list: 'contacts',
    direction: 'two_way',
    exportOrder: 2,
    batchSize: 50,
  },
  item: {
    type: 'item',
    path: 'items',
    list: 'items',
    direction: 'two_way',
    exportOrder: 3,
    batchSize: 50,
  },
  invoice: {
    type: 'invoice',
    path: 'invoices',
    list: 'invoices',
    direction: 'export_only',
    exportOrder: 5,
    batchSize: 50,
  },
  bill: {
    type: 'bill',
    path: 'bills',
    list: 'invoices',
    direction: 'export_only',
    exportOrder: 4,
    batchSize: 50,
  },
}

export const exportOrder: readonly RecordType[] = [...recordTypes].sort(
  (a, b) => entityTypes[a].exportOrder - entityTypes[b].exportOrder,
)
