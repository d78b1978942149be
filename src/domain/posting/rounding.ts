// The check of a document's total: a small difference to the product's total becomes a rounding line, a larger one
// refuses the document with both totals. Only possible where every line's tax rate is known.
import { absolute, compare, isNegative, isZero, money, round, subtract } from '../decimal.ts'
import type { Bill, Invoice } from '../records/index.ts'
import { pointer } from '../schema-faults.ts'
import { syncError } from '../sync-errors.ts'
import { checkAccount, decidedAccount, roundingAccount } from './accounts.ts'
import type { DocumentContext, Report } from './document-context.ts'
import type { PostedLine } from './posted.ts'
import { checkTaxType, decidedTaxType, exemptTaxType } from './taxes.ts'
import { expectedTotals } from './totals.ts'

export function withRounding(
  lines: PostedLine[],
  document: Invoice | Bill,
  context: DocumentContext,
  report: Report,
): PostedLine[] {
  const computed = expectedTotals(lines, context.reference.taxRates)
  const wanted = document.total === undefined ? undefined : round(document.total, 2)
  const total = wanted ?? computed.total
  if (total !== null && isNegative(total)) {
    report(
      syncError('negative_total', {
        cause: `The total is ${money(total)}; Xero takes no invoice or bill with a negative total.`,
        field: wanted === undefined ? '/lines' : '/total',
      }),
    )
    return lines
  }
  if (computed.tax === null || computed.total === null || wanted === undefined) return lines
  const difference = subtract(wanted, computed.total)
  if (isZero(difference)) return lines
  const { roundingTolerance } = context.settings[context.section]
  if (compare(absolute(difference), roundingTolerance) > 0) {
    report(
      syncError('total_mismatch', {
        cause:
          `The lines add up to ${money(computed.total)} (${money(computed.subtotal)} and ${money(computed.tax)} tax), ` +
          `the record says ${money(wanted)}: more than ${roundingTolerance} apart.`,
        field: '/total',
      }),
    )
    return lines
  }
  const lineId = '#rounding'
  const sent = context.decided?.lineOf(lineId)
  const chosen = decidedAccount(sent?.accountCode, '/total', context) ?? roundingAccount(context, report)
  const account = chosen && checkAccount(chosen, context, report)
  const taxType = decidedTaxType(sent?.taxType, account, context) ?? exemptTaxType(account, context)
  checkTaxType({ taxType, field: pointer('settings', context.section, 'exemptTaxType') }, account, context, report)
  const line: PostedLine = {
    lineId,
    description: 'Rounding',
    quantity: '1',
    unitAmount: difference,
    accountCode: chosen?.code,
    taxType,
    tracking: [],
  }
  return [...lines, line]
}
