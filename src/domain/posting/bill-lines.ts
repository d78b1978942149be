// The lines of a bill, with one for each other charge: freight, duty and the like.
import { canonicalDecimal, isZero } from '../decimal.ts'
import type { Bill } from '../records/index.ts'
import { pointer } from '../schema-faults.ts'
import { chargeAccount, decidedAccount } from './accounts.ts'
import { chargeId } from './charges.ts'
import type { DocumentContext, Report } from './document-context.ts'
import { accountAndTax, decidedLine, itemAndText, lineTaxCode, namedItem, productLines } from './document-lines.ts'
import type { PricedLine } from './exact-lines.ts'
import { tracking } from './tracking.ts'

/** A charge is posted to its own account, or that of its item, or the one of the settings. */
function chargeLine(bill: Bill, index: number, context: DocumentContext, report: Report): PricedLine[] {
  const charge = bill.otherCharges?.[index]
  if (!charge || isZero(charge.amount)) return []
  const field = pointer('otherCharges', index)
  const lineId = chargeId(context, index)
  const item = namedItem({ lineId, itemId: charge.itemId }, field, context, report)
  if (item === null) return []
  const shown = itemAndText(item, charge.description, 'Other charge', field, context, report)
  const sent = decidedLine(lineId, shown, context)
  const chosen =
    charge.account !== undefined
      ? { code: charge.account, field: `${field}/account` }
      : (decidedAccount(sent.accountCode, field, context) ?? chargeAccount(item, field, context, report))
  const tax = { ...lineTaxCode(charge.taxCode, field, item, context), decided: sent.taxType }
  return [
    {
      lineId,
      ...shown,
      description: sent.description ?? shown.description,
      quantity: '1',
      unitAmount: canonicalDecimal(charge.amount),
      priceField: `${field}/amount`,
      ...accountAndTax(chosen, tax, context, report),
      tracking: tracking(bill.class, context, report),
    },
  ]
}

export const billLines = (bill: Bill, context: DocumentContext, report: Report): PricedLine[] => [
  ...productLines(bill, context, report),
  ...(bill.otherCharges ?? []).flatMap((_, index) => chargeLine(bill, index, context, report)),
]
