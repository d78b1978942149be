// The lists that settings choose from: organisation, accounts, tax rates, tracking, currencies, themes, contact groups.
import { compact, isObject, type JsonObject, text } from '../json.ts'
import { big } from '../money.ts'
import { currencyName } from '../seed/seed.ts'
import type { Account, Organisation, TaxRate, TrackingCategory } from '../state.ts'
import { bareStamp, dayToMs, stamp } from '../time.ts'
import { type Answer, missing, ok, refusal } from './answer.ts'
import type { Call } from './call.ts'
import { thinContact } from './contacts/view.ts'
import { type ListBehaviour, lists } from './lists.ts'
import { readList, switched } from './read.ts'
import { elementsOf } from './write.ts'

const lock = (day: string | undefined) => (day === undefined ? undefined : stamp(dayToMs(day)))

export function organisationView({ id, profile }: Organisation): JsonObject {
  return compact({
    Name: profile.name,
    LegalName: profile.legalName,
    PaysTax: true,
    Version: profile.version,
    OrganisationType: 'COMPANY',
    BaseCurrency: profile.baseCurrency,
    CountryCode: profile.countryCode,
    IsDemoCompany: profile.isDemoCompany,
    OrganisationStatus: 'ACTIVE',
    TaxNumber: profile.taxNumber,
    FinancialYearEndDay: profile.financialYearEndDay,
    FinancialYearEndMonth: profile.financialYearEndMonth,
    SalesTaxBasis: 'ACCRUALS',
    SalesTaxPeriod: 'QUARTERLY1',
    DefaultSalesTax: 'Tax Exclusive',
    DefaultPurchasesTax: 'Tax Inclusive',
    PeriodLockDate: lock(profile.periodLockDate),
    EndOfYearLockDate: lock(profile.endOfYearLockDate),
    CreatedDateUTC: bareStamp(profile.createdAt),
    OrganisationEntityType: 'COMPANY',
    Timezone: profile.timezone,
    ShortCode: profile.shortCode,
    OrganisationID: id,
    Edition: 'BUSINESS',
    Class: profile.isDemoCompany ? 'DEMO' : profile.plan,
    Addresses: [],
    Phones: [],
    ExternalLinks: [],
    PaymentTerms: profile.paymentTerms,
  })
}

const accountView = ({ updatedAt, SystemAccount, BankAccountType, ...account }: Account): JsonObject =>
  compact({
    ...account,
    SystemAccount: SystemAccount === '' ? undefined : SystemAccount,
    BankAccountType: BankAccountType ?? '',
    ShowInExpenseClaims: false,
    ReportingCode: account.Class,
    HasAttachments: false,
    UpdatedDateUTC: stamp(updatedAt),
    AddToWatchlist: false,
  })

const taxRateView = (rate: TaxRate): JsonObject => ({
  Name: rate.Name,
  TaxType: rate.TaxType,
  ReportTaxType: rate.ReportTaxType,
  CanApplyToAssets: rate.appliesTo.ASSET,
  CanApplyToEquity: rate.appliesTo.EQUITY,
  CanApplyToExpenses: rate.appliesTo.EXPENSE,
  CanApplyToLiabilities: rate.appliesTo.LIABILITY,
  CanApplyToRevenue: rate.appliesTo.REVENUE,
  DisplayTaxRate: rate.rate,
  EffectiveRate: rate.rate,
  Status: rate.Status,
  TaxComponents: [{ Name: 'GST', Rate: rate.rate, IsCompound: false, IsNonRecoverable: false }],
})

const trackingView = (category: TrackingCategory): JsonObject => ({
  Name: category.Name,
  Status: category.Status,
  TrackingCategoryID: category.TrackingCategoryID,
  Options: category.Options.map((option) => ({
    ...option,
    HasValidationErrors: false,
    IsDeleted: false,
    IsArchived: option.Status === 'ARCHIVED',
    IsActive: option.Status === 'ACTIVE',
  })),
})

interface Entry {
  id: string
  updatedAt?: number
  view: () => JsonObject
}

