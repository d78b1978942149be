// Seeds: short descriptions of people and organisations, completed into full ones. Ids follow from names unless given.

import { idFromName } from '../ids.ts'
import { big } from '../money.ts'
import type { Account, Organisation, PaymentTerms } from '../state.ts'
import type { User } from '../world.ts'
import { chart, classes, otherTaxTypes, paymentAccounts, taxTypes } from './chart.ts'
import { taxRatesOf } from './tax-rates.ts'

export interface OrganisationSeed {
  name: string
  id?: string
  countryCode?: string
  baseCurrency?: string
  /** Xero's name of the zone, such as NEWZEALANDSTANDARDTIME. */
  timezone?: string
  /** The same zone by its IANA name. */
  zone?: string
  plan?: string
  isDemoCompany?: boolean
  periodLockDate?: string
  endOfYearLockDate?: string
  paymentTerms?: PaymentTerms
  deletedNumbersFree?: boolean
  /** See OrganisationProfile in state.ts. */
  partsReplaced?: boolean
  codesKept?: boolean
  usedItemsDeletable?: boolean
  zeroTotal?: 'paid' | 'locked' | 'open'
  taxAliases?: Record<string, string>
  approvalsLeft?: number
  /** Accounts in addition to the standard chart (same code: instead of it). */
  accounts?: (Partial<Account> & { Code: string; Name: string; Type: string })[]
  /** Codes of the standard chart that this organisation does not have. */
  withoutAccounts?: string[]
  trackingCategories?: Record<string, string[]>
  /** Code → units for one unit of the base currency. */
  currencies?: Record<string, number>
  brandingThemes?: string[]
  contactGroups?: string[]
}
export interface UserSeed {
  email: string
  name?: string
  id?: string
  /** Ids or names; absent: all that exist. */
  organisations?: string[]
}
export interface Seed {
  organisations?: OrganisationSeed[]
  users?: UserSeed[]
}

const currencyNames: Record<string, string> = {
  AUD: 'Australian Dollar',
  NZD: 'New Zealand Dollar',
  USD: 'United States Dollar',
  GBP: 'British Pound',
  EUR: 'Euro',
  SGD: 'Singapore Dollar',
  JPY: 'Japanese Yen',
  CAD: 'Canadian Dollar',
}
export const currencyName = (code: string) => currencyNames[code] ?? code

const regions: Record<string, { currency: string; timezone: string; zone: string; yearEnd: [number, number] }> = {
  AU: { currency: 'AUD', timezone: 'AUSEASTERNSTANDARDTIME', zone: 'Australia/Sydney', yearEnd: [30, 6] },
  NZ: { currency: 'NZD', timezone: 'NEWZEALANDSTANDARDTIME', zone: 'Pacific/Auckland', yearEnd: [31, 3] },
  GB: { currency: 'GBP', timezone: 'GMTSTANDARDTIME', zone: 'Europe/London', yearEnd: [31, 3] },
  US: { currency: 'USD', timezone: 'EASTERNSTANDARDTIME', zone: 'America/New_York', yearEnd: [31, 12] },
}
const elsewhere = { currency: 'USD', timezone: 'UTC', zone: 'UTC', yearEnd: [31, 12] as [number, number] }

const byKey = <Value>(values: Value[], key: (value: Value) => string) =>
  new Map(values.map((value) => [key(value), value]))

function accountsOf(id: string, seed: OrganisationSeed, version: string, at: number): Account[] {
  const tax = taxTypes[version] ?? otherTaxTypes
  const full = (own: Partial<Account> & { Code: string; Name: string; Type: string }): Account => ({
    AccountID: idFromName(id, 'account', own.Code),
    Class: classes[own.Type] ?? 'EXPENSE',
    TaxType: tax.none,
    Status: 'ACTIVE',
    Description: '',
    SystemAccount: '',
    EnablePaymentsToAccount: paymentAccounts.includes(own.Code),
    ...(own.Type === 'BANK'
      ? { BankAccountNumber: `0209087654${own.Code}050`, BankAccountType: 'BANK', CurrencyCode: seed.baseCurrency }
      : {}),
    updatedAt: at,
    ...own,
  })
  const standard = chart
    .filter(([code]) => !seed.withoutAccounts?.includes(code))
    .map(([Code, Name, Type, kind, SystemAccount = '']) =>
      full({ Code, Name, Type, TaxType: tax[kind], SystemAccount }),
    )
  return [...standard, ...(seed.accounts ?? []).map(full)]
}

