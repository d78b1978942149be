// What Xero says about a document, in the words that it was heard to use, and the code and field that each becomes. The
// words come from Xero's documentation, its official examples, and the public help pages of products that sync with it.
import t from 'tap'
import { classify, messages } from '../../src/accounting/xero/messages.ts'
import { syncErrors } from '../../src/domain/sync-errors.ts'

type Wording = readonly [message: string, code: string, field?: string]

const wordings: readonly Wording[] = [
  // Another document or contact is in the way.
  ['Another contact has this contact number (ABC).', 'duplicate_number'],
  ['Another contact has this contact number. Please enter a different contact number.', 'duplicate_number'],
  ['The contact number A-1 is already assigned to another contact.', 'duplicate_number'],
  ["Price List Item with Code ''abc'' already exists", 'duplicate_number', '/code'],
  ['Invoice # must be unique.', 'duplicate_number', '/number'],
  ['Order number must be unique', 'duplicate_number', '/number'],
  [
    'The contact name A is already assigned to another contact. The contact name must be unique across all active contacts.',
    'contact_name_taken',
    '/name',
  ],
  ['The contact name already exists. Please enter a different contact name', 'contact_name_taken', '/name'],
  [
    'The Account Number already exists. Please enter a different account number.',
    'account_number_taken',
    '/accountNumber',
  ],
  ['The number already exists', 'duplicate_number'],
  // The contact is archived.
  [
    'The Contact with ContactID 7c2f matched an archived contact. Archived contacts cannot currently be edited via the API.',
    'contact_archived',
  ],
  ['The contact Acme Ltd has been archived. Archived contacts cannot be used on a document.', 'contact_archived'],
  [
    'The contact with the specified contact details has been archived. The contact must be un-archived before creating new invoices or credit notes.',
    'contact_archived',
  ],
  ['Contact is archived', 'contact_archived'],
  ['The contact was archived and cannot be changed', 'contact_archived'],
  // Periods, statuses, plans and rights.
  [
    'The document date cannot be before the end of year lock date, currently set at 31/03/2026',
    'period_locked',
    '/date',
  ],
  ['The document date cannot be before the period lock date, currently set at 30 June 2026', 'period_locked', '/date'],
  ['Invoice not of valid status for modification', 'not_modifiable'],
  ['This document cannot be edited as it has a payment or credit note allocated to it.', 'not_modifiable'],
  [
    'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.',
    'not_modifiable',
  ],
  ['Date cannot be changed on an invoice that has payment or credit notes allocated to it.', 'not_modifiable'],
  ['This item cannot be deleted because it has been used in a transaction', 'item_in_use'],
  ['You have reached the limit of invoices you can approve', 'plan_limit'],
  ["You've reached the limit of invoices you can approve this month. Upgrade your plan.", 'plan_limit'],
  ['The user does not have the correct permissions', 'not_permitted'],
  ['You are not permitted to access this resource without the reporting role or higher privileges', 'not_permitted'],
  ['The user does not have a role that allows this action', 'not_permitted'],
  ['Organisation is offline', 'organisation_offline'],
  ['The organization is currently offline for maintenance', 'organisation_offline'],
  // Currencies.
  ['Organisation is not subscribed to currency EUR', 'currency_not_enabled', '/currency'],
  ["The current organisation is not subscribed to currency 'EUR'.", 'currency_not_enabled', '/currency'],
  ['Currency code XYZ is not valid', 'currency_not_enabled', '/currency'],
  ["Your organisation's plan does not include multi-currency", 'multi_currency_plan', '/currency'],
  ['Multicurrency is not enabled for this organisation', 'multi_currency_plan', '/currency'],
  ['This organisation is not subscribed to the multi currency feature', 'multi_currency_plan', '/currency'],
  // Accounts, tax rates, tracking.
  ["Account code '476' is not a valid code for this document.", 'account_invalid'],
  [
    "Account code '476' has been archived, or has been deleted. Each line item must reference a valid account.",
    'account_invalid',
  ],
  ['Account must be valid', 'account_invalid'],
  ['Account could not be found', 'account_invalid'],
  ['Account code or ID must be specified', 'account_invalid'],
  ["The AccountCode '9999' is invalid", 'account_invalid'],
  ["Account code '476' has been removed as it does not match a recognised account.", 'account_invalid'],
  ['The account is archived', 'account_invalid'],
  ["The TaxType code 'OUTPUT' cannot be used with account code '630'.", 'tax_not_allowed'],
  ["The TaxType code 'X' does not exist or cannot be used for this type of transaction.", 'tax_type_invalid'],
  ['Tax rate must be valid', 'tax_type_invalid'],
  ['TaxType must be valid', 'tax_type_invalid'],
  ["Tax rate 'TAX001' has been archived or deleted", 'tax_type_invalid'],
  ["The tracking option 'Nord' does not exist", 'tracking_invalid'],
  ['Tracking category could not be found', 'tracking_invalid'],
  ["TrackingCategoryID '7c2f' is not valid", 'tracking_invalid'],
  ['A maximum of 2 tracking categories can be used on a line', 'tracking_invalid'],
  ['The tracking option has been archived', 'tracking_invalid'],
  ['The BrandingThemeID is not valid', 'branding_theme_unknown'],
  // Items.
  ["Item code 'WIDGET' is not valid", 'item_unknown'],
  ['Item Code is invalid.', 'item_unknown'],
  ['PurchaseDetails.AccountCode cannot be set on a tracked inventory item.', 'tracked_item'],
  ['You cannot save this transaction using an inventory account type', 'tracked_item'],
  ['COGSAccountCode is required for a tracked item', 'tracked_item'],
  ['The quantity on hand of item WIDGET is insufficient', 'stock_insufficient'],
  ['There is not enough quantity of this item', 'stock_insufficient'],
  ['The item code cannot exceed 30 characters', 'code_too_long', '/code'],
  ['Code must be less than 30 characters', 'code_too_long', '/code'],
  // Contacts.
  ['Email address must be valid.', 'email_invalid', '/email'],
  ['A maximum of 5 contact persons is allowed', 'persons_invalid', '/contactPersons'],
  ['Additional people cannot be added when primary person has not been set.', 'persons_invalid', '/contactPersons'],
  ['First name and last name must both be specified', 'persons_invalid', '/firstName'],
  ['Website must be a valid URL', 'website_invalid', '/website'],
  ['The web site address is not valid', 'website_invalid', '/website'],
  ['The payment term day is not valid', 'terms_invalid', '/terms'],
  ['Payment terms day must be between 1 and 31', 'terms_invalid', '/terms'],
  ['The payment terms must have a day from 1 to 31', 'terms_invalid', '/terms'],
  ['The contact name cannot contain angle brackets', 'name_invalid', '/name'],
  ['The Contact Name must be specified', 'name_invalid', '/name'],
  ['The tax number is not valid for the country of the organisation', 'tax_number_invalid', '/taxNumber'],
  ['The country may only contain letters', 'address_invalid', '/addresses'],
  ['The phone type is not valid', 'address_invalid', '/phones'],
  ['The length of the FirstName field cannot exceed 255 characters', 'text_too_long', '/firstName'],
  ['The Name field cannot exceed 255 characters', 'text_too_long', '/name'],
  ['The AccountNumber field cannot exceed 50 characters', 'text_too_long', '/accountNumber'],
  ['The length of the TaxNumber field cannot exceed 50 characters', 'text_too_long', '/taxNumber'],
  ['PhoneNumber cannot be longer than 50 characters', 'text_too_long', '/phones'],
  ['The AddressLine1 field cannot exceed 500 characters', 'text_too_long', '/addresses'],
  ['Maximum allowed characters for Region is 255.', 'text_too_long'],
  ['The EmailAddress field cannot exceed 255 characters', 'text_too_long', '/email'],
  // Documents and lines.
  ['Description cannot be longer than 4000 characters', 'text_too_long', '/description'],
  ['Description must be less than or equal to 4000 characters', 'text_too_long', '/description'],
  ['The InvoiceNumber field cannot exceed 255 characters', 'text_too_long', '/number'],
  ['The Reference field cannot exceed 255 characters', 'text_too_long'],
  ["The quantity value '-1.0000' is invalid. Quantity must not be less than zero.", 'negative_value'],
  ['The unit price cannot be less than zero.', 'negative_value'],
  ['The document total must not be negative.', 'negative_total'],
  ['The line total 10.00 does not match the expected line total 9.99', 'total_mismatch'],
  ['Due date must be specified', 'date_invalid', '/dueDate'],
  ['The invoice date is not a valid date', 'date_invalid', '/date'],
  ['One or more line items must be specified', 'line_incomplete', '/lines'],
  ['Description must be specified for each line item', 'line_incomplete', '/lines'],
  ['Url must be a valid absolute URL', 'deep_link_invalid'],
  ['An existing Invoice with the specified InvoiceID could not be found', 'not_found'],
  ['The document with the supplied id was not found for this endpoint.', 'not_found'],
  // Nobody knows.
  ['Something odd.', 'rejected'],
]

