// Settings section "invoices": when an invoice enters the queue, and how it is dated, numbered, taxed and rounded in Xero.

import { type Static, Type } from 'typebox'
import { inForm } from '../text-forms.ts'
import { account, flag, nullable } from './common.ts'
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

export const InvoicesSettings = Type.Object(
  {
    sync: flag(true, 'Invoices are sent to Xero.'),
    triggerStatus: Type.Object(
      { invoice: triggerStatuses('an invoice', 'shipped') },
      { default: {}, additionalProperties: false, description: 'Statuses in which documents enter the queue.' },
    ),
    date: Type.Enum(['ship_date', 'document_date', 'sync_date'], {
      default: 'ship_date',
      description:
        "The document's date in Xero. ship_date: shipDate, else date. sync_date: the day of the first sync, in the " +
        "organisation's zone.",
    }),
    dueDate: Type.Object(
      {
        from: Type.Enum(['terms', 'document', 'days'], {
          default: 'terms',
          description:
            "terms: the terms of the invoice, else of the customer, else the organisation's own for sales. document: the " +
            "invoice's dueDate. Each falls back to the other, then to the date itself. days: that many days after the date.",
        }),
        days: Type.Integer({ default: 30, minimum: 0, maximum: 365, description: 'Days, used with from "days".' }),
      },
      { default: {}, additionalProperties: false, description: 'Where the due date comes from.' },
    ),
    number: Type.Enum(['document_number', 'xero'], {
      default: 'document_number',
      description:
        'document_number: prefix and number of the document. xero: Xero numbers it; reference must then be document_number.',
    }),
    prefix: Type.String({ default: '', maxLength: 50, description: 'Put in front of the number of the document.' }),
    reference: Type.Enum(['customer_po', 'document_number', 'none'], {
      default: 'customer_po',
      description: 'What becomes the reference in Xero.',
    }),
    status: documentStatus('invoices'),
    sentToContact: flag(
      false,
      'Marks the document as sent; Xero takes it only with status AUTHORISED. Once set, the mark cannot be undone.',
    ),
    brandingThemeId: nullable(
      Type.String({ minLength: 1, description: 'Id of a branding theme in Xero.' }),
      "Branding theme of the documents; null: the organisation's default.",
    ),
    accounts: Type.Object(
      {
        sales: account('Account of lines whose item, item group and items.accounts name none.'),
        shipping: account('Account of the shipping line; null: the sales account.'),
        discount: account('Account of a negative discount line; null: the sales account.'),
        rounding: roundingAccount(),
      },
      { default: {}, additionalProperties: false, description: 'Accounts of lines.' },
    ),
    discount: Type.Enum(['line_rate', 'negative_line'], {
      default: 'line_rate',
      description:
        'How a discount on the document is posted. line_rate: as a rate on each line, where it is a rate and has no ' +
        'more than two decimals together with that of the line. negative_line: as a line, one for each tax type.',
    }),
    priceBeyondFourDecimals: priceBeyondFourDecimals(),
    ...taxFields,
    trackingMap: trackingMap(),
    onRemoteEdit: onRemoteEdit('an invoice'),
    cutOverDate: cutOverDate(),
    deepLink: nullable(
      Type.String({
        pattern: inForm('^https?://', 'a web address', 'https://app.example.com/invoices/{id}'),
        maxLength: 2000,
        description: 'URL template with {id} and {number}; no other placeholder.',
      }),
      'Template of a link back to the product, shown on the document in Xero.',
    ),
  },
  { default: {}, additionalProperties: false, description: 'Invoices.' },
)
export type InvoicesSettings = Static<typeof InvoicesSettings>
