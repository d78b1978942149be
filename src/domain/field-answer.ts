// Fields of an invoice or bill as they were sent, and as the answer shows them. Another way of writing the same is no difference:
// spaces, decimals beyond those that are kept, the letter case of a code, a tax type for another one of the same rate. Nor is
// what the accounting system fills in where nothing was sent, such as the tracking that a contact has by default.
import { compare, isDecimal, round } from './decimal.ts'
import { remoteLineId } from './line-ids.ts'
import { canonicalAddress } from './posting/marker.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import { rateOfTaxType } from './posting/taxes.ts'
import type { TaxRate } from './reference-lists.ts'
import type { StandingDocument, StandingLine } from './standing-document.ts'
import type { Difference } from './sync-state.ts'

type Value = string | null
/** A field that was sent: null, that it be empty. */
type Compared = readonly [
  field: string,
  sent: Value | undefined,
  is: Value,
  isSame: (sent: Value, is: Value) => boolean,
]

export interface HowWritten {
  readonly isCreated: boolean
  /** Payments lie on it: only what may still be changed was sent. */
  readonly isPaid: boolean
  readonly taxRates: readonly TaxRate[] | null
}

const plain = (value: Value): string => (value ?? '').normalize('NFC').trim().replace(/\s+/gu, ' ')
const isSameText = (sent: Value, is: Value): boolean => plain(sent) === plain(is)
export const isSameCode = (sent: Value, is: Value): boolean => plain(sent).toLowerCase() === plain(is).toLowerCase()
export const isSameNumber =
  (places: number) =>
  (sent: Value, is: Value): boolean =>
    [sent, is].every((one) => isDecimal(one ?? '0')) &&
    compare(round(sent ?? '0', places), round(is ?? '0', places)) === 0

const isSameTaxType =
  (taxRates: readonly TaxRate[] | null) =>
  (sent: Value, is: Value): boolean => {
    if (taxRates === null || isSameCode(sent, is)) return true
    const [rate, other] = [sent, is].map((one) => rateOfTaxType(one ?? undefined, taxRates))
    return typeof rate === 'string' && typeof other === 'string' && compare(rate, other) === 0
  }

export const isSameAddress = (sent: Value, is: Value): boolean =>
  canonicalAddress(plain(sent)) === canonicalAddress(plain(is))

function headerFields(
  posted: PostedDocument,
  { content }: StandingDocument,
  { isCreated, isPaid }: HowWritten,
): Compared[] {
  const isSale = posted.kind === 'sale'
  const reference = isSale && !isPaid ? (posted.reference ?? (isCreated ? undefined : null)) : undefined
  return [
    ['/number', posted.number, content.number, isSameText],
    ['/date', isPaid ? undefined : posted.date, content.date, isSameText],
    ['/dueDate', posted.dueDate, content.dueDate, isSameText],
    ['/reference', reference, content.reference, isSameText],
    ['/url', posted.url, content.url, isSameAddress],
  ]
}

/** The entries that were sent; others, which were not, the accounting system may add. */
function trackingField({ tracking }: PostedLine, there: StandingLine): Compared[] {
  return tracking.map(({ categoryId, option }): Compared => {
    const isOf = (one: Value) => one === null || isSameCode(categoryId, one)
    const ofCategory = there.tracking.filter((one) => isOf(one.categoryId))
    const found = ofCategory.find((one) => isSameCode(option, one.option)) ?? ofCategory[0]
    return ['class', option, found?.option ?? null, isSameCode]
  })
}

function lineFields(line: PostedLine, there: StandingLine, { isPaid, taxRates }: HowWritten): Compared[] {
  const always: Compared[] = [
    ['description', line.description, there.description, isSameText],
    ['accountCode', line.accountCode, there.accountCode, isSameCode],
    ...trackingField(line, there),
  ]
  if (isPaid) return always
  return [
    ...always,
    ['quantity', line.quantity, there.quantity, isSameNumber(4)],
    ['unitPrice', line.unitAmount, there.unitAmount, isSameNumber(4)],
    ['discountRate', line.discountRate ?? null, there.discountRate, isSameNumber(2)],
    ['taxCode', line.taxType, there.taxType, isSameTaxType(taxRates)],
  ]
}

function allFields(
  posted: PostedDocument,
  standing: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  how: HowWritten,
): Compared[] {
  const there = new Map((standing.content.lines ?? []).map((line) => [line.remoteId, line]))
  const ofLines = posted.lines.flatMap((line) => {
    const standingLine = there.get(
      (remoteLineId(lineIds, line.lineId) ?? remoteLineId(standing.remote.lineIds, line.lineId)) || '',
    )
    const fields = standingLine ? lineFields(line, standingLine, how) : []
    return fields.map(([field, ...rest]): Compared => [`/lines/${line.lineId}/${field}`, ...rest])
  })
  return [...headerFields(posted, standing, how), ...ofLines]
}

/** The fields that an answer shows otherwise than they were sent. `lineIds`: our line id → theirs. */
export const fieldDifferences = (
  posted: PostedDocument,
  standing: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  how: HowWritten,
): Difference[] =>
  allFields(posted, standing, lineIds, how).flatMap(([field, sent, is, isSame]) =>
    sent === undefined || isSame(sent, is) ? [] : [{ field, product: sent, xero: is }],
  )

/** Whether a field that was sent is not in the answer at all: it may stand there all the same. */
export const isFieldHidden = (
  posted: PostedDocument,
  standing: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
  how: HowWritten,
): boolean =>
  (standing.content.lines === null && posted.lines.length > 0) ||
  fieldDifferences(posted, standing, lineIds, how).some(({ xero }) => xero === null)
