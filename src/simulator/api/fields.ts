// The members that Xero knows, by object. Others are ignored, as Xero does, but written to the journal as unknown, so that a
// test finds a misspelt member that Xero would have dropped without a word. Nested objects name their own table.

type Shape = Record<string, string | null>

const shape = (plain: string, nested: Record<string, string> = {}): Shape => ({
  ...Object.fromEntries(plain.split(/\s+/).map((name) => [name, null])),
  ...nested,
})

export const shapes: Record<string, Shape> = {
  Contact: shape(
    `ContactID MergedToContactID ContactNumber AccountNumber ContactStatus Name FirstName LastName CompanyNumber EmailAddress
    BankAccountDetails TaxNumber TaxNumberType AccountsReceivableTaxType AccountsPayableTaxType IsSupplier IsCustomer
    SalesDefaultLineAmountType PurchasesDefaultLineAmountType DefaultCurrency XeroNetworkKey SalesDefaultAccountCode
    PurchasesDefaultAccountCode SalesTrackingCategories PurchasesTrackingCategories TrackingCategoryName
    TrackingCategoryOption UpdatedDateUTC ContactGroups Website BrandingTheme BatchPayments Discount Balances Attachments
    HasAttachments ValidationErrors HasValidationErrors StatusAttributeString`,
    { Addresses: 'Address', Phones: 'Phone', ContactPersons: 'ContactPerson', PaymentTerms: 'PaymentTerms' },
  ),
  Address: shape(
    'AddressType AddressLine1 AddressLine2 AddressLine3 AddressLine4 City Region PostalCode Country AttentionTo ValidationErrors',
  ),
  Phone: shape('PhoneType PhoneNumber PhoneAreaCode PhoneCountryCode ValidationErrors'),
  ContactPerson: shape('FirstName LastName EmailAddress IncludeInEmails ValidationErrors'),
  PaymentTerms: shape('', { Bills: 'PaymentTerm', Sales: 'PaymentTerm' }),
  PaymentTerm: shape('Day Type ValidationErrors'),
  Item: shape(
    `ItemID Code Name IsSold IsPurchased Description PurchaseDescription InventoryAssetAccountCode IsTrackedAsInventory
    TotalCostPool QuantityOnHand UpdatedDateUTC StatusAttributeString ValidationErrors`,
    { PurchaseDetails: 'Purchase', SalesDetails: 'Purchase' },
  ),
  Purchase: shape('UnitPrice AccountCode COGSAccountCode TaxType'),
  Invoice: shape(
    `Type Date DateString DueDate DueDateString LineAmountTypes InvoiceNumber Reference BrandingThemeID Url CurrencyCode
    CurrencyRate Status SentToContact ExpectedPaymentDate PlannedPaymentDate CISDeduction CISRate SubTotal TotalTax Total
    TotalDiscount RoundingAmount EnteredTotal InvoiceID RepeatingInvoiceID HasAttachments IsDiscounted Payments Prepayments
    Overpayments AmountDue AmountPaid FullyPaidOnDate AmountCredited UpdatedDateUTC UpdatedDateUTCString CreditNotes
    Attachments HasErrors StatusAttributeString ValidationErrors Warnings InvoiceAddresses`,
    { Contact: 'Contact', LineItems: 'LineItem' },
  ),
  LineItem: shape(
    `LineItemID Description Quantity UnitAmount ItemCode AccountCode AccountID TaxType TaxAmount Item LineAmount DiscountRate
    DiscountAmount RepeatingInvoiceID Taxability SalesTaxCodeId TaxBreakdown ValidationErrors`,
    { Tracking: 'LineItemTracking' },
  ),
  LineItemTracking: shape('TrackingCategoryID TrackingOptionID Name Option'),
  Payment: shape(
    `InvoiceNumber CreditNoteNumber Code Date CurrencyRate Amount BankAmount Reference IsReconciled Status PaymentType
    UpdatedDateUTC UpdatedDateUTCString PaymentID BatchPaymentID BankAccountNumber Particulars Details HasAccount
    HasValidationErrors StatusAttributeString ValidationErrors Warnings Prepayment Overpayment CreditNote BatchPayment`,
    { Invoice: 'Invoice', Account: 'Account' },
  ),
  Account: shape(
    `Code Name AccountID Type BankAccountNumber Status Description BankAccountType CurrencyCode TaxType
    EnablePaymentsToAccount ShowInExpenseClaims Class SystemAccount ReportingCode ReportingCodeName HasAttachments
    UpdatedDateUTC AddToWatchlist ValidationErrors`,
  ),
  TaxRate: shape(
    `Name TaxType TaxComponents Status ReportTaxType CanApplyToAssets CanApplyToEquity CanApplyToExpenses
    CanApplyToLiabilities CanApplyToRevenue DisplayTaxRate EffectiveRate`,
  ),
  TrackingCategory: shape('TrackingCategoryID TrackingOptionID Name Option Status Options'),
  Currency: shape('Code Description'),
  BrandingTheme: shape('BrandingThemeID Name LogoUrl Type SortOrder CreatedDateUTC'),
  ContactGroup: shape('Name Status ContactGroupID HasValidationErrors', { Contacts: 'Contact' }),
  Organisation: shape('OrganisationID Name'),
}

/** Every member under `value` that the shape does not have, as paths such as `Invoices[0].LineItems[2].Qty`. */
export function unknownMembers(value: unknown, shapeName: string, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => unknownMembers(one, shapeName, `${path}[${index}]`))
  if (typeof value !== 'object' || value === null) return []
  const known = shapes[shapeName] ?? {}
  return Object.entries(value).flatMap(([name, inner]) => {
    const nested = known[name]
    if (nested === undefined) return [`${path}.${name}`]
    return nested === null ? [] : unknownMembers(inner, nested, `${path}.${name}`)
  })
}
