// Settings that documents have in common, whichever section rules them: "invoices" the invoices, "vendors" the bills.

import { Type } from 'typebox'
import { inForm } from '../text-forms.ts'
import { account, listEntries, mapEntries, nullable, taxType } from './common.ts'

export const triggerStatuses = (what: string, value: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 50, description: 'A status of the product.' }), {
    default: [value],
    ...listEntries,
    description: `Statuses in which ${what} is sent; ["any"]: in every status. Letter case does not matter.`,
  })

export const documentStatus = (what: string) =>
  Type.Enum(['AUTHORISED', 'SUBMITTED', 'DRAFT'], {
    default: 'AUTHORISED',
    description: `Status in which ${what} are posted.`,
  })

export const roundingAccount = () =>
  account("Account of the rounding line; null: the organisation's own rounding account.")

export const taxFields = {
  taxMap: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 50, description: 'Tax type of Xero.' }), {
    default: {},
    ...mapEntries,
    description:
      "The product's tax code → tax type of Xero. Of a line its own code counts, else that of the customer or vendor, of the " +
      'item, of the item group.',
  }),
  defaultTaxType: taxType("Tax type for codes that are not mapped and lines without a code; null: the account's."),
  exemptTaxType: taxType('Tax type of the rounding line, which carries no tax; null: a rate of 0 %, preferably NONE.'),
  roundingTolerance: Type.String({
    default: '0.05',
    pattern: inForm('^\\d{1,3}(\\.\\d{1,2})?$', 'an amount below 1,000 in a string, with at most two decimals', '0.05'),
    description:
      "Difference to the product's total that a rounding line may absorb; beyond it the document is refused.",
  }),
}

export const priceBeyondFourDecimals = () =>
  Type.Enum(['one_unit', 'refuse'], {
    default: 'one_unit',
    description:
      'What to do with a line whose amount Xero, which keeps four decimals of a price, would miss by a cent or more. ' +
      'one_unit: it is posted as one unit of its exact amount after discounts, with quantity and price in its text. ' +
      'refuse: the document is refused. It is refused in any case where Xero tracks the stock of the item and the quantity ' +
      'is not 1, because one unit would move that stock by one.',
  })

const Tracking = Type.Object(
  {
    categoryId: Type.String({ minLength: 1, description: 'Id of a tracking category in Xero.' }),
    options: Type.Record(Type.String(), Type.String({ minLength: 1, description: 'Name of an option in Xero.' }), {
      default: {},
      ...mapEntries,
      description: 'Class of the product → option. A class that is not listed is looked for by its own name.',
    }),
  },
  { additionalProperties: false, description: 'One tracking category.' },
)

export const trackingMap = () =>
  Type.Object(
    { class: Type.Optional(Tracking) },
    { default: {}, additionalProperties: false, description: 'Tracking by class; left out: none.' },
  )

export const onRemoteEdit = (what: string) =>
  Type.Enum(['conflict', 'overwrite'], {
    default: 'conflict',
    description:
      `When ${what} that a person changed in Xero is changed or deleted here. conflict: it waits for a decision, and both ` +
      'sides are shown · overwrite: it is written over, or removed.',
  })

export const cutOverDate = () =>
  nullable(
    Type.String({ format: 'date', description: 'YYYY-MM-DD.' }),
    'Documents that would be dated earlier in Xero are not sent; null: no limit.',
  )
