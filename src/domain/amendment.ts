// The update of a document that stands at the accounting system, whose lines and header keep whatever an update leaves out.
// What was taken away is sent in the value that takes it away; where none is known to, the line is made anew without its
// id, and the old one goes. The status never goes back behind the one that stands there.
import { isSameRate } from './answer-check.ts'
import { compare, divide, isZero, multiply, round } from './decimal.ts'
import { remoteLineId } from './line-ids.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import { rateOfTaxType } from './posting/taxes.ts'
import type { TaxRate } from './reference-lists.ts'
import type { Amendment, SentMarks, StandingDocument, StandingLine } from './standing-document.ts'

export interface Amended {
  readonly posted: PostedDocument
  readonly lineIds: Readonly<Record<string, string>>
  readonly amendment: Amendment
}

export interface Known {
  /** Our line id → the accounting system's. */
  readonly lineIds: Readonly<Record<string, string>>
  readonly sent: SentMarks | null
  readonly taxRates: readonly TaxRate[] | null
  /** The organisation's own theme; null when unknown. */
  readonly defaultThemeId: string | null
}

export const sentMarks = (posted: PostedDocument, left: readonly string[] = []): SentMarks => ({
  left,
  url: posted.url ?? null,
  exchangeRate: posted.exchangeRate ?? null,
  brandingThemeId: (posted.kind === 'sale' && posted.brandingThemeId) || null,
  decisions: posted.decisions,
})

/** What is known of a write by its answer: another currency takes the former rate away, and perhaps not everywhere. */
export function writtenMarks(
  posted: PostedDocument,
  { content }: StandingDocument,
  { left, amendment }: { readonly left?: readonly string[] | undefined; readonly amendment?: Amendment | undefined },
): SentMarks {
  const former = amendment?.formerRate
  const is = content.exchangeRate
  const isKept = former !== undefined && is !== null && isSameRate(former, is)
  return { ...sentMarks(posted, left), ...(isKept && { keptRate: is }) }
}

const progress = ['DRAFT', 'SUBMITTED', 'AUTHORISED'] as const

/** Of two statuses the further one: a person may have approved what is posted as a draft. */
function furtherStatus(posted: PostedDocument, standing: StandingDocument): PostedDocument['status'] {
  const there = progress.find((status) => status === standing.remote.status)
  return there && progress.indexOf(there) > progress.indexOf(posted.status) ? there : posted.status
}

/** Tax that was given with the line, or entered by a person: not what the rate makes of the amount. */
function isTaxGiven({ lineAmount, taxAmount, taxType }: StandingLine, { taxRates }: Known): boolean {
  const rate = rateOfTaxType(taxType ?? undefined, taxRates)
  if (rate === null || lineAmount === null || taxAmount === null) return false
  return compare(round(divide(multiply(lineAmount, rate), '100'), 2), round(taxAmount, 2)) !== 0
}

/** No value is known to take these away. */
const isMadeAnew = (line: PostedLine, there: StandingLine, known: Known): boolean =>
  (line.itemCode === undefined && there.itemCode !== null) ||
  (line.accountCode === undefined && there.accountCode !== null) ||
  (line.taxType === undefined && there.taxType !== null) ||
  there.discountAmount !== null ||
  (line.taxAmount === undefined && isTaxGiven(there, known))

export function amend(posted: PostedDocument, standing: StandingDocument, known: Known): Amended {
  const { content } = standing
  const there = new Map(content.lines?.map((line) => [line.remoteId, line]))
  const lineIds = new Map<string, string>()
  const takesDiscounts: string[] = []
  for (const line of posted.lines) {
    const remoteId = remoteLineId(known.lineIds, line.lineId)
    const standingLine = remoteId === undefined ? undefined : there.get(remoteId)
    // An id that is not there any more would be refused; where no lines were shown it is believed.
    if (remoteId === undefined || (content.lines !== null && !standingLine)) continue
    if (standingLine && isMadeAnew(line, standingLine, known)) continue
    lineIds.set(line.lineId, remoteId)
    const isDiscounted = line.discountRate !== undefined && !isZero(line.discountRate)
    if (posted.kind === 'sale' && standingLine?.discountRate && !isDiscounted) takesDiscounts.push(line.lineId)
  }
  const status = furtherStatus(posted, standing)
  const amendment = amendmentOf(posted, standing, known, takesDiscounts)
  return { posted: { ...posted, status }, lineIds: Object.fromEntries(lineIds), amendment }
}

function amendmentOf(
  posted: PostedDocument,
  { content, remote, settled }: StandingDocument,
  { sent, defaultThemeId }: Known,
  takesDiscounts: readonly string[],
): Amendment {
  const own = sentMarks(posted)
  // What we never sent may be a person's, and stays.
  const theme = sent?.brandingThemeId ?? null
  const takesTheme = own.brandingThemeId === null && theme !== null && theme === content.brandingThemeId
  const formerRate = posted.exchangeRate === undefined ? (sent?.exchangeRate ?? sent?.keptRate) : undefined
  return {
    ...(formerRate !== undefined && { formerRate }),
    ...(remote.status === 'PAID' && { keepsStatus: true }),
    ...(!isZero(settled) && { isPaid: true }),
    ...(own.url === null && sent?.url && content.url !== null && { takesUrl: true }),
    ...(takesTheme && defaultThemeId !== null && { brandingThemeId: defaultThemeId }),
    ...(takesDiscounts.length > 0 && { takesDiscounts }),
  }
}
