// The fields that invoices and bills have in common. Prices are without tax.
import { type TSchema, Type } from 'typebox'
import { canonicalJson } from '../../lib/json.ts'
import {
  amount,
  currency,
  date,
  identity,
  lineId,
  optionalText,
  quantity,
  recordId,
  Terms,
  taxCode,
  text,
  unsignedAmount,
} from './common.ts'

/** Fields of a line. `section`: of the settings that rule the document. */
export const lineFields = (section: 'invoices' | 'vendors') => ({
  id: lineId("The line's id, unique in the document. Must not begin with #, which marks lines added by posting."),
  itemId: Type.Optional(recordId('Id of the item record. A line without one is free text.')),
  description: optionalText(
    4000,
    section === 'invoices'
      ? "Text of the line. Default: the item's description, else its name."
      : "Text of the line. Default: the item's purchaseDescription, else its description, else its name.",
  ),
  quantity: quantity('Not negative, at most 4 decimals; use a negative unitPrice for a reduction.'),
  unitPrice: amount(
    `Price of one unit without tax, in the currency of the document. Xero keeps four decimals; settings.${section}.priceBeyondFourDecimals decides where they do not carry the amount.`,
  ),
  taxCode: taxCode(
    `Tax code: a key of settings.${section}.taxMap or a tax type of Xero. Default: the ${section === 'invoices' ? 'customer' : 'vendor'}'s, else the item's, else its group's.`,
  ),
  taxAmount: Type.Optional(
    amount(
      "The line's tax after all discounts, in the currency of the document. When given, Xero takes it instead of computing.",
    ),
  ),
  class: optionalText(100, `Class: becomes a tracking option by settings.${section}.trackingMap.`),
})

/** Fields of the document itself, beside its lines. */
export const documentFields = {
  ...identity,
  date: date('Date of the document.'),
  dueDate: Type.Optional(date('Due date.')),
  currency: currency("Currency of all amounts; default: the organisation's base currency."),
  exchangeRate: Type.Optional(
    unsignedAmount(
      "Units of the document's currency for one unit of the base currency; default: Xero's day rate for a new document, and the existing rate for a changed one.",
    ),
  ),
  class: optionalText(100, 'Class of all lines that have none of their own.'),
  terms: Type.Optional(Terms),
  total: Type.Optional(
    amount("The product's total with tax. When given, it is checked against the lines; see roundingTolerance."),
  ),
  memo: optionalText(4000, 'Memo. Kept, not posted.'),
}

type Body = Readonly<Record<string, unknown>>

const withoutCost = ({ unitCost: _, ...line }: Body): Body => line

/** Whether two bodies of a document say the same of all that is posted: the memo and the costs of lines are not. */
export function isPostedAlike(one: Body, other: Body): boolean {
  const [lines, otherLines] = [one, other].map((body) => (body.lines ?? []) as readonly Body[])
  if (lines?.length !== otherLines?.length || one.status !== other.status) return false
  const posted = ({ memo: _, version: __, lines: ___, ...rest }: Body, own: readonly Body[] = []) =>
    canonicalJson([rest, own.map(withoutCost)])
  return posted(one, lines) === posted(other, otherLines)
}

export const linesOf = <T extends TSchema>(line: T) =>
  Type.Array(line, { minItems: 1, maxItems: 1000, description: 'The lines, in order.' })

export const status = (example: string, setting: string) =>
  text(50, `The product's status, such as ${example}; settings.${setting} names those that sync.`)
