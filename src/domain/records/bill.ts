// A bill (a receiver, with the vendor's invoice) of the inventory product. Prices are without tax.
import { type Static, Type } from 'typebox'
import { accountCode, amount, date, optionalText, recordId, taxCode, text } from './common.ts'
import { documentFields, lineFields, linesOf, status } from './document.ts'

export const BillLine = Type.Object(lineFields('vendors'), {
  additionalProperties: false,
  description: 'One line. Xero takes no discounts on bills: prices are after discount.',
})

const OtherCharge = Type.Object(
  {
    account: accountCode('Account of the charge.'),
    itemId: Type.Optional(recordId("Id of the item record that the charge is; its account, or its group's, is taken.")),
    description: optionalText(4000, "Text of the line. Default: the item's, else: Other charge."),
    amount: amount('Charge without tax, in the currency of the document.'),
    taxCode: taxCode(
      "Tax code: a key of settings.vendors.taxMap or a tax type of Xero. Default: the vendor's, else the item's.",
    ),
  },
  {
    additionalProperties: false,
    description:
      'Freight, duty and the like: a line of its own. With an account or an itemId, or neither. Where none names ' +
      'an account: settings.vendors.accounts.otherCharges.',
  },
)

export const Bill = Type.Object(
  {
    ...documentFields,
    number: text(255, 'Number of the document at the product, at most 255 characters.'),
    vendorId: recordId('Id of the vendor record.'),
    vendorInvoiceNumber: optionalText(
      255,
      "Number of the vendor's invoice; becomes the bill's reference in Xero. Default: number.",
    ),
    vendorInvoiceDate: Type.Optional(date("Date of the vendor's invoice; default: date.")),
    receiveDate: Type.Optional(date('Date of receipt; default: date.')),
    lines: linesOf(BillLine),
    otherCharges: Type.Optional(
      Type.Array(OtherCharge, { maxItems: 50, default: [], description: 'Other charges, at most 50.' }),
    ),
    status: status('received', 'vendors.triggerStatus.bill'),
  },
  { additionalProperties: false, description: 'A bill of the inventory product.' },
)
export type Bill = Static<typeof Bill>
export type BillLine = Static<typeof BillLine>
