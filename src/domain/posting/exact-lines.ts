// The net of every line is exact to the cent. Xero keeps four decimals of a price (xero.md, Rounding): 10,000 × 0.012345
// would be 123.00 there, and not 123.45. Where four decimals cannot carry the net, the line becomes one unit of it and its
// text says what it was; or the document is refused, as the settings say, and always where Xero keeps the stock of the
// item: one unit would move the stock by one.
import { cutText } from '../../lib/text.ts'
import { compare, round } from '../decimal.ts'
import { syncError } from '../sync-errors.ts'
import type { DocumentContext, Report } from './document-context.ts'
import type { PostedLine } from './posted.ts'
import { exactAmount, lineAmount } from './totals.ts'

/** Xero allows so many in the text of a line. */
export const maxDescription = 4000

/** A line whose `unitAmount` still has all decimals, and the field of the record that it comes from. */
export interface PricedLine extends PostedLine {
  readonly priceField: string
}

function oneUnit(line: PostedLine, net: string): PostedLine {
  const discount = line.discountRate === undefined ? '' : `, less ${line.discountRate} %`
  const figures = ` (${line.quantity} × ${line.unitAmount}${discount})`
  const description = cutText(line.description, maxDescription - figures.length) + figures
  return { ...line, description, quantity: '1', unitAmount: net, discountRate: undefined }
}

/** As one unit the line would move the stock of its item otherwise than as it stands. */
const movesStock = ({ itemCode, quantity }: PostedLine, { trackedCodes }: DocumentContext): boolean =>
  itemCode !== undefined && trackedCodes.has(itemCode.toLowerCase()) && compare(quantity, '1') !== 0

/** The lines as Xero can hold them. */
export function atXeroPrecision(lines: readonly PricedLine[], context: DocumentContext, report: Report): PostedLine[] {
  const { priceBeyondFourDecimals } = context.settings[context.section]
  return lines.map(({ priceField, ...line }) => {
    const [net, ofXero] = [exactAmount(line), lineAmount(line)]
    const rounded = { ...line, unitAmount: round(line.unitAmount, 4) }
    if (compare(net, ofXero) === 0) return rounded
    if (movesStock(line, context)) {
      report(
        syncError('tracked_item_price', {
          cause:
            `${line.quantity} × ${line.unitAmount} is ${net} after discounts; Xero keeps four decimals of the price and ` +
            `would make it ${ofXero}. Xero keeps the stock of the item ${line.itemCode}, which one unit of ${net} would ` +
            `move by 1, and not by ${line.quantity}.`,
          field: priceField,
        }),
      )
      return rounded
    }
    if (priceBeyondFourDecimals === 'one_unit') return oneUnit(line, net)
    report(
      syncError('price_too_fine', {
        cause:
          `${line.quantity} × ${line.unitAmount} is ${net} after discounts; Xero keeps four decimals of the price and ` +
          `would make it ${ofXero}.`,
        field: priceField,
      }),
    )
    return rounded
  })
}
