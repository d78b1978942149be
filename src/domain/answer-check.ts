// The check of every write: what the accounting system's answer shows of totals, tax and lines is what was sent, to the
// cent, and so is whatever else money or state depends on: kind, contact, currency and its rate, status. It computes by itself, from what it kept, filled in or understood otherwise; whatever that was, it shows here.
import { absolute, add, compare, divide, isZero, multiply, round, subtract } from './decimal.ts'
import { remoteLineId } from './line-ids.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import { rateOfTaxType } from './posting/taxes.ts'
import { lineAmount, lineTax } from './posting/totals.ts'
import type { TaxRate } from './reference-lists.ts'
import type { StandingDocument, StandingLine } from './standing-document.ts'
import type { Difference } from './sync-state.ts'

/** A discounted line is now and then rounded the other way (xero.md, Rounding): both neighbours of the exact amount will do. */
function expectedAmount(line: PostedLine, there: StandingLine | undefined): string {
  const own = lineAmount(line)
  if (line.discountRate === undefined || !there || there.lineAmount === null) return own
  const isAsSent =
    compare(round(line.quantity, 4), round(there.quantity ?? '0', 4)) === 0 &&
    compare(round(line.unitAmount, 4), round(there.unitAmount ?? '0', 4)) === 0 &&
    compare(round(line.discountRate, 4), round(there.discountRate ?? '0', 4)) === 0
  const share = divide(subtract('100', line.discountRate), '100')
  const exact = multiply(multiply(line.quantity, line.unitAmount), share)
  const isNeighbour = compare(absolute(subtract(exact, there.lineAmount)), '0.01') < 0
  return isAsSent && isNeighbour ? there.lineAmount : own
}

/** Null when the rate of its tax type is not known: then the tax is the accounting system's to compute. */
function expectedTax(line: PostedLine, amount: string, taxRates: readonly TaxRate[] | null): string | null {
  if (line.taxAmount !== undefined) return line.taxAmount
  const rate = rateOfTaxType(line.taxType, taxRates)
  return rate === null ? null : lineTax({ quantity: '1', unitAmount: amount }, rate)
}

const progress = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID']

/** A new one has the status that was sent, or is PAID because its total is nothing. Of a known one, people may be further on. */
function isStatusAsSent(posted: PostedDocument, { remote, total }: StandingDocument, isCreated: boolean): boolean {
  const [sent, is] = [posted.status, remote.status ?? ''].map((status) => progress.indexOf(status))
  if (sent === undefined || is === undefined || is < sent) return false
  return !isCreated || is === sent || (posted.status === 'AUTHORISED' && total !== null && isZero(total))
}

/** The accounting system keeps fewer decimals of a rate than may be handed over. */
export const isSameRate = (sent: string, is: string): boolean =>
  compare(absolute(subtract(sent, is)), multiply(sent, '0.0001')) <= 0

const lower = (text: string | null | undefined): string => (text ?? '').toLowerCase()

/** Fields that were sent beside the figures. */
function factDifferences(posted: PostedDocument, standing: StandingDocument, isCreated: boolean): Difference[] {
  const { content, kind, remote } = standing
  const { contactRemoteId, currency, exchangeRate = null } = posted
  const facts: readonly [field: string, product: string | null, xero: string | null, isSame: boolean][] = [
    ['/type', posted.kind, kind, posted.kind === kind],
    ['/contact', contactRemoteId, content.contactRemoteId, lower(contactRemoteId) === lower(content.contactRemoteId)],
    ['/currency', currency ?? null, content.currency, currency === undefined || currency === content.currency],
    ['/status', posted.status, remote.status, isStatusAsSent(posted, standing, isCreated)],
    [
      '/exchangeRate',
      exchangeRate,
      content.exchangeRate,
      exchangeRate === null || content.exchangeRate === null || isSameRate(exchangeRate, content.exchangeRate),
    ],
  ]
  return facts.flatMap(([field, product, xero, isSame]) => (isSame ? [] : [{ field, product, xero }]))
}

/** Lines that stand on another item than that of the record. An answer that shows no item of a line tells nothing of it. */
function itemDifferences(
  { lines }: PostedDocument,
  { content, remote }: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
): Difference[] {
  const there = new Map((content.lines ?? []).map((line) => [line.remoteId, line]))
  return lines.flatMap(({ lineId, itemCode, itemRemoteId }) => {
    const { itemCode: code = null, itemId = null } =
      there.get((remoteLineId(lineIds, lineId) ?? remoteLineId(remote.lineIds, lineId)) || '') ?? {}
    if (itemCode === undefined || itemRemoteId === undefined || (itemId === null && code === null)) return []
    if (itemId === null ? lower(itemCode) === lower(code) : lower(itemRemoteId) === lower(itemId)) return []
    const xero = itemId === null ? code : `${code ?? ''} (${itemId})`.trim()
    return [{ field: `/lines/${lineId}/itemCode`, product: `${itemCode} (${itemRemoteId})`, xero }]
  })
}

/** Whether an answer shows what has to be checked. What is not shown is not known, and nothing that was found to be right. */
export const isCheckable = (posted: PostedDocument, { content, remote, total }: StandingDocument): boolean =>
  total !== null &&
  remote.status !== null &&
  content.contactRemoteId !== null &&
  (content.currency !== null || posted.currency === undefined)

/** The fields that the answer to a write shows otherwise, or not at all. `lineIds`: our line id → theirs. */
export function answerDifferences(
  posted: PostedDocument,
  standing: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  { taxRates, isCreated }: { readonly taxRates: readonly TaxRate[] | null; readonly isCreated: boolean },
): Difference[] {
  const figures = figureDifferences(posted, standing, lineIds, taxRates)
  const ownSubtotal = add('0', ...posted.lines.map(lineAmount))
  const missing = standing.total === null ? [{ field: '/total', product: ownSubtotal, xero: null }] : []
  const items = itemDifferences(posted, standing, lineIds)
  return [...figures, ...missing, ...factDifferences(posted, standing, isCreated), ...items]
}

/** Totals, tax and number of lines that are shown otherwise. */
export function figureDifferences(
  posted: PostedDocument,
  { content, subtotal, tax, total, remote }: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  taxRates: readonly TaxRate[] | null,
): Difference[] {
  const there = new Map((content.lines ?? []).map((line) => [line.remoteId, line]))
  let ownSubtotal = '0'
  let ownTax: string | null = '0'
  for (const line of posted.lines) {
    const amount = expectedAmount(
      line,
      there.get((remoteLineId(lineIds, line.lineId) ?? remoteLineId(remote.lineIds, line.lineId)) || ''),
    )
    const ofLine = expectedTax(line, amount, taxRates)
    ownSubtotal = add(ownSubtotal, amount)
    ownTax = ownTax === null || ofLine === null ? null : add(ownTax, ofLine)
  }
  const ownTotal = ownTax === null ? null : add(ownSubtotal, ownTax)
  const figures: readonly [string, string | null, string | null][] = [
    ['/subtotal', ownSubtotal, subtotal],
    ['/tax', ownTax, tax],
    ['/total', ownTotal, total],
    ['/lines', String(posted.lines.length), content.lines === null ? null : String(content.lines.length)],
  ]
  return figures.flatMap(([field, product, xero]) =>
    product === null || xero === null || compare(round(product, 2), round(xero, 2)) === 0
      ? []
      : [{ field, product, xero }],
  )
}
