// What the accounting system refuses in a record or in its lines, each with its own remedy: a part of the table of sync
// errors. Which of its words mean which row is for src/accounting to know.
export interface ErrorRow {
  readonly title: string
  readonly cause: string
  readonly action: string
  readonly retryable: boolean
}

export const row = (title: string, cause: string, action: string, retryable = false): ErrorRow => ({
  title,
  cause,
  action,
  retryable,
})

export const refusals = {
  account_number_taken: row(
    'Another contact has this account number',
    'Account numbers are unique among the contacts of an organisation.',
    'Correct accountNumber on the record or on the other contact in Xero, or link the record to that contact with PUT …/link.',
  ),
  tax_type_invalid: row(
    'Xero does not know the tax rate',
    'The tax type does not exist in the organisation, was deleted there, or is of no use for this kind of document.',
    'POST …/tax-rates/refresh shows what there is; correct the taxMap or the default tax type of invoices, or for bills of vendors.',
  ),
  tracking_invalid: row(
    'A tracking category or option is not in Xero',
    'The category or option was renamed, archived or deleted in Xero, or a line has more than two categories.',
    'GET …/tracking-categories shows what there is; correct trackingMap of invoices or vendors, or restore the option in Xero.',
  ),
  branding_theme_unknown: row(
    'Xero does not know the branding theme',
    'The branding theme of the settings was deleted in Xero.',
    'Set invoices.brandingThemeId to one of GET …/branding-themes, or to null.',
  ),
  multi_currency_plan: row(
    'The plan of the organisation has no multi-currency',
    'The record is in another currency than the base currency, and only some plans of Xero know more than one.',
    'Upgrade the plan in Xero and add the currency there, or PUT the record in the base currency.',
  ),
  item_unknown: row(
    'Xero does not know the item of a line',
    'No item in Xero has this code: it was deleted there or its code was changed.',
    'Run a full sync job ({"kind": "full"}), so that items are read again; it sees what was deleted from ten minutes after the item was written. An item whose code was changed in Xero is named by its new code. One that was deleted is deleted here, too, and PUT once more it is created again; or it shows removed_in_xero with its remedy. Then run a sync job. Where the record of a deleted item is another item by now, queue the document with POST …/sync-queue-items: its line goes there.',
  ),
  tracked_item: row(
    'The item is tracked inventory in Xero',
    'Xero keeps quantity and value of tracked items itself, and allows only some accounts with them.',
    'Leave the accounts of a tracked item as they are in Xero, and use no inventory account on other lines; or create the item untracked. Over the API it cannot be made inactive, unsold or unpurchased either: PUT it with active, isSold and isPurchased true, and make it inactive in Xero.',
  ),
  stock_insufficient: row(
    'Xero has too few of a tracked item',
    'The document sells more of the item than Xero has on hand.',
    'Correct the quantity on hand in Xero, or make the item untracked there; then run a sync job.',
  ),
  name_invalid: row(
    'Xero does not take the name',
    'A name must not be empty, hold angle brackets, or begin or end with a space.',
    'Correct name on the record.',
  ),
  email_invalid: row(
    'Xero does not take the e-mail address',
    'The address is not complete, or has letters that Xero does not allow in addresses.',
    'Correct email on the record or on its contact persons.',
  ),
  website_invalid: row(
    'Xero does not take the web site',
    'Xero wants a whole address that begins with http:// or https://.',
    'Correct website on the record, or leave it out.',
  ),
  terms_invalid: row(
    'Xero does not take the payment terms',
    'The day of payment terms must be from 1 to 31, and fit the kind of terms.',
    'Correct terms on the record, or leave them out.',
  ),
  persons_invalid: row(
    'Xero does not take the contact persons',
    'A contact has at most 5 further persons, each with first and last name, and none before its main person has an e-mail address.',
    'Correct contactPersons, firstName, lastName and email on the record; the main person may also get its e-mail address in Xero.',
  ),
  tax_number_invalid: row(
    'Xero does not take the tax number',
    "The number does not fit the rules of the organisation's country.",
    'Correct taxNumber on the record, or leave it out.',
  ),
  address_invalid: row(
    'Xero does not take an address or telephone number',
    'A part of it holds what Xero does not allow there; the country, for example, is written in letters.',
    'Correct addresses and phones on the record.',
  ),
  text_too_long: row(
    'A text is longer than Xero allows',
    'Each text in Xero has a greatest length.',
    'Shorten the text that Xero names, on the record or in Xero.',
  ),
  negative_value: row(
    'A quantity or price is below zero',
    'Xero takes no negative quantity in this document.',
    'Write the line with a positive quantity and a negative price, or as a credit.',
  ),
  line_incomplete: row(
    'A line lacks what Xero needs',
    'Each document has a line, and each line a description.',
    'Complete the lines of the record.',
  ),
  date_invalid: row(
    'Xero does not take a date',
    'The date or due date is missing or does not fit the document.',
    'Correct the dates or the terms of the record.',
  ),
  deep_link_invalid: row(
    'Xero does not take the link to the product',
    'The link must be a whole address, https://…, and Xero takes none with its own name in it.',
    'Correct deepLink of invoices or vendors in the settings, or PUBLIC_URL of the service.',
  ),
  organisation_offline: row(
    'The organisation is offline in Xero',
    'Xero keeps an organisation offline for some minutes, during maintenance or a repair.',
    'Nothing to do: the next sync job sends it again.',
    true,
  ),
} as const satisfies Record<string, ErrorRow>
