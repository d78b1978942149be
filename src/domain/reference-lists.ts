// Reference lists: read-only lists pulled from the accounting system, for settings to choose from and for validation.
import { type Static, Type } from 'typebox'

const text = (description: string) => Type.String({ description })
const optionalText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

export const Account = Type.Object(
  {
    id: text('Id in Xero.'),
    code: optionalText('Account code; null for bank accounts without one.'),
    name: text('Name.'),
    type: text('Account type, such as REVENUE, SALES, BANK, INVENTORY.'),
    class: text('ASSET, EQUITY, EXPENSE, LIABILITY or REVENUE.'),
    status: text('ACTIVE or ARCHIVED.'),
    taxType: optionalText('Default tax type.'),
    systemAccount: optionalText('Set for accounts that Xero keeps itself, such as DEBTORS or ROUNDING.'),
    acceptsPayments: Type.Boolean({ description: 'Bank accounts and those with payments enabled.' }),
  },
  { description: 'An account of the chart of accounts.' },
)
export type Account = Static<typeof Account>

export const TaxRate = Type.Object(
  {
    taxType: text('The code that documents use.'),
    name: text('Name.'),
    rate: optionalText('Effective rate in per cent, a decimal string.'),
    status: text('ACTIVE, DELETED, ARCHIVED or PENDING.'),
    appliesTo: Type.Array(text('ASSET, EQUITY, EXPENSE, LIABILITY or REVENUE.'), {
      description: 'Account classes that it may be used with.',
    }),
  },
  { description: 'A tax rate.' },
)
export type TaxRate = Static<typeof TaxRate>

export const TrackingCategory = Type.Object(
  {
    id: text('Id in Xero.'),
    name: text('Name.'),
    status: text('ACTIVE or ARCHIVED.'),
    options: Type.Array(Type.Object({ id: text('Id in Xero.'), name: text('Name.'), status: text('Status.') }), {
      description: 'Its options.',
    }),
  },
  { description: 'A tracking category with its options.' },
)
export type TrackingCategory = Static<typeof TrackingCategory>

export const Currency = Type.Object(
  { code: text('ISO 4217 code.'), description: optionalText('Name.') },
  { description: 'A currency that the organisation has enabled.' },
)
export type Currency = Static<typeof Currency>

export const ContactGroup = Type.Object(
  { id: text('Id in Xero.'), name: text('Name.'), status: text('ACTIVE or DELETED.') },
  { description: 'A contact group.' },
)
export type ContactGroup = Static<typeof ContactGroup>

export const BrandingTheme = Type.Object(
  { id: text('Id in Xero.'), name: text('Name.') },
  { description: 'A branding theme for sales invoices.' },
)
export type BrandingTheme = Static<typeof BrandingTheme>

export const PaymentTerm = Type.Object(
  {
    kind: Type.Enum(['sales', 'bills'], { description: 'Whose documents it is the default for.' }),
    type: text('DAYSAFTERBILLDATE, DAYSAFTERBILLMONTH, OFCURRENTMONTH or OFFOLLOWINGMONTH.'),
    days: Type.Integer({ description: 'Days, or the day of the month.' }),
  },
  { description: 'A default payment term of the organisation. Xero has no list of terms of its own.' },
)
export type PaymentTerm = Static<typeof PaymentTerm>

export const Organisation = Type.Object(
  {
    id: text('Id in Xero.'),
    name: text('Name.'),
    legalName: optionalText('Legal name.'),
    baseCurrency: text('ISO 4217 code.'),
    countryCode: optionalText('ISO 3166 code.'),
    timezone: text('IANA time zone.'),
    plan: optionalText('Subscription plan.'),
    shortCode: optionalText('Used in deep links.'),
    isDemoCompany: Type.Boolean({ description: 'A demo company is replaced from time to time.' }),
    periodLockDate: optionalText('YYYY-MM-DD; documents dated on or before it are refused.'),
    endOfYearLockDate: optionalText('YYYY-MM-DD; documents dated on or before it are refused.'),
  },
  { description: 'The organisation itself.' },
)
export type Organisation = Static<typeof Organisation>

/** The lists by name, with the schema of an entry. "organisation" and "paymentTerms" come from one and the same call. */
export const referenceLists = {
  organisation: Organisation,
  paymentTerms: PaymentTerm,
  accounts: Account,
  taxRates: TaxRate,
  trackingCategories: TrackingCategory,
  currencies: Currency,
  contactGroups: ContactGroup,
  brandingThemes: BrandingTheme,
} as const
export type ReferenceListName = keyof typeof referenceLists
export type ReferenceEntry<N extends ReferenceListName> = Static<(typeof referenceLists)[N]>
export const referenceListNames = Object.keys(referenceLists) as ReferenceListName[]
