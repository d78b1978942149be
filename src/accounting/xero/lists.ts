// Xero's lists that records live in, as a table of behaviours (xero.md, Reading): what differs between them is data here
// and not a class each.
import type { RemoteList } from '../../domain/entity-types.ts'

export interface ListBehaviour {
  /** Path under /api.xro/2.0, and the name of the collection in requests and answers. */
  readonly path: string
  /** Name of the collection in the SDK's model. */
  readonly model: string
  /** Name of the id in the SDK's model, and in answers. */
  readonly modelId: string
  readonly idField: string
  readonly statusField: string | null
  /** The unique number shown to people and used to find a document again. */
  readonly numberField: string
  /** Rows of a page; null where Xero ignores `page` and always sends everything. */
  readonly maxPageSize: number | null
  readonly deletions: 'status' | 'vanish'
  /** Without unitdp=4 Xero rounds prices to two decimals before it multiplies (xero.md, Reading). */
  readonly fourDecimals: boolean
  /** Whether rows hold money that is taken over: its digits are kept then, which costs several times plain parsing. */
  readonly numbers: 'exact' | 'plain'
}

export const lists: Readonly<Record<RemoteList, ListBehaviour>> = {
  contacts: {
    path: 'Contacts',
    model: 'contacts',
    modelId: 'contactID',
    idField: 'ContactID',
    statusField: 'ContactStatus',
    numberField: 'ContactNumber',
    maxPageSize: 1000,
    deletions: 'status',
    fourDecimals: false,
    numbers: 'plain',
  },
  items: {
    path: 'Items',
    model: 'items',
    modelId: 'itemID',
    idField: 'ItemID',
    statusField: null,
    numberField: 'Code',
    maxPageSize: null,
    deletions: 'vanish',
    fourDecimals: true,
    numbers: 'exact',
  },
  invoices: {
    path: 'Invoices',
    model: 'invoices',
    modelId: 'invoiceID',
    idField: 'InvoiceID',
    statusField: 'Status',
    numberField: 'InvoiceNumber',
    maxPageSize: 1000,
    deletions: 'status',
    fourDecimals: true,
    numbers: 'exact',
  },
}

/** Failed creates echo an all-zero id (xero.md, Writing): it names nothing. */
const noId = '00000000-0000-0000-0000-000000000000'
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export const isId = (value: unknown): value is string => typeof value === 'string' && guid.test(value) && value !== noId
