// Is a document that was found by its marker the one that would be posted? Field by field, whether Xero's contradicts it.
// What we leave open, Xero or a person may have filled in: that contradicts nothing.
import { absolute, add, compare, divide, multiply, round, subtract } from '../../domain/decimal.ts'
import type { PostedContact, PostedDocument, PostedItem, PostedLine } from '../../domain/posting/posted.ts'
import { calendarDate } from './dates.ts'
import { decimal, type Json, part, rows, text } from './json.ts'
import { sameLine } from './lines.ts'
import { contactFields, leavesAsItStands } from './map/contact.ts'
import { itemFields } from './map/item.ts'
import { fold } from './remote.ts'

/** By field: whether it agrees. */
export type Compared = Readonly<Record<string, boolean>>

const sameText = (posted: string | undefined, remote: unknown): boolean =>
  posted === undefined || fold(posted) === fold(typeof remote === 'string' ? remote : null)
const sameDecimal = (posted: string | undefined, remote: unknown): boolean =>
  !posted || (typeof remote === 'string' && compare(round(posted, 4), round(remote, 4)) === 0)

export function compareContact(posted: PostedContact, row: Json): Compared {
  const archived = (text(row, 'ContactStatus') ?? 'ACTIVE') !== 'ACTIVE'
  const remote = contactFields(row, archived)
  return {
    status: archived === posted.archived,
    name: sameText(posted.name, remote.name),
    firstName: sameText(posted.firstName, remote.firstName),
    lastName: sameText(posted.lastName, remote.lastName),
    email: sameText(posted.email, remote.email),
    accountNumber: sameText(posted.accountNumber, remote.accountNumber),
    taxNumber: sameText(posted.taxNumber, remote.taxNumber),
    salesTaxType: sameText(posted.salesTaxType, remote.salesTaxCode),
    purchaseTaxType: sameText(posted.purchaseTaxType, remote.purchaseTaxCode),
    ...leavesAsItStands(posted, row),
  }
}

export function compareItem(posted: PostedItem, row: Json): Compared {
  const remote = itemFields(row)
  const { isSold, isPurchased, sales, purchase } = posted
  return {
    name: sameText(posted.name, remote.name),
    description: sameText(posted.description, remote.description),
    purchaseDescription: sameText(posted.purchaseDescription, remote.purchaseDescription),
    salePrice: isSold === false || sameDecimal(sales?.unitPrice, remote.salePrice),
    purchasePrice: isPurchased === false || sameDecimal(purchase?.unitPrice, remote.purchasePrice),
    incomeAccount: isSold === false || sameText(sales?.accountCode, remote.incomeAccount),
    expenseAccount: isPurchased === false || sameText(purchase?.accountCode, remote.expenseAccount),
  }
}

/** Xero's own arithmetic: round(quantity × price − discount) to two decimals, a line at a time (xero.md, Rounding). */
const lineAmount = ({ quantity, unitAmount, discountRate }: PostedLine): string => {
  const share = subtract('1', divide(discountRate ?? '0', '100'))
  return round(multiply(multiply(quantity, round(unitAmount, 4)), share), 2)
}

/** Of a discounted line Xero's API and its pages differ by a cent now and then (xero.md, Rounding): that much is let pass. */
function sameTotal({ lines }: PostedDocument, row: Json): boolean {
  const ours = add(...lines.map(lineAmount))
  const theirs =
    decimal(row, 'SubTotal') ?? add(...rows(row, 'LineItems').map((line) => decimal(line, 'LineAmount') ?? '0'))
  const tolerance = multiply('0.01', String(lines.filter((line) => line.discountRate !== undefined).length))
  return compare(absolute(subtract(ours, theirs)), tolerance) <= 0
}

const progress = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID']

export function compareInvoice(posted: PostedDocument, row: Json): Compared {
  const remote = rows(row, 'LineItems')
  const unmatched = posted.lines.reduce<readonly Json[]>((left, line) => {
    const index = left.findIndex((candidate) => sameLine(line, candidate))
    return index < 0 ? left : left.toSpliced(index, 1)
  }, remote)
  return {
    // Deleted and voided documents are not live: their status stands in no line of progress.
    status: progress.indexOf(text(row, 'Status') ?? '') >= progress.indexOf(posted.status),
    contact: fold(text(part(row, 'Contact'), 'ContactID')) === fold(posted.contactRemoteId),
    date: calendarDate(row.Date, row.DateString) === posted.date,
    dueDate: sameText(posted.dueDate, calendarDate(row.DueDate, row.DueDateString) ?? posted.dueDate),
    currency: sameText(posted.currency, row.CurrencyCode),
    number: sameText(posted.number, row.InvoiceNumber),
    reference: posted.kind === 'bill' || sameText(posted.reference, row.Reference),
    total: sameTotal(posted, row),
    lines: remote.length === posted.lines.length && unmatched.length === 0,
  }
}
