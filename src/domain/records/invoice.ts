// A sales invoice (a shipped document) of the inventory product. Prices are without tax.
import { type Static, Type } from 'typebox'
import {
  amount,
  currency,
  date,
  identity,
  optionalText,
  percentage,
  quantity,
  recordId,
  Terms,
  taxCode,
  text,
  unsignedAmount,
} from './common.ts'

export const InvoiceLine = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      maxLength: 64,
      pattern: '^[^#]',
      description: "The line's id, unique in the document. Must not begin with #, which marks lines added by posting.",
    }),
    itemId: Type.Optional(recordId('Id of the item record. A line without one is free text.')),
    description: optionalText(4000, "Text of the line. Default: the item's description, else its name."),
    quantity: quantity('Not negative, at most 4 decimals; use a negative unitPrice for a reduction.'),
    unitPrice: amount('Price of one unit without tax, in the currency of the document; Xero keeps four decimals.'),
    discountRate: Type.Optional(percentage('Discount of this line in per cent, at most 2 decimals.')),
    taxCode: taxCode("Tax code: a key of settings.invoices.taxMap or a tax type of Xero. Default: the item's."),
    taxAmount: Type.Optional(
      amount(
        "The line's tax after all discounts, in the currency of the document. When given, Xero takes it instead of computing.",
      ),
    ),
    class: optionalText(100, 'Class: becomes a tracking option by settings.invoices.trackingMap.'),
    unitCost: Type.Optional(unsignedAmount('Cost of one unit. Kept, not posted in this release.')),
  },
  { additionalProperties: false, description: 'One line.' },
)

export const Invoice = Type.Object(
  {
    ...identity,
    number: text(200, 'Number of the document, at most 200 characters: Xero allows 255 with the prefix.'),
    customerId: recordId('Id of the customer record.'),
    date: date('Date of the document.'),
    shipDate: Type.Optional(date('Date of shipping; default: date.')),
    dueDate: Type.Optional(date('Due date.')),
    customerPo: optionalText(255, "The customer's purchase order number."),
    currency: currency("Currency of all amounts; default: the organisation's base currency."),
    exchangeRate: Type.Optional(
      unsignedAmount("Units of the document's currency for one unit of the base currency; default: Xero's day rate."),
    ),
    class: optionalText(100, 'Class of all lines that have none of their own.'),
    terms: Type.Optional(Terms),
    lines: Type.Array(InvoiceLine, { minItems: 1, maxItems: 1000, description: 'The lines, in order.' }),
    shipping: Type.Optional(
      Type.Object(
        {
          amount: unsignedAmount('Shipping charge without tax.'),
          taxCode: taxCode('Tax code of the charge: a key of settings.invoices.taxMap or a tax type of Xero.'),
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
    total: Type.Optional(
      amount("The product's total with tax. When given, it is checked against the lines; see roundingTolerance."),
    ),
    memo: optionalText(4000, 'Memo. Kept, not posted.'),
    status: text(50, "The product's status, such as shipped; settings.invoices.triggerStatus names those that sync."),
  },
  { additionalProperties: false, description: 'A sales invoice of the inventory product.' },
)
export type Invoice = Static<typeof Invoice>
export type InvoiceLine = Static<typeof InvoiceLine>
