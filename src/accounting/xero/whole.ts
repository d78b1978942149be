// Whether a row of an answer shows what has to be known of an invoice or bill. Xero omits freely what is empty (a due date of
// a draft, tracking, a reference), but these stand in every document of its: a row without one of them was cut or altered
// on its way, and says nothing of what somebody changed.
import { absolute, add, compare, isZero, multiply, subtract } from '../../domain/decimal.ts'
import { removedStatuses } from '../../domain/standing-document.ts'
import { calendarDate } from './dates.ts'
import { decimal, isObject, type Json, part, rows, text } from './json.ts'
import { isId, lists } from './lists.ts'
import { invoiceTypes } from './map/invoice.ts'

const statuses: readonly string[] = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID', ...removedStatuses]

const isOneOf = (known: readonly string[], value: string | null): boolean => value !== null && known.includes(value)

function amount(row: Json, field: string): string | null {
  try {
    return decimal(row, field)
  } catch {
    return null
  }
}

/** Lines that were left out show in what is left: it does not add up. */
function missingLines(row: Json): string[] {
  const given = row.LineItems
  if (!Array.isArray(given)) return ['LineItems']
  const subtotal = amount(row, 'SubTotal')
  // Somebody may have taken all lines away; a summary shows none of any.
  if (given.length === 0) return subtotal !== null && isZero(subtotal) ? [] : ['LineItems']
  if (!given.every(isObject)) return ['LineItems']
  const lines = rows(row, 'LineItems')
  if (!lines.every(({ LineItemID }) => isId(LineItemID))) return ['LineItems.LineItemID']
  const amounts = lines.flatMap((line) => amount(line, 'LineAmount') ?? [])
  const isSum = ['Exclusive', 'NoTax'].includes(text(row, 'LineAmountTypes') ?? '') && !('RoundingAmount' in row)
  if (!isSum || subtotal === null || amounts.length < lines.length) return []
  const gap = absolute(subtract(add('0', ...amounts), subtotal))
  return compare(gap, multiply('0.01', String(lines.length))) > 0 ? ['a part of LineItems'] : []
}

/** Names of what an answer leaves out, or shows unreadably, of a document that was asked for by its id; none: it is whole. */
export function missingOf(row: Json): string[] {
  const needed: Readonly<Record<string, boolean>> = {
    [lists.invoices.idField]: isId(row[lists.invoices.idField]),
    Type: isOneOf(Object.values(invoiceTypes), text(row, 'Type')),
    Status: isOneOf(statuses, text(row, 'Status')),
  }
  // Of one that was removed nothing else counts.
  const isRemoved = isOneOf(removedStatuses, text(row, 'Status'))
  const more: Readonly<Record<string, boolean>> = isRemoved
    ? {}
    : {
        'Contact.ContactID': isId(part(row, 'Contact').ContactID),
        Date: calendarDate(row.Date, row.DateString) !== null,
        CurrencyCode: text(row, 'CurrencyCode') !== null,
        LineAmountTypes: text(row, 'LineAmountTypes') !== null,
        SubTotal: amount(row, 'SubTotal') !== null,
        Total: amount(row, 'Total') !== null,
        AmountDue: amount(row, 'AmountDue') !== null,
        AmountPaid: amount(row, 'AmountPaid') !== null,
      }
  const names = Object.entries({ ...needed, ...more }).flatMap(([name, isShown]) => (isShown ? [] : [name]))
  return isRemoved ? names : [...names, ...missingLines(row)]
}
