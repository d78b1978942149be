// The lines of an invoice, with those that posting adds: shipping and discount. Their ids begin with "#", which no line
// of the product may, so that an update finds them again.
import { isZero, round } from '../decimal.ts'
import type { Invoice, InvoiceLine, Item } from '../records/index.ts'
import { pointer } from '../schema-faults.ts'
import { syncError } from '../sync-errors.ts'
import { type ChosenAccount, checkAccount, extraAccount, lineAccount } from './accounts.ts'
import { discountShares, rateOnLines } from './discount.ts'
import type { InvoiceContext, Report } from './invoice-context.ts'
import { salesTaxCode, usesProxy } from './item.ts'
import { maxItemCode, xeroItemCode } from './long-code.ts'
import type { PostedLine } from './posted.ts'
import { checkTaxType, lineTaxType } from './taxes.ts'
import { tracking } from './tracking.ts'

const maxDescription = 4000

/** The item's own code, or the proxy's with the item's code in front of the description. */
function itemAndText(
  line: InvoiceLine,
  item: Item | undefined,
  field: string,
  context: InvoiceContext,
  report: Report,
) {
  const description = line.description ?? item?.description ?? item?.name ?? line.id
  if (!item) return { description }
  const { settings } = context
  if (usesProxy(item, settings)) {
    return {
      itemCode: settings.items.proxyItem.code,
      description: `${item.code} ${description}`.slice(0, maxDescription),
    }
  }
  const itemCode = xeroItemCode(item.code, settings.items.longCode)
  if (itemCode === null) {
    report(
      syncError('code_too_long', {
        cause: `The code of item ${item.code} has more than ${maxItemCode} characters, and items.longCode is "reject".`,
        field: `${field}/itemId`,
      }),
    )
  }
  return { itemCode: itemCode ?? undefined, description }
}

function productLine(invoice: Invoice, index: number, context: InvoiceContext, report: Report): PostedLine | null {
  const line = invoice.lines[index]!
  const field = pointer('lines', index)
  const item = line.itemId === undefined ? undefined : context.items.get(line.itemId)
  if (line.itemId !== undefined && !item) {
    report(
      syncError('record_missing', {
        cause: `The line names the item ${line.itemId}, which was never handed over.`,
        field: `${field}/itemId`,
        blockedBy: { type: 'item', id: line.itemId },
      }),
    )
    return null
  }
  const chosen = lineAccount(item, field, context, report)
  const account = chosen && checkAccount(chosen, context, report)
  const taxCode = line.taxCode ?? (item && salesTaxCode(item, context.settings))
  const taxField = line.taxCode === undefined && item ? `${field}/itemId` : `${field}/taxCode`
  return {
    lineId: line.id,
    ...itemAndText(line, item, field, context, report),
    quantity: line.quantity,
    unitAmount: round(line.unitPrice, 4),
    discountRate: line.discountRate !== undefined && !isZero(line.discountRate) ? line.discountRate : undefined,
    accountCode: chosen?.code,
    taxType: lineTaxType(taxCode, taxField, account, context, report),
    taxAmount: line.taxAmount === undefined ? undefined : round(line.taxAmount, 2),
    tracking: tracking(line.class ?? invoice.class, context, report),
  }
}

function shippingLine(invoice: Invoice, context: InvoiceContext, report: Report): PostedLine[] {
  const { shipping } = invoice
  if (!shipping || isZero(shipping.amount)) return []
  const chosen = extraAccount('shipping', context, report)
  const account = chosen && checkAccount(chosen, context, report)
  return [
    {
      lineId: '#shipping',
      description: 'Shipping',
      quantity: '1',
      unitAmount: round(shipping.amount, 4),
      accountCode: chosen?.code,
      taxType: lineTaxType(shipping.taxCode, '/shipping/taxCode', account, context, report),
      tracking: tracking(invoice.class, context, report),
    },
  ]
}

function withDiscount(lines: PostedLine[], invoice: Invoice, context: InvoiceContext, report: Report): PostedLine[] {
  const { discount } = invoice
  if (!discount || isZero(discount.amount ?? discount.rate ?? '0')) return lines
  if (discount.rate !== undefined && context.settings.invoices.discount === 'line_rate') {
    const discounted = rateOnLines(lines, discount.rate)
    if (discounted) return discounted
  }
  const chosen: ChosenAccount | null = extraAccount('discount', context, report)
  const account = chosen && checkAccount(chosen, context, report)
  const added = discountShares(lines, discount)
    .filter((share) => !isZero(share.amount))
    .map(({ key, amount, taxType, taxAmount }): PostedLine => {
      if (taxType !== undefined && chosen) checkTaxType({ taxType, field: chosen.field }, account, context, report)
      return {
        lineId: `#discount:${key}`,
        description: 'Discount',
        // Xero refuses negative quantities, not negative prices (FACTS §3, Invoices).
        quantity: '1',
        unitAmount: amount,
        accountCode: chosen?.code,
        taxType,
        taxAmount,
        tracking: tracking(invoice.class, context, report),
      }
    })
  return [...lines, ...added]
}

export function invoiceLines(invoice: Invoice, context: InvoiceContext, report: Report): PostedLine[] {
  const lines = invoice.lines
    .map((_, index) => productLine(invoice, index, context, report))
    .filter((line) => line !== null)
  return [...withDiscount(lines, invoice, context, report), ...shippingLine(invoice, context, report)]
}