export function organisationFrom(seed: OrganisationSeed, at: number): Organisation {
  const id = seed.id ?? idFromName('organisation', seed.name)
  const countryCode = seed.countryCode ?? 'AU'
  const region = regions[countryCode] ?? elsewhere
  const baseCurrency = seed.baseCurrency ?? region.currency
  const rates: Record<string, number> = { [baseCurrency]: 1, ...seed.currencies }
  const categories = Object.entries(seed.trackingCategories ?? {}).map(([Name, options]) => ({
    TrackingCategoryID: idFromName(id, 'tracking', Name),
    Name,
    Status: 'ACTIVE' as const,
    Options: options.map((option) => ({
      TrackingOptionID: idFromName(id, 'tracking', Name, option),
      Name: option,
      Status: 'ACTIVE' as const,
    })),
  }))
  const themes = (seed.brandingThemes ?? ['Standard']).map((Name, SortOrder) => ({
    BrandingThemeID: idFromName(id, 'theme', Name),
    Name,
    SortOrder,
    createdAt: at,
  }))
  const groups = (seed.contactGroups ?? []).map((Name) => ({
    ContactGroupID: idFromName(id, 'group', Name),
    Name,
    Status: 'ACTIVE' as const,
    contactIds: [],
  }))
  return {
    id,
    profile: {
      name: seed.name,
      legalName: seed.name,
      countryCode,
      version: countryCode === 'GB' ? 'UK' : countryCode,
      baseCurrency,
      timezone: seed.timezone ?? region.timezone,
      zone: seed.zone ?? region.zone,
      plan: seed.plan ?? 'PREMIUM',
      isDemoCompany: seed.isDemoCompany ?? false,
      taxNumber: '11 111 111 138',
      shortCode: `!${id.slice(0, 5)}`,
      financialYearEndDay: region.yearEnd[0],
      financialYearEndMonth: region.yearEnd[1],
      periodLockDate: seed.periodLockDate,
      endOfYearLockDate: seed.endOfYearLockDate,
      paymentTerms: seed.paymentTerms ?? {},
      deletedNumbersFree: seed.deletedNumbersFree ?? false,
      partsReplaced: seed.partsReplaced ?? false,
      codesKept: seed.codesKept ?? false,
      usedItemsDeletable: seed.usedItemsDeletable ?? true,
      zeroTotal: seed.zeroTotal ?? 'paid',
      taxAliases: seed.taxAliases ?? {},
      approvalsLeft: seed.approvalsLeft,
      createdAt: at,
    },
    accounts: byKey(accountsOf(id, { ...seed, baseCurrency }, countryCode, at), (one) => one.Code),
    taxRates: byKey(taxRatesOf(countryCode), (one) => one.TaxType),
    trackingCategories: byKey(categories, (one) => one.TrackingCategoryID),
    currencies: new Map(Object.keys(rates).map((Code) => [Code, { Code, Description: currencyName(Code) }])),
    dayRates: new Map(Object.entries(rates).map(([code, rate]) => [code, big(rate)])),
    brandingThemes: byKey(themes, (one) => one.BrandingThemeID),
    contactGroups: byKey(groups, (one) => one.ContactGroupID),
    contacts: new Map(),
    items: new Map(),
    invoices: new Map(),
    payments: new Map(),
    nextInvoiceNumber: 1,
  }
}

export function userFrom(seed: UserSeed, organisations: Organisation[]): User {
  const wanted = seed.organisations
  const own = organisations.filter((one) => !wanted || wanted.includes(one.id) || wanted.includes(one.profile.name))
  return {
    id: seed.id ?? idFromName('user', seed.email),
    email: seed.email,
    name: seed.name ?? seed.email.split('@')[0] ?? seed.email,
    organisationIds: own.map((one) => one.id),
  }
}
