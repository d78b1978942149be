// Settings section "vendors": vendors themselves, and when their bills enter the queue and how they are posted.

import { type Static, Type } from 'typebox'
import { inForm } from '../text-forms.ts'
import { account, flag, nullable } from './common.ts'
import { contactsFields } from './contacts.ts'
import {
  cutOverDate,
  documentStatus,
  onRemoteEdit,
  priceBeyondFourDecimals,
  roundingAccount,
  taxFields,
  trackingMap,
  triggerStatuses,
} from './documents.ts'

export const VendorsSettings = Type.Object(
  {
    ...contactsFields('vendors'),
    sync: flag(true, 'Bills are sent to Xero. Vendors are sent in any case.'),
    triggerStatus: Type.Object(
      { bill: triggerStatuses('a bill', 'received') },
      { default: {}, additionalProperties: false, description: 'Statuses in which documents enter the queue.' },
    ),
    billDate: Type.Enum(['receive_date', 'vendor_invoice_date', 'document_date'], {
      default: 'receive_date',
      description: "The bill's date in Xero: receiveDate, vendorInvoiceDate or date; the first two fall back to date.",
    }),
    billNumber: Type.Enum(['vendor_invoice_number', 'document_number'], {
      default: 'vendor_invoice_number',
      description: "What becomes the bill's reference in Xero: vendorInvoiceNumber, else number · number.",
    }),
    status: documentStatus('bills'),
    accounts: Type.Object(
      {
        purchases: account('Account of lines whose item, item group and items.accounts name none.'),
        otherCharges: account(
          'Account of other charges that name none, nor their item or its group; null: the purchases account.',
        ),
        rounding: roundingAccount(),
      },
      { default: {}, additionalProperties: false, description: 'Accounts of lines.' },
    ),
    priceBeyondFourDecimals: priceBeyondFourDecimals(),
    ...taxFields,
    trackingMap: trackingMap(),
    onRemoteEdit: onRemoteEdit('a bill'),
    cutOverDate: cutOverDate(),
    deepLink: nullable(
      Type.String({
        pattern: inForm('^https?://.*\\{id\\}', 'a web address with {id}', 'https://app.example.com/bills/{id}'),
        maxLength: 2000,
        description: 'URL template with {id}, and {number} where wanted; no other placeholder.',
      }),
      'Template of a link back to the product, shown on the bill in Xero. It must hold {id}: a bill is known again by its ' +
        "link. null: the address of the bill's record at this service.",
    ),
  },
  { default: {}, additionalProperties: false, description: 'Vendors and bills.' },
)
export type VendorsSettings = Static<typeof VendorsSettings>
