// Xero's read-only lists → reference lists: which call brings which, and how a row reads.
import type { ReferenceEntry, ReferenceListName } from '../../../domain/reference-lists.ts'
import { calendarDate } from '../dates.ts'
import { decimal, flag, integer, type Json, part, requiredText, rows, text } from '../json.ts'
import { ianaZone } from '../timezones.ts'

type Readers = { readonly [N in ReferenceListName]?: (row: Json) => ReferenceEntry<N>[] }

interface ReferenceCall {
  readonly path: string
  readonly collection: string
  readonly query?: Readonly<Record<string, boolean>>
  readonly readers: Readers
}

function organisation(row: Json): ReferenceEntry<'organisation'> {
  return {
    id: requiredText(row, 'OrganisationID'),
    name: requiredText(row, 'Name'),
    legalName: text(row, 'LegalName'),
    baseCurrency: requiredText(row, 'BaseCurrency'),
    countryCode: text(row, 'CountryCode'),
    timezone: ianaZone(text(row, 'Timezone')),
    plan: text(row, 'Class'),
    shortCode: text(row, 'ShortCode'),
    isDemoCompany: flag(row, 'IsDemoCompany'),
    periodLockDate: calendarDate(row.PeriodLockDate),
    endOfYearLockDate: calendarDate(row.EndOfYearLockDate),
  }
}

/** Payment terms are no list in Xero but an enum on the organisation (xero.md, Organisation and reference lists). */
function paymentTerms(row: Json): ReferenceEntry<'paymentTerms'>[] {
  const sides = [
    ['sales', 'Sales'],
    ['bills', 'Bills'],
  ] as const
  return sides.flatMap(([kind, side]) => {
    const term = part(part(row, 'PaymentTerms'), side)
    const type = text(term, 'Type')
    const days = integer(term, 'Day')
    return type === null || days === null ? [] : [{ kind, type, days }]
  })
}

const account = (row: Json): ReferenceEntry<'accounts'> => ({
  id: requiredText(row, 'AccountID'),
  code: text(row, 'Code'),
  name: requiredText(row, 'Name'),
  type: requiredText(row, 'Type'),
  class: text(row, 'Class') ?? '',
  status: text(row, 'Status') ?? 'ACTIVE',
  taxType: text(row, 'TaxType'),
  systemAccount: text(row, 'SystemAccount'),
  acceptsPayments: text(row, 'Type') === 'BANK' || flag(row, 'EnablePaymentsToAccount'),
})

const classes = [
  ['ASSET', 'CanApplyToAssets'],
  ['EQUITY', 'CanApplyToEquity'],
  ['EXPENSE', 'CanApplyToExpenses'],
  ['LIABILITY', 'CanApplyToLiabilities'],
  ['REVENUE', 'CanApplyToRevenue'],
] as const

const taxRate = (row: Json): ReferenceEntry<'taxRates'> => ({
  taxType: requiredText(row, 'TaxType'),
  name: requiredText(row, 'Name'),
  rate: decimal(row, 'EffectiveRate') ?? decimal(row, 'DisplayTaxRate'),
  status: text(row, 'Status') ?? 'ACTIVE',
  appliesTo: classes.filter(([, field]) => flag(row, field)).map(([name]) => name),
})

const trackingCategory = (row: Json): ReferenceEntry<'trackingCategories'> => ({
  id: requiredText(row, 'TrackingCategoryID'),
  name: requiredText(row, 'Name'),
  status: text(row, 'Status') ?? 'ACTIVE',
  options: rows(row, 'Options').map((option) => ({
    id: requiredText(option, 'TrackingOptionID'),
    name: requiredText(option, 'Name'),
    status: text(option, 'Status') ?? 'ACTIVE',
  })),
})

/** One row a call, in the order in which they are read. */
export const referenceCallTable: readonly ReferenceCall[] = [
  {
    path: 'Organisation',
    collection: 'Organisations',
    readers: { organisation: (row) => [organisation(row)], paymentTerms },
  },
  { path: 'Accounts', collection: 'Accounts', readers: { accounts: (row) => [account(row)] } },
  { path: 'TaxRates', collection: 'TaxRates', readers: { taxRates: (row) => [taxRate(row)] } },
  {
    path: 'TrackingCategories',
    collection: 'TrackingCategories',
    query: { includeArchived: true },
    readers: { trackingCategories: (row) => [trackingCategory(row)] },
  },
  {
    path: 'Currencies',
    collection: 'Currencies',
    readers: { currencies: (row) => [{ code: requiredText(row, 'Code'), description: text(row, 'Description') }] },
  },
  {
    path: 'ContactGroups',
    collection: 'ContactGroups',
    readers: {
      contactGroups: (row) => [
        {
          id: requiredText(row, 'ContactGroupID'),
          name: requiredText(row, 'Name'),
          status: text(row, 'Status') ?? 'ACTIVE',
        },
      ],
    },
  },
  {
    path: 'BrandingThemes',
    collection: 'BrandingThemes',
    readers: {
      brandingThemes: (row) => [{ id: requiredText(row, 'BrandingThemeID'), name: requiredText(row, 'Name') }],
    },
  },
]
