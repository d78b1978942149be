// What the lists of the model show, in the words of the port.
import type { ImportedContact, ImportedItem, ImportPage } from '../../../src/accounting/provider.ts'
import type { ReferenceEntry, ReferenceListName } from '../../../src/domain/reference-lists.ts'
import { isLive, type Stored } from './organisation.ts'

const whole = <T>(entries: T[]): ImportPage<T> => ({ entries, nextPage: null, unreadable: [] })

const since = (stored: readonly Stored[], modifiedSince: string | null): Stored[] => {
  const from = modifiedSince === null ? 0 : Math.floor(Date.parse(modifiedSince) / 1000) * 1000
  return stored.filter(({ updatedAt }) => updatedAt >= from)
}

const compact = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

export function importedContact(stored: readonly Stored[], modifiedSince: string | null): ImportPage<ImportedContact> {
  return whole(
    since(stored, modifiedSince).flatMap(({ id, posted, status, updatedAt }) =>
      posted.list === 'contacts'
        ? {
            list: 'contacts' as const,
            remoteId: id,
            updatedAt: new Date(updatedAt).toISOString(),
            archived: status === 'ARCHIVED',
            mergedInto: null,
            roles: { customer: false, vendor: false },
            contactNumber: posted.contactNumber,
            fields: compact({ name: posted.name, email: posted.email, active: status !== 'ARCHIVED' }),
          }
        : [],
    ),
  )
}

export function importedItem(stored: readonly Stored[], modifiedSince: string | null): ImportPage<ImportedItem> {
  return whole(
    since(stored, modifiedSince).flatMap(({ id, posted, updatedAt }) =>
      posted.list === 'items'
        ? {
            list: 'items' as const,
            remoteId: id,
            updatedAt: new Date(updatedAt).toISOString(),
            code: posted.code,
            fields: compact({
              kind: 'non_inventory',
              code: posted.code,
              name: posted.name,
              salePrice: posted.sales?.unitPrice,
              incomeAccount: posted.sales?.accountCode,
              expenseAccount: posted.purchase?.accountCode,
              isSold: posted.isSold,
              isPurchased: posted.isPurchased,
              active: true,
            }),
          }
        : [],
    ),
  )
}

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

/** Enough to post with: two accounts, and one tax rate of nil, so that totals are sums of lines. */
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
  accounts: [account('200', 'REVENUE', 'REVENUE'), account('300', 'EXPENSE', 'EXPENSE')],
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
