// A contact's plain texts with their greatest lengths, and the entries that lists of addresses and phones may hold.

export const texts: Record<string, number> = {
  ContactNumber: 50,
  AccountNumber: 50,
  FirstName: 255,
  LastName: 255,
  CompanyNumber: 50,
  EmailAddress: 255,
  BankAccountDetails: 255,
  TaxNumber: 50,
  TaxNumberType: 10,
  AccountsReceivableTaxType: 50,
  AccountsPayableTaxType: 50,
  DefaultCurrency: 3,
  SalesDefaultAccountCode: 10,
  PurchasesDefaultAccountCode: 10,
  SalesDefaultLineAmountType: 20,
  PurchasesDefaultLineAmountType: 20,
  XeroNetworkKey: 255,
}
/** Read-only in the API: only a person sets it, in Xero's pages. */
export const personalTexts = ['Website']
export const nameLength = 255
export const mostPersons = 5

export const addressTypes = ['STREET', 'POBOX']
export const addressTexts: Record<string, number> = {
  AddressLine1: 500,
  AddressLine2: 500,
  AddressLine3: 500,
  AddressLine4: 500,
  City: 255,
  Region: 255,
  PostalCode: 50,
  Country: 50,
  AttentionTo: 255,
}
/** Those that a write's answer always shows. */
export const paddedAddressTexts = ['City', 'Region', 'PostalCode', 'Country']

export const phoneTypes = ['DDI', 'DEFAULT', 'FAX', 'MOBILE']
export const phoneTexts: Record<string, number> = { PhoneNumber: 50, PhoneAreaCode: 10, PhoneCountryCode: 20 }

export const paymentTermTypes = ['DAYSAFTERBILLDATE', 'DAYSAFTERBILLMONTH', 'OFCURRENTMONTH', 'OFFOLLOWINGMONTH']
