// What a simulated organisation holds. Members that Xero names are spelled as Xero spells them; members of our own begin
// with a small letter. Everything is replaced, never changed in place, so that a refused request can be undone.
import type { Big } from './money.ts'

export interface Account {
  AccountID: string
  Code: string
  Name: string
  Type: string
  Class: string
  TaxType: string
  Status: 'ACTIVE' | 'ARCHIVED'
  Description: string
  SystemAccount: string
  EnablePaymentsToAccount: boolean
  BankAccountNumber?: string | undefined
  BankAccountType?: string | undefined
  CurrencyCode?: string | undefined
  updatedAt: number
}

export interface TaxRate {
  Name: string
  TaxType: string
  ReportTaxType: string
  Status: 'ACTIVE' | 'DELETED' | 'ARCHIVED'
  rate: number
  appliesTo: { ASSET: boolean; EQUITY: boolean; EXPENSE: boolean; LIABILITY: boolean; REVENUE: boolean }
}

export interface TrackingOption {
  TrackingOptionID: string
  Name: string
  Status: 'ACTIVE' | 'ARCHIVED'
}
export interface TrackingCategory {
  TrackingCategoryID: string
  Name: string
  Status: 'ACTIVE' | 'ARCHIVED'
  Options: TrackingOption[]
}
export interface Currency {
  Code: string
  Description: string
}
export interface BrandingTheme {
  BrandingThemeID: string
  Name: string
  SortOrder: number
  createdAt: number
}
export interface ContactGroup {
  ContactGroupID: string
  Name: string
  Status: 'ACTIVE' | 'DELETED'
  contactIds: string[]
}

export type TextMap = Record<string, string>

export interface PaymentTerm {
  Day: number
  Type: string
}
export interface PaymentTerms {
  Bills?: PaymentTerm | undefined
  Sales?: PaymentTerm | undefined
}

export interface Contact {
  ContactID: string
  ContactStatus: 'ACTIVE' | 'ARCHIVED' | 'GDPRREQUEST'
  Name: string
  /** FirstName, EmailAddress, ContactNumber and the other plain texts (see api/contacts/fields.ts). */
  texts: TextMap
  addresses: TextMap[]
  phones: TextMap[]
  persons: { FirstName?: string; LastName?: string; EmailAddress?: string; IncludeInEmails: boolean }[]
  paymentTerms: PaymentTerms
  salesTracking: { TrackingCategoryName: string; TrackingOptionName: string }[]
  purchasesTracking: { TrackingCategoryName: string; TrackingOptionName: string }[]
  isCustomer: boolean
  isSupplier: boolean
  mergedTo?: string | undefined
  updatedAt: number
}

export interface ItemSide {
  UnitPrice?: Big | undefined
  AccountCode?: string | undefined
  COGSAccountCode?: string | undefined
  TaxType?: string | undefined
}
export interface Item {
  ItemID: string
  Code: string
  Name?: string | undefined
  Description?: string | undefined
  PurchaseDescription?: string | undefined
  IsSold: boolean
  IsPurchased: boolean
  sales: ItemSide
  purchase: ItemSide
  InventoryAssetAccountCode?: string | undefined
  quantityOnHand: Big
  totalCostPool: Big
  updatedAt: number
}

export interface LineTracking {
  TrackingCategoryID: string
  TrackingOptionID: string
  Name: string
  Option: string
}
export interface Line {
  LineItemID: string
  Description?: string | undefined
  Quantity: Big
  UnitAmount: Big
  ItemCode?: string | undefined
  AccountCode?: string | undefined
  TaxType?: string | undefined
  TaxAmount: Big
  /** The caller gave the tax himself: it is not computed again. */
  taxGiven: boolean
  LineAmount: Big
  DiscountRate?: Big | undefined
  DiscountAmount?: Big | undefined
  Tracking: LineTracking[]
}

export type InvoiceStatus = 'DRAFT' | 'SUBMITTED' | 'AUTHORISED' | 'PAID' | 'VOIDED' | 'DELETED'
export interface Invoice {
  InvoiceID: string
  Type: 'ACCREC' | 'ACCPAY'
  Status: InvoiceStatus
  contactId: string
  InvoiceNumber?: string | undefined
  Reference?: string | undefined
  Url?: string | undefined
  BrandingThemeID?: string | undefined
  LineAmountTypes: 'Exclusive' | 'Inclusive' | 'NoTax'
  CurrencyCode: string
  CurrencyRate: Big
  SentToContact: boolean
  date: string
  dueDate?: string | undefined
  expectedPaymentDate?: string | undefined
  plannedPaymentDate?: string | undefined
  lines: Line[]
  subTotal: Big
  totalTax: Big
  total: Big
  roundingAmount?: Big | undefined
  amountPaid: Big
  /** Kept apart from total and paid: a voided invoice still shows what was due, a deleted one shows nothing. */
  amountDue: Big
  fullyPaidOn?: string | undefined
  hasAttachments?: boolean
  createdByApp: boolean
  updatedAt: number
}

export interface Payment {
  PaymentID: string
  invoiceId: string
  accountId: string
  Amount: Big
  Reference?: string | undefined
  CurrencyRate: Big
  date: string
  Status: 'AUTHORISED' | 'DELETED'
  IsReconciled: boolean
  createdByApp: boolean
  updatedAt: number
}

export interface OrganisationProfile {
  name: string
  legalName: string
  countryCode: string
  /** 'AU', 'NZ', … : the regional edition. */
  version: string
  baseCurrency: string
  /** Xero's own name, 'AUSEASTERNSTANDARDTIME'. */
  timezone: string
  /** The IANA zone of that name. */
  zone: string
  plan: string
  isDemoCompany: boolean
  taxNumber: string
  shortCode: string
  financialYearEndDay: number
  financialYearEndMonth: number
  periodLockDate?: string | undefined
  endOfYearLockDate?: string | undefined
  paymentTerms: PaymentTerms
  /** True: the number of a deleted sales invoice may be used again (unconfirmed in Xero, so a switch). */
  deletedNumbersFree: boolean
  /** True: an address, a phone number, the payment terms or a side of an item replaces what was there as a whole, and what the
   * request leaves out inside it is gone (unconfirmed in Xero, so a switch). */
  partsReplaced: boolean
  /** True: a currency, tax type or account code that an update sends empty stays (unconfirmed in Xero, so a switch). */
  codesKept: boolean
  /** False: an item that any document names cannot be deleted, tracked or not (unconfirmed for untracked ones). */
  usedItemsDeletable: boolean
  /** What becomes of an approved document of zero: PAID at once; PAID and neither to be edited nor voided; or as any other. */
  zeroTotal: 'paid' | 'locked' | 'open'
  /** Tax types that Xero turns into others on items. */
  taxAliases: Record<string, string>
  /** How many invoices the plan may still approve; absent: no limit. */
  approvalsLeft?: number | undefined
  createdAt: number
}

export interface Organisation {
  id: string
  profile: OrganisationProfile
  accounts: Map<string, Account>
  taxRates: Map<string, TaxRate>
  trackingCategories: Map<string, TrackingCategory>
  currencies: Map<string, Currency>
  /** Units of a foreign currency for one unit of the base currency: the day rate when a document gives none. */
  dayRates: Map<string, Big>
  brandingThemes: Map<string, BrandingTheme>
  contactGroups: Map<string, ContactGroup>
  contacts: Map<string, Contact>
  items: Map<string, Item>
  invoices: Map<string, Invoice>
  payments: Map<string, Payment>
  nextInvoiceNumber: number
}