for (const [message, code, field = null] of wordings) {
  t.test(`given "${message}", when it is classified, then it is ${code}`, (t) => {
    t.match(classify([{ message, field: null }]), { code, field, xero: [message] })
    // Xero's own spelling of case changed over the years.
    t.equal(classify([{ message: message.toUpperCase(), field: null }]).code, code)
    // The line that it hangs on is what a person has to look at.
    t.equal(classify([{ message, field: '/lines/3' }]).field, '/lines/3')
    t.end()
  })
}

t.test('given the catalogue, when it is walked, then every row is reached by a wording', (t) => {
  t.ok(messages.every(({ pattern }) => pattern.flags.includes('i') && !pattern.global))
  const reached = new Set(wordings.map(([message]) => messages.findIndex(({ pattern }) => pattern.test(message))))
  const idle = messages.filter((_, index) => !reached.has(index)).map(({ pattern }) => String(pattern))
  t.strictSame(idle, [])
  t.end()
})

t.test('given several complaints, when they are classified, then the clearest one decides and all are kept', (t) => {
  const error = classify([
    { message: 'Something odd.', field: '/lines/0' },
    { message: 'Email address must be valid.', field: null },
    { message: 'Invoice # must be unique.', field: null },
    { message: 'Invoice # must be unique.', field: null },
  ])
  t.match(error, { code: 'duplicate_number', field: '/number' })
  t.same(error.xero, ['Something odd.', 'Email address must be valid.', 'Invoice # must be unique.'])
  t.match(classify([{ message: 'Something odd.', field: '/lines/0' }]), {
    code: 'rejected',
    field: '/lines/0',
    cause: 'Something odd.',
  })
  t.match(classify([]), { code: 'rejected', field: null, xero: [] })
  t.end()
})

t.test('given the codes that words become, then each has a title, a cause and a remedy of its own', (t) => {
  const codes = [...new Set(messages.map(({ code }) => code))]
  for (const part of ['title', 'cause', 'action'] as const) {
    t.equal(new Set(codes.map((code) => syncErrors[code][part])).size, codes.length, `no two have one ${part}`)
  }
  t.end()
})
