// What the lists of the model show, in the words of the port.
import type { ImportedContact, ImportedItem, ImportPage } from '../../../src/accounting/provider.ts'
import { canonicalDecimal } from '../../../src/domain/decimal.ts'
import type { PostedItemSide } from '../../../src/domain/posting/posted.ts'
import type { ReferenceEntry, ReferenceListName } from '../../../src/domain/reference-lists.ts'
import { isLive, type Stored } from './organisation.ts'

const whole = <T>(entries: T[]): ImportPage<T> => ({ entries, nextPage: null, unreadable: [] })

const since = (stored: readonly Stored[], modifiedSince: string | null): Stored[] => {
  const from = modifiedSince === null ? 0 : Math.floor(Date.parse(modifiedSince) / 1000) * 1000
  return stored.filter(({ updatedAt }) => updatedAt >= from)
}

const compact = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''))

/** A contact as the model shows it. */
export function contactOf({ id, posted, status, updatedAt, mergedInto }: Stored): ImportedContact | null {
  if (posted.list !== 'contacts') return null
  return {
    list: 'contacts',
    remoteId: id,
    updatedAt: new Date(updatedAt).toISOString(),
    archived: status === 'ARCHIVED',
    mergedInto: mergedInto ?? null,
    roles: { customer: false, vendor: false },
    contactNumber: posted.contactNumber || null,
    fields: compact({
      name: posted.name,
      email: posted.email,
      firstName: posted.firstName,
      lastName: posted.lastName,
      phones: posted.phones.length > 0 ? posted.phones : undefined,
      addresses: posted.addresses.length > 0 ? posted.addresses.map(compact) : undefined,
      contactPersons: posted.contactPersons?.length ? posted.contactPersons : undefined,
      website: posted.website,
      accountNumber: posted.accountNumber,
      taxNumber: posted.taxNumber,
      active: status !== 'ARCHIVED',
    }),
    kept: compact({ ContactNumber: posted.contactNumber }),
  }
}

/** In canonical form, as the provider reads it. */
const priceOf = (side: PostedItemSide | undefined): string | undefined =>
  side?.unitPrice ? canonicalDecimal(side.unitPrice) : side?.unitPrice

/** An item as the model shows it. */
export function itemOf({ id, posted, updatedAt }: Stored): ImportedItem | null {
  if (posted.list !== 'items') return null
  return {
    list: 'items',
    remoteId: id,
    updatedAt: new Date(updatedAt).toISOString(),
    code: posted.code,
    stock: null,
    fields: compact({
      kind: 'non_inventory',
      code: posted.code,
      name: posted.name,
      description: posted.description,
      purchaseDescription: posted.purchaseDescription,
      salePrice: priceOf(posted.sales),
      purchasePrice: priceOf(posted.purchase),
      incomeAccount: posted.sales?.accountCode,
      expenseAccount: posted.purchase?.accountCode,
      isSold: posted.isSold !== false,
      isPurchased: posted.isPurchased !== false,
      active: true,
    }),
    kept: {},
  }
}

export const importedContact = (stored: readonly Stored[], modifiedSince: string | null): ImportPage<ImportedContact> =>
  whole(since(stored, modifiedSince).flatMap((one) => contactOf(one) ?? []))

export const importedItem = (stored: readonly Stored[], modifiedSince: string | null): ImportPage<ImportedItem> =>
  whole(since(stored, modifiedSince).flatMap((one) => itemOf(one) ?? []))

export const liveInvoices = (stored: readonly Stored[]): Stored[] =>
  stored.filter((one) => one.posted.list === 'invoices' && isLive(one))

const account = (code: string, type: string, group: string) => ({
  id: `account-${code}`,
  code,
  name: type,
  type,
  class: group,
  status: 'ACTIVE',
  taxType: null,
  systemAccount: null,
  acceptsPayments: false,
})

/** Enough to post with: accounts of two kinds, and one tax rate of nil, so that totals are sums of lines. */
export const referenceLists = (id: string): { [N in ReferenceListName]?: ReferenceEntry<N>[] } => ({
  organisation: [
    {
      id,
      name: id,
      legalName: null,
      baseCurrency: 'USD',
      countryCode: 'US',
      timezone: 'Etc/UTC',
      plan: null,
      shortCode: null,
      isDemoCompany: true,
      periodLockDate: null,
      endOfYearLockDate: null,
    },
  ],
  accounts: [
    ...['200', '201', '202'].map((code) => account(code, 'REVENUE', 'REVENUE')),
    ...['300', '301'].map((code) => account(code, 'EXPENSE', 'EXPENSE')),
  ],
  taxRates: [
    {
      taxType: 'OUTPUT',
      name: 'Nil',
      rate: '0',
      status: 'ACTIVE',
      appliesTo: ['REVENUE', 'EXPENSE', 'ASSET', 'LIABILITY', 'EQUITY'],
    },
    {
      taxType: 'NONE',
      name: 'None',
      rate: '0',
      status: 'ACTIVE',
      appliesTo: ['REVENUE', 'EXPENSE', 'ASSET', 'LIABILITY', 'EQUITY'],
    },
  ],
})
