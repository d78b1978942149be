// An Australian organisation with a small chart of accounts, and records that post to it without a fault. Tests change
// one thing and look at what follows.
import type { PostingContext } from '../../../src/domain/posting/document-context.ts'
import type { Bill, Customer, Invoice, InvoiceLine, Item } from '../../../src/domain/records/index.ts'
import type { Account, Organisation, TaxRate } from '../../../src/domain/reference-lists.ts'
import {
  defaultSettings,
  mergePatch,
  type ReferenceData,
  type Settings,
  storedSettings,
} from '../../../src/domain/settings/index.ts'

export const account = (code: string, type: string, accountClass: string, more: Partial<Account> = {}): Account => ({
  id: `account-${code}`,
  code,
  name: `Account ${code}`,
  type,
  class: accountClass,
  status: 'ACTIVE',
  taxType: accountClass === 'REVENUE' ? 'OUTPUT' : 'INPUT',
  systemAccount: null,
  acceptsPayments: false,
  ...more,
})

export const taxRate = (taxType: string, rate: string, appliesTo: string[], more: Partial<TaxRate> = {}): TaxRate => ({
  taxType,
  name: taxType,
  rate,
  status: 'ACTIVE',
  appliesTo,
  ...more,
})

export const organisation: Organisation = {
  id: 'organisation',
  name: 'Demo Company (AU)',
  legalName: null,
  baseCurrency: 'AUD',
  countryCode: 'AU',
  timezone: 'Australia/Sydney',
  plan: null,
  shortCode: '!abc',
  isDemoCompany: true,
  periodLockDate: null,
  endOfYearLockDate: null,
}

export const reference: ReferenceData = {
  accounts: [
    account('200', 'REVENUE', 'REVENUE'),
    account('201', 'REVENUE', 'REVENUE'),
    account('202', 'REVENUE', 'REVENUE', { status: 'ARCHIVED' }),
    account('260', 'REVENUE', 'REVENUE'),
    account('300', 'DIRECTCOSTS', 'EXPENSE'),
    account('610', 'CURRENT', 'ASSET', { systemAccount: 'DEBTORS' }),
    account('630', 'INVENTORY', 'ASSET'),
    account('860', 'CURRLIAB', 'LIABILITY', { systemAccount: 'ROUNDING', taxType: 'BASEXCLUDED' }),
  ],
  taxRates: [
    taxRate('OUTPUT', '10', ['REVENUE']),
    taxRate('OUTPUT2', '15', ['REVENUE']),
    taxRate('INPUT', '10', ['EXPENSE', 'ASSET']),
    taxRate('EXEMPTOUTPUT', '0', ['REVENUE']),
    taxRate('BASEXCLUDED', '0', ['REVENUE', 'EXPENSE', 'LIABILITY', 'ASSET', 'EQUITY']),
    taxRate('OLD', '12.5', ['REVENUE'], { status: 'ARCHIVED' }),
  ],
  trackingCategories: [
    {
      id: 'region',
      name: 'Region',
      status: 'ACTIVE',
      options: [
        { id: 'north', name: 'North', status: 'ACTIVE' },
        { id: 'south', name: 'South', status: 'ARCHIVED' },
      ],
    },
  ],
  brandingThemes: [{ id: 'theme', name: 'Standard' }],
  currencies: [
    { code: 'AUD', description: null },
    { code: 'USD', description: null },
  ],
  organisation,
  paymentTerms: [],
}

export const noReference: ReferenceData = {
  accounts: null,
  taxRates: null,
  trackingCategories: null,
  brandingThemes: null,
  currencies: null,
  organisation: null,
  paymentTerms: null,
}

/** Settings as they are read back, those that no caller could save among them; their form must be right. */
export function settings(patch: unknown = {}): Settings {
  const usual = {
    invoices: { accounts: { sales: '200' }, taxMap: { GST: 'OUTPUT' } },
    vendors: { accounts: { purchases: '300' }, taxMap: { GST: 'INPUT' } },
  }
  const stored = storedSettings(mergePatch(mergePatch(defaultSettings(), usual), patch))
  if (stored.dropped.length > 0) throw new Error(`no settings: ${stored.dropped.join(', ')}`)
  return stored.settings
}

export const part = (more: Partial<Item> = {}): Item => ({ kind: 'inventory', code: 'BOLT', name: 'Bolt', ...more })
export const service = (more: Partial<Item> = {}): Item => ({ kind: 'service', code: 'FIT', name: 'Fitting', ...more })
export const customer = (more: Partial<Customer> = {}): Customer => ({ name: 'Ann Ltd', ...more })

export const line = (more: Partial<InvoiceLine> = {}): InvoiceLine => ({
  id: '1',
  itemId: 'bolt',
  quantity: '2',
  unitPrice: '10',
  taxCode: 'GST',
  ...more,
})

export const invoice = (more: Partial<Invoice> = {}): Invoice => ({
  number: '100',
  customerId: 'ann',
  date: '2026-05-01',
  shipDate: '2026-05-04',
  status: 'shipped',
  lines: [line()],
  ...more,
})

export const bill = (more: Partial<Bill> = {}): Bill => ({
  number: 'R-100',
  vendorId: 'brass',
  vendorInvoiceNumber: 'B-77',
  date: '2026-05-01',
  receiveDate: '2026-05-04',
  status: 'received',
  lines: [{ id: '1', itemId: 'bolt', quantity: '2', unitPrice: '10', taxCode: 'GST' }],
  ...more,
})

export const context = (more: Partial<PostingContext> = {}): PostingContext => ({
  settings: settings(),
  reference,
  contactRemoteId: 'contact-ann',
  items: new Map([
    ['bolt', part()],
    ['fit', service()],
  ]),
  trackedCodes: new Set(),
  today: '2026-05-10',
  recordId: 'record-1',
  recordUrl: 'https://sync.example.com/v1/connections/c1/bills/record-1',
  ...more,
})
