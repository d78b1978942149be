// What the service writes to Xero, as a table: a row says how one kind of document is created, changed and removed, by what
// it is found again, and what makes a found one the same. Everything that writes or looks up goes by it; how Xero's lists
// look is in lists.ts, and which field is the marker in domain/posting/marker.ts.
import type { RemoteList } from '../../domain/entity-types.ts'
import type { Posted } from '../../domain/posting/posted.ts'
import type { WriteElement, WriteOperation } from '../provider.ts'
import type { AccountingApi, Query } from './client.ts'
import { type Compared, compareContact, compareInvoice, compareItem } from './differences.ts'
import { type Json, text } from './json.ts'
import { askForCodes, askForNumbers, askWhere, type LookUp, onePage } from './look-up-queries.ts'
import { contactToXero } from './map/contact.ts'
import { invoiceToXero, invoiceTypes } from './map/invoice.ts'
import { itemToXero } from './map/item.ts'

type PostedOf<L extends RemoteList> = Extract<Posted, { readonly list: L }>
type Send = (api: AccountingApi, organisationId: string, model: object, key: string) => Promise<unknown>

export interface Kind<L extends RemoteList> {
  /** Into the SDK's model. */
  toXero(element: WriteElement & { readonly posted: PostedOf<L> }): object
  /** PUT creates; POST updates, and is never sent without an id in each element (xero.md, Writing). */
  readonly send: Readonly<Record<WriteOperation, Send>>
  /** Whether Xero itself refuses a second live document with the same marker. */
  isUnique(posted: PostedOf<L>): boolean
  /** The calls that look documents up by their markers. */
  lookUps(posted: readonly Posted[]): LookUp[]
  /** What a list is asked for, to see what changed in it since the documents were sent. */
  readonly changed: Query
  /** Whether a row of the list can be this document at all, before the marker is looked at. */
  isOurs(row: Json, posted: PostedOf<L>): boolean
  /** What has to agree, field by field, before a found document is taken for the posted one. */
  compare(posted: PostedOf<L>, row: Json): Compared
  /** The field that a removal sets; null: it is deleted by its own call. */
  readonly removalField: string | null
}

// summarizeErrors=false: one bad element must not stop the others (xero.md, Writing). unitdp=4: prices keep four decimals.
const kinds: { readonly [L in RemoteList]: Kind<L> } = {
  contacts: {
    toXero: contactToXero,
    send: {
      create: (api, organisation, model, key) => api.createContacts(organisation, model, false, key),
      update: (api, organisation, model, key) => api.updateOrCreateContacts(organisation, model, false, key),
    },
    isUnique: () => true,
    // Archived ones too: an archived contact still holds its number.
    lookUps: (posted) => askWhere('Contacts', posted, { includeArchived: true, ...onePage }),
    changed: { includeArchived: true, ...onePage },
    isOurs: () => true,
    compare: compareContact,
    removalField: 'contactStatus',
  },
  items: {
    toXero: itemToXero,
    send: {
      create: (api, organisation, model, key) => api.createItems(organisation, model, false, 4, key),
      update: (api, organisation, model, key) => api.updateOrCreateItems(organisation, model, false, 4, key),
    },
    isUnique: () => true,
    lookUps: askForCodes,
    changed: { unitdp: 4 },
    isOurs: () => true,
    compare: compareItem,
    removalField: null,
  },
  invoices: {
    toXero: invoiceToXero,
    send: {
      create: (api, organisation, model, key) => api.createInvoices(organisation, model, false, 4, key),
      update: (api, organisation, model, key) => api.updateOrCreateInvoices(organisation, model, false, 4, key),
    },
    // A reference, by which an invoice is known that Xero numbers, and all that a bill bears may stand on any number.
    isUnique: ({ kind, number }) => kind === 'sale' && number !== undefined,
    lookUps: askForNumbers,
    // What this application did not create is no invoice of ours.
    changed: { createdByMyApp: true, unitdp: 4, ...onePage },
    // A bill may carry the number of an invoice: it is another document.
    isOurs: (row, { kind }) => text(row, 'Type') === invoiceTypes[kind],
    compare: compareInvoice,
    removalField: 'status',
  },
}

export const kindOf = (list: RemoteList): Kind<RemoteList> => kinds[list] as Kind<RemoteList>
