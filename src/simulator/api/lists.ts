// Xero's lists as a table of behaviours. A new list is a row here and its own handlers in api/handlers.ts.

export interface ListBehaviour {
  collection: string
  /** Name of its member table in fields.ts. */
  shape: string
  idField: string
  /** Knows page and pageSize. */
  paged: boolean
  modifiedSince: boolean
  /** Query parameters of reads; where and order are known everywhere. */
  reads: string[]
  /** Query parameters of writes. */
  writes: string[]
  /** Any one of these lets the token read or write. */
  readScopes: string[]
  writeScopes: string[]
}

const both = (...scopes: string[]) => [...scopes, ...scopes.map((scope) => `${scope}.read`)]

const list = (
  collection: string,
  shape: string,
  idField: string,
  scopes: string[],
  rest: Partial<ListBehaviour> = {},
): ListBehaviour => ({
  collection,
  shape,
  idField,
  paged: false,
  modifiedSince: false,
  reads: [],
  writes: [],
  readScopes: both(...scopes),
  writeScopes: scopes,
  ...rest,
})

const settings = ['accounting.settings']
const contacts = ['accounting.contacts']

export const lists: Record<string, ListBehaviour> = {
  Organisation: list('Organisations', 'Organisation', 'OrganisationID', settings),
  Accounts: list('Accounts', 'Account', 'AccountID', settings, { modifiedSince: true }),
  TaxRates: list('TaxRates', 'TaxRate', 'TaxType', settings),
  TrackingCategories: list('TrackingCategories', 'TrackingCategory', 'TrackingCategoryID', settings, {
    reads: ['includeArchived'],
  }),
  Currencies: list('Currencies', 'Currency', 'Code', settings),
  BrandingThemes: list('BrandingThemes', 'BrandingTheme', 'BrandingThemeID', settings),
  ContactGroups: list('ContactGroups', 'ContactGroup', 'ContactGroupID', contacts),
  Contacts: list('Contacts', 'Contact', 'ContactID', contacts, {
    paged: true,
    modifiedSince: true,
    reads: ['IDs', 'includeArchived', 'summaryOnly', 'searchTerm'],
    writes: ['summarizeErrors'],
  }),
  Items: list('Items', 'Item', 'ItemID', ['accounting.settings', 'accounting.invoices', 'accounting.transactions'], {
    modifiedSince: true,
    reads: ['unitdp'],
    writes: ['summarizeErrors', 'unitdp'],
  }),
  Invoices: list('Invoices', 'Invoice', 'InvoiceID', ['accounting.invoices', 'accounting.transactions'], {
    paged: true,
    modifiedSince: true,
    reads: [
      'IDs',
      'InvoiceNumbers',
      'ContactIDs',
      'Statuses',
      'includeArchived',
      'createdByMyApp',
      'unitdp',
      'summaryOnly',
      'searchTerm',
    ],
    writes: ['summarizeErrors', 'unitdp', 'allowBackorders'],
  }),
  Payments: list('Payments', 'Payment', 'PaymentID', ['accounting.payments', 'accounting.transactions'], {
    paged: true,
    modifiedSince: true,
    writes: ['summarizeErrors'],
  }),
}

export function knownQuery(behaviour: ListBehaviour, method: string): string[] {
  if (method !== 'GET') return behaviour.writes
  return ['where', 'order', ...behaviour.reads, ...(behaviour.paged ? ['page', 'pageSize'] : [])]
}
