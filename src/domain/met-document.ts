// A document that stood at the accounting system before the record was linked to it, by hand or by its number. Nothing
// of ours is in it: its lines are matched with those of the record, what the record does not hold is left as it stands, and
// every other field that would be written over with something else is a difference.
import { figureDifferences } from './answer-check.ts'
import { compare, isDecimal, round } from './decimal.ts'
import { remoteLineId } from './line-ids.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import { isSameRecordAddress } from './posting/record-address.ts'
import type { TaxRate } from './reference-lists.ts'
import { contradictions, textOfPosted } from './remote-edits.ts'
import { metBy, type SentMarks, type StandingDocument, type StandingLine } from './standing-document.ts'
import type { Difference } from './sync-state.ts'

export const isMet = ({
  matchedBy,
  sent = null,
}: {
  readonly matchedBy: string | null
  readonly sent?: SentMarks | null
}): boolean => sent === null && matchedBy !== null && metBy.includes(matchedBy)

const fold = (text: string | null): string => (text ?? '').trim().replace(/\s+/g, ' ')
const sameNumber = (ours: string, theirs: string | null): boolean =>
  theirs !== null && isDecimal(theirs) && compare(round(ours, 4), round(theirs, 4)) === 0
const sameAmounts = (line: PostedLine, there: StandingLine): boolean =>
  sameNumber(line.quantity, there.quantity) && sameNumber(line.unitAmount, there.unitAmount)
const sameText = (line: PostedLine, there: StandingLine): boolean => fold(line.description) === fold(there.description)

/** Our line id → theirs: by content, and in order where as many are left on both sides; or only where text, amounts and item agree. */
export function matchStandingLines(
  lines: readonly PostedLine[],
  standing: readonly StandingLine[],
  onlyWhole = false,
): Record<string, string> {
  const free = [...standing]
  const found = new Map<string, string>()
  const likenesses: readonly ((line: PostedLine, there: StandingLine) => boolean)[] = [
    (line, there) => sameText(line, there) && sameAmounts(line, there) && (line.itemCode ?? null) === there.itemCode,
    (line, there) => sameText(line, there) && sameAmounts(line, there),
    sameText,
    sameAmounts,
    () => free.length === lines.length - found.size,
  ]
  for (const alike of onlyWhole ? likenesses.slice(0, 1) : likenesses) {
    for (const line of lines) {
      if (found.has(line.lineId)) continue
      const index = free.findIndex((there) => alike(line, there))
      const [there] = index < 0 ? [] : free.splice(index, 1)
      if (there) found.set(line.lineId, there.remoteId)
    }
  }
  return Object.fromEntries(found)
}

/** The document as it is sent, where fields are left as they stand. `lineIds`: our line id → theirs. */
export function leave(
  posted: PostedDocument,
  { content }: StandingDocument,
  left: readonly string[],
  lineIds: Readonly<Record<string, string>>,
): PostedDocument {
  const isLeft = (field: string): boolean => left.includes(field)
  const there = new Map((content.lines ?? []).map((line) => [line.remoteId, line]))
  const lines = posted.lines.map((line): PostedLine => {
    const standing = there.get(remoteLineId(lineIds, line.lineId) ?? '')
    if (!standing) return line
    const { accountCode, itemCode, itemId } = standing
    const tracking = standing.tracking.flatMap(({ categoryId, option }) =>
      categoryId !== null && option !== null ? { categoryId, option } : [],
    )
    const isLeftOf = (name: string) => isLeft(`/lines/${line.lineId}/${name}`)
    return {
      ...line,
      ...(isLeftOf('class') && { tracking }),
      ...(isLeftOf('accountCode') && accountCode !== null && { accountCode }),
      ...(isLeftOf('itemCode') && itemCode !== null && { itemCode, itemRemoteId: itemId ?? undefined }),
    }
  })
  const { dueDate, reference } = content
  const due = isLeft('/dueDate') && dueDate !== null && dueDate >= posted.date ? { dueDate } : {}
  if (posted.kind === 'bill') return { ...posted, ...due, lines }
  return {
    ...posted,
    ...due,
    lines,
    ...(isLeft('/reference') && reference !== null && { reference }),
    ...(isLeft('/brandingThemeId') && { brandingThemeId: undefined }),
    ...(isLeft('/sentToContact') && { sentToContact: undefined }),
  }
}

const progress = ['DRAFT', 'SUBMITTED', 'AUTHORISED', 'PAID']

export interface Met {
  /** Fields in which it is not what the record says, and that would be written over with something else. */
  readonly differences: readonly Difference[]
  /** Nothing is lost where these are filled in: they are empty there, or this service's own. */
  readonly isLacking: boolean
}

const fillable = ['/url', '/reference', '/itemCode', '/class']

const isEmptyThere = ({ field, xero }: Difference): boolean =>
  xero === null && fillable.some((name) => field.endsWith(name))

/** An address that this service wrote of the same record, by a connection of before: nobody else's. */
const isOwnAddress = ({ field, product, xero }: Difference): boolean =>
  field === '/url' && isSameRecordAddress(product, xero)

export function laidBeside(
  posted: PostedDocument,
  standing: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  taxRates: readonly TaxRate[] | null,
): Met {
  const { remote } = standing
  const all = contradictions(standing, posted, lineIds)
  const fields = all.filter((difference) => !isEmptyThere(difference) && !isOwnAddress(difference))
  const missing = posted.lines
    .filter(({ lineId }) => remoteLineId(lineIds, lineId) === undefined)
    .map((line) => ({ field: `/lines/${line.lineId}`, product: textOfPosted(line), xero: null }))
  const isBehind = progress.indexOf(remote.status ?? '') < progress.indexOf(posted.status)
  const status = isBehind ? [{ field: '/status', product: posted.status, xero: remote.status }] : []
  const figures = figureDifferences(posted, standing, lineIds, taxRates).filter(({ field }) => field !== '/lines')
  const known = new Set(fields.map(({ field }) => field))
  const differences = [...fields, ...missing, ...status, ...figures.filter(({ field }) => !known.has(field))]
  return { differences, isLacking: fields.length < all.length }
}
