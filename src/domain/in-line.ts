// An invoice or bill that stands at the accounting system just as its record says: a change would write nothing that is not there.
// Everything that is sent is compared, and strictly, for a difference that is overlooked here never arrives. The product's
// own ids of lines are nothing that is sent.
import { amend, type Known } from './amendment.ts'
import { isSameRate } from './answer-check.ts'
import { compare, isDecimal, isZero, round } from './decimal.ts'
import { remoteLineId } from './line-ids.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import { rateOfTaxType } from './posting/taxes.ts'
import type { StandingDocument, StandingLine } from './standing-document.ts'

export interface InLine {
  /** Our line id → theirs. */
  readonly lineIds: Readonly<Record<string, string>>
  /** The lines stand in the order in which they would be sent. */
  readonly isInOrder: boolean
}

type Value = string | null | undefined

const text = (value: Value): string => (value ?? '').replace(/\r\n?/g, '\n').trim()
const sameText = (a: Value, b: Value): boolean => text(a) === text(b)
const sameId = (a: Value, b: Value): boolean => text(a).toLowerCase() === text(b).toLowerCase()

function sameNumber(a: Value, b: Value, places: number): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return (a ?? null) === (b ?? null)
  return isDecimal(a) && isDecimal(b) && compare(round(a, places), round(b, places)) === 0
}

const discountOf = ({ discountRate = null }: { readonly discountRate?: string | null | undefined }): string =>
  discountRate ?? '0'

const trackingOf = (
  entries: readonly { readonly categoryId: string | null; readonly option: string | null }[],
): string => JSON.stringify(entries.map(({ categoryId, option }) => [categoryId?.toLowerCase(), option]).sort())

const sameItem = (line: PostedLine, there: StandingLine): boolean =>
  line.itemCode !== undefined && line.itemRemoteId !== undefined && there.itemId !== null
    ? sameId(line.itemRemoteId, there.itemId)
    : sameText(line.itemCode, there.itemCode)

const sameLine = (line: PostedLine, there: StandingLine): boolean =>
  sameText(line.description, there.description) &&
  sameNumber(line.quantity, there.quantity, 4) &&
  sameNumber(line.unitAmount, there.unitAmount, 4) &&
  sameNumber(discountOf(line), discountOf(there), 4) &&
  (there.discountAmount === null || isZero(there.discountAmount)) &&
  sameItem(line, there) &&
  sameText(line.accountCode, there.accountCode) &&
  sameText(line.taxType, there.taxType) &&
  (line.taxAmount === undefined || sameNumber(line.taxAmount, there.taxAmount, 2)) &&
  trackingOf(line.tracking) === trackingOf(there.tracking)

/** Our line id → theirs, where every line of both sides has one that is the same; by the ids that are known first. */
function paired(
  lines: readonly PostedLine[],
  standing: readonly StandingLine[],
  lineIds: Readonly<Record<string, string>>,
): Record<string, string> | null {
  if (lines.length !== standing.length) return null
  const free = [...standing]
  const found = new Map<string, string>()
  for (const isLikely of [(line: PostedLine, id: string) => remoteLineId(lineIds, line.lineId) === id, () => true]) {
    for (const line of lines) {
      if (found.has(line.lineId)) continue
      const index = free.findIndex((there) => isLikely(line, there.remoteId) && sameLine(line, there))
      const [there] = index < 0 ? [] : free.splice(index, 1)
      if (there) found.set(line.lineId, there.remoteId)
    }
  }
  return free.length === 0 ? Object.fromEntries(found) : null
}

/** The rate that was sent last is there; any other has to be so to the last decimal that is kept. */
const sameExchangeRate = (rate: string | undefined, is: string | null, last: string | null): boolean =>
  rate === undefined ||
  (is !== null && (sameNumber(rate, is, 6) || (last !== null && sameNumber(rate, last, 12) && isSameRate(rate, is))))

const progress = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID']

function isSameHeader(posted: PostedDocument, { kind, content, remote }: StandingDocument, { sent }: Known): boolean {
  const isLeftOr = (value: string | undefined, is: string | null): boolean => value === undefined || sameText(value, is)
  return (
    posted.kind === kind &&
    sameId(posted.contactRemoteId, content.contactRemoteId) &&
    posted.date === content.date &&
    isLeftOr(posted.dueDate, content.dueDate) &&
    isLeftOr(posted.number, content.number) &&
    isLeftOr(posted.url, content.url) &&
    isLeftOr(posted.currency, content.currency) &&
    sameExchangeRate(posted.exchangeRate, content.exchangeRate, sent?.exchangeRate ?? null) &&
    content.amounts === 'Exclusive' &&
    progress.indexOf(remote.status ?? '') >= progress.indexOf(posted.status) &&
    (posted.kind === 'bill' ||
      (sameText(posted.reference, content.reference) &&
        (posted.brandingThemeId === undefined || sameId(posted.brandingThemeId, content.brandingThemeId)) &&
        (posted.sentToContact === undefined || posted.sentToContact === content.sentToContact)))
  )
}

/** The lines as they stand there; null where a change would write something. */
export function inLine(posted: PostedDocument, standing: StandingDocument, known: Known): InLine | null {
  const { lines } = standing.content
  if (lines === null || !isSameHeader(posted, standing, known)) return null
  // Tax that was given, and is given no more, shows by its rate alone.
  const areRatesKnown = posted.lines.every(
    ({ taxAmount, taxType }) => taxAmount !== undefined || rateOfTaxType(taxType, known.taxRates) !== null,
  )
  const found = areRatesKnown ? paired(posted.lines, lines, known.lineIds) : null
  if (found === null) return null
  const { lineIds, amendment } = amend(posted, standing, { ...known, lineIds: found })
  const { keepsStatus: _status, isPaid: _paid, formerRate, ...takes } = amendment
  // A rate that was given up before stays there; one that is given up now is to be told.
  if (Object.keys(takes).length > 0 || (formerRate !== undefined && known.sent?.exchangeRate)) return null
  if (posted.lines.some(({ lineId }) => remoteLineId(lineIds, lineId) === undefined)) return null
  const order = lines.map(({ remoteId }) => remoteId).join(' ')
  return { lineIds, isInOrder: posted.lines.map(({ lineId }) => remoteLineId(lineIds, lineId)).join(' ') === order }
}
