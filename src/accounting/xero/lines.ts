// Which line in Xero is which line of ours. The order of an answer's lines is not promised, and Xero puts new lines
// before kept ones (xero.md, Invoices and bills): so content decides, and order only between lines that are alike.
import { compare, round } from '../../domain/decimal.ts'
import type { PostedLine } from '../../domain/posting/posted.ts'
import { decimal, idText, type Json, text } from './json.ts'
import { isId } from './lists.ts'

const fold = (value: string | null | undefined): string => (value ?? '').trim().replace(/\s+/g, ' ')

/** Xero keeps four decimals. Text that is no number equals nothing. */
function sameNumber(ours: string | undefined, row: Json, field: string): boolean {
  try {
    return compare(round(ours ?? '0', 4), round(decimal(row, field) ?? '0', 4)) === 0
  } catch {
    return false
  }
}

const sameAmounts = (line: PostedLine, row: Json) =>
  sameNumber(line.quantity, row, 'Quantity') && sameNumber(line.unitAmount, row, 'UnitAmount')
export const sameLine = (line: PostedLine, row: Json): boolean =>
  fold(line.description) === fold(text(row, 'Description')) && sameAmounts(line, row)
/** A code that we left out is one that Xero may fill in from the item or the contact. */
const sameCode = (ours: string | undefined, row: Json, field: string) => ours === undefined || ours === text(row, field)
const sameInFull = (line: PostedLine, row: Json) =>
  sameLine(line, row) &&
  sameCode(line.itemCode, row, 'ItemCode') &&
  sameCode(line.accountCode, row, 'AccountCode') &&
  sameCode(line.taxType, row, 'TaxType') &&
  sameNumber(line.discountRate, row, 'DiscountRate')

type Likeness = (line: PostedLine, row: Json) => boolean

/** Our line id → Xero's line id. `known` holds the ids that were sent with an update. */
export function matchLines(
  lines: readonly PostedLine[],
  remote: readonly Json[],
  known: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const free = remote.filter((row) => isId(row.LineItemID))
  const found = new Map<PostedLine, string>()
  const likenesses: readonly Likeness[] = [
    (line, row) => idText(row, 'LineItemID') === known[line.lineId],
    sameInFull,
    sameLine,
    sameAmounts,
    // What is left is taken in order, and only where nothing is over: a guess among strangers would be no match.
    () => free.length === lines.length - found.size,
  ]
  for (const alike of likenesses) {
    for (const line of lines) {
      if (found.has(line)) continue
      const index = free.findIndex((row) => alike(line, row))
      const [row] = index < 0 ? [] : free.splice(index, 1)
      if (row) found.set(line, idText(row, 'LineItemID') ?? '')
    }
  }
  return Object.fromEntries([...found].map(([line, id]) => [line.lineId, id]))
}
