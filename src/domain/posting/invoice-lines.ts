// The lines of an invoice, with those that posting adds: shipping and discount.
import { canonicalDecimal, isZero } from '../decimal.ts'
import type { Invoice } from '../records/index.ts'
import { checkAccount, decidedAccount, extraAccount } from './accounts.ts'
import { discountShares, rateOnLines } from './discount.ts'
import type { DocumentContext, Report } from './document-context.ts'
import { accountAndTax, decidedLine, lineTaxCode, productLines } from './document-lines.ts'
import type { PricedLine } from './exact-lines.ts'
import { checkTaxType } from './taxes.ts'
import { tracking } from './tracking.ts'

function shippingLine(invoice: Invoice, context: DocumentContext, report: Report): PricedLine[] {
  const { shipping } = invoice
  if (!shipping || isZero(shipping.amount)) return []
  const lineId = '#shipping'
  const sent = decidedLine(lineId, {}, context)
  const chosen = decidedAccount(sent.accountCode, '/shipping', context) ?? extraAccount('shipping', context, report)
  const tax = { ...lineTaxCode(shipping.taxCode, '/shipping', undefined, context), decided: sent.taxType }
  return [
    {
      lineId,
      description: 'Shipping',
      quantity: '1',
      unitAmount: canonicalDecimal(shipping.amount),
      priceField: '/shipping/amount',
      ...accountAndTax(chosen, tax, context, report),
      tracking: tracking(invoice.class, context, report),
    },
  ]
}

function withDiscount(lines: PricedLine[], invoice: Invoice, context: DocumentContext, report: Report): PricedLine[] {
  const { discount } = invoice
  if (!discount || isZero(discount.amount ?? discount.rate ?? '0')) return lines
  if (discount.rate !== undefined && context.settings.invoices.discount === 'line_rate') {
    const discounted = rateOnLines(lines, discount.rate)
    if (discounted) return discounted
  }
  const added = discountShares(lines, discount)
    .filter((share) => !isZero(share.amount))
    .map(({ key, amount, taxType, taxAmount }): PricedLine => {
      const lineId = `#discount:${key}`
      const sent = decidedLine(lineId, {}, context)
      const chosen = decidedAccount(sent.accountCode, '/discount', context) ?? extraAccount('discount', context, report)
      const account = chosen && checkAccount(chosen, context, report)
      if (taxType !== undefined && chosen) checkTaxType({ taxType, field: chosen.field }, account, context, report)
      return {
        lineId,
        description: 'Discount',
        // Xero refuses negative quantities, not negative prices (xero.md, Invoices and bills).
        quantity: '1',
        unitAmount: amount,
        priceField: '/discount',
        accountCode: chosen?.code,
        taxType,
        taxAmount,
        tracking: tracking(invoice.class, context, report),
      }
    })
  return [...lines, ...added]
}

export const invoiceLines = (invoice: Invoice, context: DocumentContext, report: Report): PricedLine[] => [
  ...withDiscount(productLines(invoice, context, report), invoice, context, report),
  ...shippingLine(invoice, context, report),
]