/** Answers the list, or the one entry whose id (or code) the path names. */
function answer(call: Call, behaviour: ListBehaviour, entries: Entry[]): Answer {
  const key = call.segments[0]?.toLowerCase()
  // These lists have no default order of their own: they come as Xero keeps them.
  if (key === undefined)
    return readList(
      call,
      behaviour,
      entries.map((one, index) => ({ updatedAt: one.updatedAt ?? 0, ...one, id: String(index).padStart(5, '0') })),
    )
  const found = entries.find((one) => one.id.toLowerCase() === key)
  if (!found) throw missing(behaviour.shape)
  return ok(call.world.app.name, call.at, behaviour.collection, [found.view()])
}

type Reader = (call: Call) => Answer

const actions = [
  'CreateApprovedInvoice',
  'CreateApprovedBill',
  'CreateDraftInvoice',
  'CreateDraftBill',
  'UseMulticurrency',
]

export const getOrganisation: Reader = (call) => {
  if (call.segments[0] === 'Actions')
    return ok(
      call.world.app.name,
      call.at,
      'Actions',
      actions.map((Name) => ({
        Name,
        Status: call.organisation.profile.approvalsLeft === 0 && Name.includes('Approved') ? 'NOT-ALLOWED' : 'ALLOWED',
      })),
    )
  return answer(call, lists.Organisation!, [
    { id: call.organisation.id, view: () => organisationView(call.organisation) },
  ])
}

export const getAccounts: Reader = (call) =>
  answer(
    call,
    lists.Accounts!,
    [...call.organisation.accounts.values()].map((one) => ({
      id: one.AccountID,
      updatedAt: one.updatedAt,
      view: () => accountView(one),
    })),
  )

export const getTaxRates: Reader = (call) =>
  answer(
    call,
    lists.TaxRates!,
    [...call.organisation.taxRates.values()].map((one) => ({ id: one.TaxType, view: () => taxRateView(one) })),
  )

export const getTrackingCategories: Reader = (call) =>
  answer(
    call,
    lists.TrackingCategories!,
    [...call.organisation.trackingCategories.values()]
      .filter((one) => one.Status === 'ACTIVE' || switched(call, 'includeArchived') || call.segments.length > 0)
      .map((one) => ({ id: one.TrackingCategoryID, view: () => trackingView(one) })),
  )

export const getCurrencies: Reader = (call) =>
  answer(
    call,
    lists.Currencies!,
    [...call.organisation.currencies.values()].map((one) => ({ id: one.Code, view: () => ({ ...one }) })),
  )

/** Adding is all that can be done to currencies. */
export const putCurrencies: Reader = (call) => {
  const [sent] = elementsOf(call, lists.Currencies!)
  const Code = (isObject(sent) && text(sent, 'Code')) || ''
  if (!/^[A-Z]{3}$/.test(Code)) throw refusal('PostDataInvalidException', `The currency code '${Code}' is not valid`)
  if (call.organisation.currencies.has(Code))
    throw refusal('ValidationException', 'A validation exception occurred', 400, [
      { Code, ValidationErrors: [{ Message: `Organisation is already subscribed to currency ${Code}` }] },
    ])
  const added = { Code, Description: currencyName(Code) }
  call.transaction.set(call.organisation.currencies, Code, added)
  call.transaction.set(call.organisation.dayRates, Code, call.organisation.dayRates.get(Code) ?? big(1))
  call.transaction.note({ type: 'Currency', id: Code })
  return ok(call.world.app.name, call.at, 'Currencies', [added])
}

export const getBrandingThemes: Reader = (call) =>
  answer(
    call,
    lists.BrandingThemes!,
    [...call.organisation.brandingThemes.values()].map(({ createdAt, ...one }) => ({
      id: one.BrandingThemeID,
      view: () => ({ ...one, Type: 'INVOICE', CreatedDateUTC: stamp(createdAt) }),
    })),
  )

export const getContactGroups: Reader = (call) =>
  answer(
    call,
    lists.ContactGroups!,
    [...call.organisation.contactGroups.values()]
      .filter((one) => one.Status === 'ACTIVE')
      .map(({ contactIds, ...one }) => ({
        id: one.ContactGroupID,
        view: () => ({
          ...one,
          // Members are listed only when one group is asked for.
          Contacts: call.segments.length > 0 ? members(call, contactIds) : [],
          HasValidationErrors: false,
        }),
      })),
  )

const members = (call: Call, ids: string[]) =>
  ids.flatMap((id) => {
    const contact = call.organisation.contacts.get(id)
    return contact ? [thinContact(contact)] : []
  })
