// A sales invoice (a shipped document) of the inventory product. Prices are without tax.
import { type Static, Type } from 'typebox'
import { date, optionalText, percentage, recordId, taxCode, text, unsignedAmount } from './common.ts'
import { documentFields, lineFields, linesOf, status } from './document.ts'

export const InvoiceLine = Type.Object(
  {
    ...lineFields('invoices'),
    discountRate: Type.Optional(percentage('Discount of this line in per cent, at most 2 decimals.')),
    unitCost: Type.Optional(unsignedAmount('Cost of one unit. Kept, not posted in this release.')),
  },
  { additionalProperties: false, description: 'One line.' },
)

export const Invoice = Type.Object(
  {
    ...documentFields,
    number: text(200, 'Number of the document, at most 200 characters: Xero allows 255 with the prefix.'),
    customerId: recordId('Id of the customer record.'),
    shipDate: Type.Optional(date('Date of shipping; default: date.')),
    customerPo: optionalText(255, "The customer's purchase order number."),
    lines: linesOf(InvoiceLine),
    shipping: Type.Optional(
      Type.Object(
        {
          amount: unsignedAmount('Shipping charge without tax.'),
          taxCode: taxCode(
            "Tax code of the charge: a key of settings.invoices.taxMap or a tax type of Xero. Default: the customer's.",
          ),
        },
        { additionalProperties: false, description: 'Shipping charge; becomes a line of its own.' },
      ),
    ),
    discount: Type.Optional(
      Type.Object(
        {
          amount: Type.Optional(unsignedAmount('Amount without tax that is taken off the lines.')),
          rate: Type.Optional(percentage('Per cent that is taken off each line, at most 2 decimals.')),
        },
        {
          additionalProperties: false,
          description: 'Discount on all lines (not on shipping), before tax: either an amount or a rate.',
        },
      ),
    ),
    status: status('shipped', 'invoices.triggerStatus'),
  },
  { additionalProperties: false, description: 'A sales invoice of the inventory product.' },
)
export type Invoice = Static<typeof Invoice>
export type InvoiceLine = Static<typeof InvoiceLine>
