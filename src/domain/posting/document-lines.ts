// The lines that invoices and bills have in common: those of the product, and lines that posting adds of its own. The ids of
// added ones begin with "#", which no line of the product may, so that an update finds them again.
import { cutText } from '../../lib/text.ts'
import { canonicalDecimal, isZero, round } from '../decimal.ts'
import type { Bill, DocumentLine, Invoice, Item } from '../records/index.ts'
import { pointer } from '../schema-faults.ts'
import { syncError } from '../sync-errors.ts'
import { type ChosenAccount, checkAccount, decidedAccount, lineAccount, stockAccount } from './accounts.ts'
import type { DocumentContext, DocumentItem, Report } from './document-context.ts'
import { maxDescription, type PricedLine } from './exact-lines.ts'
import { itemTaxCode, usesProxy } from './item.ts'
import { maxItemCode, xeroItemCode } from './long-code.ts'
import type { PostedLine } from './posted.ts'
import { type ChosenCode, lineTaxType } from './taxes.ts'
import { tracking } from './tracking.ts'

/** The item's own text for this side of the books. One that Xero holds may be longer than it takes in a line. */
const itemText = (item: Item, { section }: DocumentContext): string =>
  cutText(
    (section === 'vendors' ? item.purchaseDescription : undefined) ?? item.description ?? item.name,
    maxDescription,
  )

/** The code that the item has in Xero, or the proxy's with the item's own code in front of the description. */
export function itemAndText(
  item: DocumentItem | undefined,
  text: string | undefined,
  otherwise: string,
  field: string,
  context: DocumentContext,
  report: Report,
): Pick<PostedLine, 'itemCode' | 'itemRemoteId' | 'description'> {
  if (!item) return { description: text ?? otherwise }
  const description = text ?? itemText(item, context)
  const { settings } = context
  if (usesProxy(item, settings)) {
    return {
      itemCode: context.proxy?.code ?? settings.items.proxyItem.code,
      ...(context.proxy && { itemRemoteId: context.proxy.remoteId }),
      description: cutText(`${item.code} ${description}`, maxDescription),
    }
  }
  const { standing } = item
  if (standing) return { itemCode: standing.code, itemRemoteId: standing.remoteId, description }
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

/**
 * Its record may be another item by now: it was deleted and its id used again, or a person linked it elsewhere. The line stays on the one that
 * it was sent with; under the same code it is named by that.
 */
function asSent(item: DocumentItem, lineId: string, { decided, settings, proxy }: DocumentContext): DocumentItem {
  const { itemRemoteId: remoteId, itemCode: code } = decided?.lineOf(lineId) ?? {}
  const { standing } = item
  if (!standing || remoteId === undefined || code === undefined || usesProxy(item, settings)) return item
  const isSame = remoteId === standing.remoteId || remoteId === proxy?.remoteId || code === standing.code
  return isSame ? item : { ...item, standing: { remoteId, code } }
}

/** The item that a line names; null and a report where it was never handed over. */
export function namedItem(
  { lineId, itemId }: { readonly lineId: string; readonly itemId: string | undefined },
  field: string,
  context: DocumentContext,
  report: Report,
): DocumentItem | undefined | null {
  const item = itemId === undefined ? undefined : context.items.get(itemId)
  if (itemId === undefined) return undefined
  if (item) return asSent(item, lineId, context)
  report(
    syncError('record_missing', {
      cause: `The line names the item ${itemId}, which was never saved here.`,
      field: `${field}/itemId`,
      blockedBy: { type: 'item', id: itemId },
    }),
  )
  return null
}

/**
 * Precedence: line → customer or vendor → item → item group; then what the settings say. Whoever buys tax-free, such as a
 * customer abroad, does so whatever the item is; only the line itself may say otherwise.
 */
export function lineTaxCode(
  own: string | undefined,
  field: string,
  item: DocumentItem | undefined,
  context: DocumentContext,
): ChosenCode {
  const { section, contactTaxCode, isContactTaxLearned: isLearned } = context
  if (own !== undefined) return { code: own, field: `${field}/taxCode` }
  if (contactTaxCode !== undefined) {
    const [whose, id] =
      section === 'invoices' ? (['customer', 'customerId'] as const) : (['vendor', 'vendorId'] as const)
    return { code: contactTaxCode, field: pointer(id), whose, isLearned }
  }
  if (item) {
    const isOfItem = item.learned?.has(section === 'invoices' ? 'salesTaxCode' : 'purchaseTaxCode')
    return { code: itemTaxCode(item, section, context.settings), field: `${field}/itemId`, isLearned: isOfItem }
  }
  return { field: `${field}/taxCode` }
}

/** The line as it was decided when it was sent, where it still stands on the same item, or on one that was entered anew under its code. */
export function decidedLine(
  lineId: string,
  { itemRemoteId, itemCode }: Pick<PostedLine, 'itemRemoteId' | 'itemCode'>,
  { decided }: DocumentContext,
): Pick<Partial<PostedLine>, 'accountCode' | 'taxType' | 'description'> {
  const line = decided?.lineOf(lineId)
  const isSame = line && (line.itemRemoteId === itemRemoteId || (itemCode !== undefined && line.itemCode === itemCode))
  return isSame ? line : {}
}

/** Account and tax type, which have to fit each other. */
export function accountAndTax(
  chosen: ChosenAccount | null,
  tax: ChosenCode,
  context: DocumentContext,
  report: Report,
): Pick<PostedLine, 'accountCode' | 'taxType'> {
  const account = chosen && checkAccount(chosen, context, report)
  return { accountCode: chosen?.code, taxType: lineTaxType(tax, account, context, report) }
}

function productLine(
  line: DocumentLine,
  field: string,
  className: string | undefined,
  context: DocumentContext,
  report: Report,
): PricedLine | null {
  const item = namedItem({ lineId: line.id, itemId: line.itemId }, field, context, report)
  if (item === null) return null
  const shown = itemAndText(item, line.description, line.id, field, context, report)
  const sent = decidedLine(line.id, shown, context)
  const tax = { ...lineTaxCode(line.taxCode, field, item, context), decided: sent.taxType }
  const account =
    stockAccount(item, field, context) ??
    decidedAccount(sent.accountCode, field, context) ??
    lineAccount(item, field, context, report)
  return {
    lineId: line.id,
    ...shown,
    description: sent.description ?? shown.description,
    quantity: line.quantity,
    unitAmount: canonicalDecimal(line.unitPrice),
    priceField: `${field}/unitPrice`,
    discountRate: line.discountRate !== undefined && !isZero(line.discountRate) ? line.discountRate : undefined,
    ...accountAndTax(account, tax, context, report),
    taxAmount: line.taxAmount === undefined ? undefined : round(line.taxAmount, 2),
    tracking: tracking(line.class ?? className, context, report),
  }
}

export const productLines = (document: Invoice | Bill, context: DocumentContext, report: Report): PricedLine[] =>
  document.lines
    .map((line, index) => productLine(line, pointer('lines', index), document.class, context, report))
    .filter((line) => line !== null)
