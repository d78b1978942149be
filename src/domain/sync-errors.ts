// The table of sync errors: why a record or a job could not be brought to the accounting system, and what to do.
// Codes are stable; docs/errors.md is written from this table.
import { type ErrorRow, refusals, row } from './refusals.ts'
import type { SyncError } from './sync-error.ts'

export const syncErrors = {
  record_missing: row(
    'A record that this one refers to was never saved here',
    'The document names a customer or an item that this service does not know.',
    'PUT the missing record, then run a sync job.',
    true,
  ),
  dependency_failed: row(
    'Waits for another record',
    'A record that this one refers to is not in Xero yet, because it failed itself.',
    'Settle the record named in blockedBy; this one follows in the next job by itself.',
    true,
  ),
  mapping_missing: row(
    'A setting that this record needs is not filled in',
    'No account or tax type could be found for the record: neither on it, nor on its item group, nor in the settings.',
    'Fill in the setting named in field (PATCH settings), then run a sync job.',
  ),
  tax_code_unmapped: row(
    'A tax code has no counterpart',
    "The record's tax code is neither in the tax map of the settings nor a tax type of Xero.",
    'Add the code to invoices.taxMap or set invoices.defaultTaxType; for bills, those of vendors.',
  ),
  code_too_long: row(
    'The item code is longer than Xero allows',
    'Xero item codes have at most 30 characters, and items.longCode is "reject".',
    'Shorten the code, or set items.longCode to "truncate_hash".',
  ),
  too_large: row(
    'The document is larger than Xero takes in one request',
    'Xero takes requests of up to 3.5 MB, and this document alone is larger.',
    'Shorten its texts, or PUT it as several documents; then run a sync job.',
  ),
  look_up_refused: row(
    'Xero cannot be asked whether it holds this document',
    'The answer to an earlier write call was lost, and Xero refuses to look the document up.',
    'Look for it in Xero. If it is there, link the record to it with PUT …/link; if not, run a sync job.',
    true,
  ),
  total_mismatch: row(
    "The lines do not add up to the record's total",
    'The total computed from the lines differs from the total of the record by more than the tolerance.',
    'Correct the lines or the total. Tax is rounded per line to two decimals before it is summed, as Xero does.',
  ),
  negative_total: row(
    'The total is below zero',
    'Xero takes no invoice or bill with a negative total.',
    'Correct the lines or the discount; a credit is neither invoice nor bill.',
  ),
  price_too_fine: row(
    'A price has more decimals than Xero keeps',
    'With four decimals of the price the line comes to another amount, and priceBeyondFourDecimals is "refuse".',
    'PUT a price of four decimals, or set priceBeyondFourDecimals (in invoices, for bills in vendors) to "one_unit".',
  ),
  tracked_item_price: row(
    'A price of an item whose stock Xero keeps has more decimals than Xero',
    'The line would have to be posted as one unit of its amount, and would move the stock of the item by one.',
    'PUT a price of four decimals, with the rest of the amount as a line without an item; or make the item untracked in Xero and run a full sync job.',
  ),
  kept_as_sent: row(
    'What stands in Xero stays as it was last sent',
    'It was brought to Xero before, and the settings now keep the record as it is out of Xero.',
    'Nothing to do, if that is meant. Otherwise change the setting named in cause: the change is queued with it, and goes out in the next sync job. Or delete the record to remove it from Xero.',
  ),
  unlinked: row(
    'A person unlinked the record from its document in Xero',
    'What stands in Xero is not this record any more, and nothing of it is queued.',
    'Link it with PUT …/link; or PUT a change of it, or queue it with POST …/sync-queue-items: the next job looks for it in Xero, and creates it where nothing of it stands.',
  ),
  contact_relinked: row(
    'The document stands at another contact',
    'Its customer or vendor was linked to another contact after it was sent.',
    'Nothing to do, if it is to stay there. Otherwise queue it with POST …/sync-queue-items: the next job moves it to the contact of the record, which Xero allows where the period is open and, of an invoice, nothing is paid yet.',
  ),
  kept_in_xero: row(
    'The record is deleted here, and stays in Xero',
    'The settings keep it there, or another record is the same contact.',
    'Nothing to do, if that is meant. Otherwise change onDelete of the settings and DELETE the record once more.',
  ),
  duplicate_number: row(
    'The number is taken in Xero by another document',
    'A document with this number exists in Xero, and it is not the one that would be posted.',
    'Link the record to the one in Xero with PUT …/link, if it is the same; or give the document another number, or delete or renumber the one in Xero. Then run a sync job. Two invoices that exchange their numbers: give one of them a third number, run a job until the other arrived, then PUT the first with its own.',
  ),
  duplicate_found: row(
    'Xero holds this document more than once',
    'A look-up by its marker found several documents.',
    'Delete or void the surplus ones in Xero, then link the record to the one that stays.',
  ),
  contact_disputed: row(
    'Two records of one contact have different values',
    'A customer and a vendor, or the records of merged contacts, are one contact in Xero, and have different values in a field.',
    'Everything else of both has arrived. PUT both with the same value. To let this record decide: link it to the same contact once more (PUT …/link with the id of candidates), or, where the other record is in conflict too, take that one out of the queue (DELETE …/sync-queue-items/{id}?force=true); then run a sync job.',
  ),
  inactive_not_sent: row(
    'An inactive customer, vendor or item is not created in Xero',
    'The record is not active, Xero holds no contact or item of it, and no document that goes to Xero names it.',
    'Nothing to do: it is created when it becomes active, or when an invoice or bill needs it.',
  ),
  contact_name_taken: row(
    'Another contact has this name',
    'Contact names are unique among the active contacts of an organisation.',
    'Rename the record, or link it to the existing contact with PUT …/link, after DELETE …/link where it is linked already. Two records that exchange their names: give one of them a third name, run a job until the other arrived, then PUT the first with its own.',
  ),
  contact_ambiguous: row(
    'It is not certain which contact in Xero belongs to this record',
    'The search by the fields of matchBy found several contacts, or one of another name.',
    'Link the record to the right one with PUT …/link. Where none of them is it, let it be created: onAmbiguous, onEmailOnly or onNumberOnly.',
  ),
  contact_archived: row(
    'The contact is archived in Xero',
    'Xero does not let an archived contact be edited or used through its API.',
    'One of three, each one call: restore the contact in Xero, link the record to another contact (PUT …/link), or have a new one created (DELETE …/link); then run a sync job.',
  ),
  not_modifiable: row(
    'Xero no longer lets this document be changed',
    'It is paid, voided, deleted, or has a payment or credit applied to it.',
    'Remove the payment or credit in Xero, or leave the document as it is and delete the queue item.',
  ),
  edited_in_xero: row(
    'A person changed the document in Xero',
    'It is not as it was last written or seen there, and the change or deletion of the record would undo that.',
    'POST …/resolve-conflict with {"keep": "product"} or {"keep": "xero"}. The settings invoices.onRemoteEdit and vendors.onRemoteEdit decide for all.',
  ),
  removed_in_xero: row(
    'The document was voided or deleted in Xero',
    'A person removed it, or it is not there any more; what is voided or deleted cannot be changed.',
    'POST …/resolve-conflict with {"keep": "xero"} to leave it so, {"keep": "product"} to create it again (give an invoice another number first); or delete the record.',
  ),
  written_differently: row(
    'The document in Xero differs from what was sent',
    'Fields, totals, tax or the number of lines in its answer are not those of the record.',
    'Compare both sides in differences, and correct the record, the tax settings or the document; or POST …/resolve-conflict with {"keep": "product"} to write all lines again, {"keep": "xero"} to leave it so.',
  ),
  xero_version_kept: row(
    'What stands in Xero was kept',
    'A person chose to leave the document in Xero as it is, and the record differs from it.',
    'Nothing to do. To bring the record to Xero after all, queue it again with POST …/sync-queue-items.',
  ),
  change_withdrawn: row(
    'The last change was not brought to Xero',
    'Its queue item was taken out of the queue.',
    'Queue the record again with POST …/sync-queue-items, or change it.',
  ),
  status_not_sent: row(
    'The record has no status that is sent',
    'It was brought to Xero before, and its present status is none of the trigger statuses: what stands in Xero stays as it was.',
    'Nothing to do: it is sent when it reaches such a status, or when triggerStatus of the settings names its own. Delete the record to remove its document.',
  ),
  account_invalid: row(
    'An account cannot be used here',
    'The account is archived, unknown, or of a kind that this document may not use.',
    'Choose another account in the settings or on the record.',
  ),
  tax_not_allowed: row(
    'The tax type cannot be used with this account',
    'Each tax rate in Xero applies only to certain classes of accounts.',
    'Choose another tax type in the taxMap of invoices, or for bills of vendors; or another account.',
  ),
  period_locked: row(
    'The date lies in a locked period',
    'The organisation has a lock date on or after the date of the document.',
    'Change the date of the document, or move the lock date in Xero; then run a sync job.',
  ),
  currency_not_enabled: row(
    'The organisation does not use this currency',
    'The currency is not enabled in Xero, or its plan has no multi-currency.',
    'Add the currency in Xero, or post in the base currency.',
  ),
  plan_limit: row(
    'A limit of the Xero plan is reached',
    'The organisation may not approve more documents this month.',
    'Upgrade the plan in Xero or wait for the next month, then run a sync job.',
    true,
  ),
  item_in_use: row(
    'The item is used in transactions',
    'Xero deletes only items that no transaction uses.',
    'Set items.onDelete to "delete_or_deactivate" and run a sync job: the item is neither sold nor purchased any more. Or leave it in Xero: DELETE …/link, then run a sync job. To make it inactive there, PUT it again, run a sync job, and PUT it with active false.',
  ),
  item_deactivated: row(
    'The deleted item stays in Xero, neither sold nor purchased',
    'Transactions use it, so that Xero does not delete it; the deletion of the record is done.',
    'Nothing to do. Where nothing uses it any more, POST …/sync-queue-items with its id has Xero asked once more.',
  ),
  not_found: row(
    'The document no longer exists in Xero',
    'It was deleted in Xero, or belongs to another organisation.',
    'Unlink the record, then PUT it again to create it again.',
  ),
  not_permitted: row(
    'Xero refuses access to this data',
    'The consent lacks a scope, or the user who consented lacks a role.',
    'Reconnect with a user who has the role, and check XERO_SCOPES.',
  ),
  disconnected: row(
    'The connection to the organisation was removed in Xero',
    'A user removed the app in Xero, or the organisation no longer exists.',
    'Reconnect (POST …/reconnect) and consent again.',
  ),
  disconnected_here: row(
    'The connection was disconnected',
    'Somebody disconnected the connection here while the job was not finished.',
    'What was not sent waits in the queue: reconnect (POST …/reconnect), consent again, and run a sync job.',
  ),
  consent_expired: row(
    'The consent is no longer valid',
    'Xero refused the refresh token: the consent was revoked, or unused for 60 days.',
    'Reconnect (POST …/reconnect) and consent again.',
  ),
  application_credentials: row(
    "Xero refuses this service's own credentials",
    'XERO_CLIENT_ID and XERO_CLIENT_SECRET do not belong to a Xero app, or the secret was changed.',
    'Correct XERO_CLIENT_ID and XERO_CLIENT_SECRET of the service, and start it again; connections are not affected.',
  ),
  encryption_key_missing: row(
    'The tokens of this consent cannot be opened',
    'The key that sealed them is not in ENCRYPTION_KEYS of the service.',
    'Put the key back into ENCRYPTION_KEYS and start the service again. If it is lost, POST …/reconnect and consent again.',
    true,
  ),
  throttled: row(
    "Xero's call limit is reached",
    'The organisation has used its calls of this minute or this day.',
    'Nothing to do: the job goes on by itself at the time it shows.',
    true,
  ),
  outcome_unknown: row(
    "Xero's answer was lost",
    "The result of this item's last write is not known yet: the call may or may not have been carried out.",
    'Its sync job looks the document up in Xero before anything is sent again, within about ten minutes. Where that job has ended, POST …/sync-jobs: the next job finds the result out first.',
    true,
  ),
  answer_incomplete: row(
    'Xero does not show what has to be known before a write',
    'The answer to a look leaves the document, contact or item out, or a part of it: whether somebody changed it, or whether it stands there already, is not known. Nothing was written.',
    'Nothing to do: the next sync job looks again. If it lasts, GET …/odd-rows names what is missing; look at it in Xero.',
    true,
  ),
  unreachable: row(
    'Xero could not be reached or did not answer properly',
    'A timeout, a broken connection, an error of the server, or an answer that is not what Xero documents.',
    'Nothing to do: the call is made again. If it lasts, look at https://status.xero.com.',
    true,
  ),
  settings_invalid: row(
    'The settings do not fit the organisation',
    'A setting names an account or tax type that does not exist, is archived, or may not be used.',
    'GET …/settings/check lists every finding; correct the settings and run a sync job.',
  ),
  wrong_organisation: row(
    'This organisation may not be used',
    'The setting company.demoCompanyOnly is on, and the organisation is not a demo company.',
    'Connect a demo company, or switch the setting off.',
  ),
  rejected: row(
    'Xero refused the document',
    "Xero's own message gives the reason.",
    'Correct the record as the message says, then PUT it again.',
  ),
  internal: row(
    'The service itself failed',
    'An unexpected error inside the service; the log has the details under the job id.',
    'Run the sync job again. If it comes back, report it with the job id.',
    true,
  ),
  ...refusals,
} as const satisfies Record<string, ErrorRow>

export type SyncErrorCode = keyof typeof syncErrors

/** Builds a sync error from the table; `cause` and `action` may be made more exact, never less. */
export function syncError(
  code: SyncErrorCode,
  more: Partial<
    Pick<SyncError, 'cause' | 'action' | 'field' | 'xero' | 'blockedBy' | 'candidates' | 'differences' | 'retryable'>
  > = {},
): SyncError {
  const { title, cause, action, retryable } = syncErrors[code]
  return { code, title, cause, action, retryable, field: null, xero: [], ...more }
}

/** The connection is lost to the job: no call can be made with it any more. */
export const isLoss = ({ code }: SyncError): boolean => code === 'disconnected' || code === 'consent_expired'
