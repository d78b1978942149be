// What a person changed in a document at the accounting system since it was last written or looked at, as far as an update
// or a removal would undo it. Three sides are laid beside each other: what stood there then, what stands there now, and what would
// be sent. A field that both sides changed to the same is no edit, and neither is one that the update leaves alone.
import { compare, isDecimal, round } from './decimal.ts'
import type { PostedDocument, PostedLine } from './posting/posted.ts'
import type { StandingContent, StandingDocument, StandingLine } from './standing-document.ts'
import type { Difference } from './sync-state.ts'

type Value = string | null

/** Text as it is compared: the accounting system trims it. Numbers by their value, with four decimals. */
function same(a: Value, b: Value): boolean {
  const [one, other] = [(a ?? '').trim(), (b ?? '').trim()]
  if (one === other) return true
  return isDecimal(one) && isDecimal(other) && compare(round(one, 4), round(other, 4)) === 0
}
const fold = (value: Value): Value => value?.trim().replace(/\s+/g, ' ') ?? null

interface Sides {
  readonly field: string
  readonly was: Value
  readonly is: Value
}

interface Compared extends Sides {
  /** The value that the update sends; undefined: it leaves the field alone. */
  readonly sent: Value | undefined
}

const headerSides = (base: StandingContent, now: StandingContent): Sides[] => [
  { field: '/contact', was: base.contactRemoteId, is: now.contactRemoteId },
  { field: '/date', was: base.date, is: now.date },
  { field: '/dueDate', was: base.dueDate, is: now.dueDate },
  { field: '/number', was: base.number, is: now.number },
  { field: '/reference', was: base.reference, is: now.reference },
  { field: '/url', was: base.url, is: now.url },
  { field: '/currency', was: base.currency, is: now.currency },
  { field: '/exchangeRate', was: base.exchangeRate, is: now.exchangeRate },
  { field: '/amounts', was: base.amounts, is: now.amounts },
  { field: '/brandingThemeId', was: base.brandingThemeId, is: now.brandingThemeId },
]

/** The header's values that an update sends, by their fields. */
const sentHeader = (posted: PostedDocument): Readonly<Record<string, Value | undefined>> => ({
  '/contact': posted.contactRemoteId,
  '/date': posted.date,
  '/dueDate': posted.dueDate,
  '/number': posted.number,
  '/reference': posted.kind === 'sale' ? (posted.reference ?? null) : undefined,
  '/url': posted.url,
  '/currency': posted.currency,
  '/exchangeRate': posted.exchangeRate,
  '/amounts': 'Exclusive',
  '/brandingThemeId': posted.kind === 'sale' ? posted.brandingThemeId : undefined,
})

function headerFields(base: StandingContent, now: StandingContent, posted: PostedDocument): Compared[] {
  const sent = sentHeader(posted)
  return headerSides(base, now).map((sides) => ({ ...sides, sent: sent[sides.field] }))
}

/** A code that was changed for all documents at once is still the same by its id. */
const keptById = (was: Value, is: Value): boolean => was !== null && was === is

/** Items by their ids where those are known: a code may have gone from one item to another. */
function itemSides(was: StandingLine, is: StandingLine, sent: PostedLine | null): Sides & { readonly sent: Value } {
  const field = 'itemCode'
  const isKnown = was.itemId !== null && is.itemId !== null
  const before = was.itemCode === is.itemCode ? `${was.itemCode} (${was.itemId})` : was.itemCode
  const isSent = sent?.itemRemoteId !== undefined && sent.itemRemoteId === is.itemId
  return {
    field,
    was: !isKnown ? was.itemCode : was.itemId === is.itemId ? is.itemCode : before,
    is: is.itemCode,
    sent: isSent ? is.itemCode : (sent?.itemCode ?? null),
  }
}

const trackingText = (entries: readonly { categoryId: Value; option: Value }[]): Value =>
  entries.length === 0
    ? null
    : entries
        .map(({ categoryId, option }) => `${categoryId ?? ''}:${option ?? ''}`)
        .sort()
        .join(' ')

function isSameTracking(was: StandingLine, is: StandingLine): boolean {
  const ids = ({ tracking }: StandingLine) => tracking.map(({ optionId }) => optionId).sort()
  const [a, b] = [ids(was), ids(is)]
  const byId = a.length === b.length && a.every((id, index) => id !== null && id === b[index])
  return byId || same(trackingText(was.tracking), trackingText(is.tracking))
}

function lineFields(was: StandingLine, is: StandingLine, sent: PostedLine | null): Compared[] {
  const of = (value: string | undefined): Value => value ?? null
  const code = (now: Value, before: Value, isKept: boolean) => (isKept ? now : before)
  const fields: Compared[] = [
    { field: 'description', was: fold(was.description), is: fold(is.description), sent: fold(of(sent?.description)) },
    { field: 'quantity', was: was.quantity, is: is.quantity, sent: of(sent?.quantity) },
    { field: 'unitPrice', was: was.unitAmount, is: is.unitAmount, sent: of(sent?.unitAmount) },
    { field: 'discountRate', was: was.discountRate, is: is.discountRate, sent: of(sent?.discountRate) },
    { field: 'discountAmount', was: was.discountAmount, is: is.discountAmount, sent: null },
    itemSides(was, is, sent),
    {
      field: 'accountCode',
      was: code(is.accountCode, was.accountCode, keptById(was.accountId, is.accountId)),
      is: is.accountCode,
      sent: of(sent?.accountCode),
    },
    { field: 'taxCode', was: was.taxType, is: is.taxType, sent: of(sent?.taxType) },
  ]
  if (!isSameTracking(was, is)) {
    const ours = trackingText(sent?.tracking ?? [])
    fields.push({ field: 'class', was: trackingText(was.tracking), is: trackingText(is.tracking), sent: ours })
  }
  // The tax of another amount or type is another tax by itself.
  if (same(was.lineAmount, is.lineAmount) && same(was.taxType, is.taxType)) {
    fields.push({ field: 'taxAmount', was: was.taxAmount, is: is.taxAmount, sent: of(sent?.taxAmount) })
  }
  return fields
}

const edited = (fields: readonly Compared[], prefix = ''): Difference[] =>
  fields
    .filter(({ was, is, sent }) => sent !== undefined && !same(was, is) && !same(sent, is))
    .map(({ field, is, sent }) => ({ field: `${prefix}${field}`, product: sent ?? null, xero: is }))

const lineText = (quantity: Value, unitAmount: Value, description: Value): string =>
  `${quantity ?? '1'} × ${unitAmount ?? '0'} ${description ?? ''}`.trim()
const textOfStanding = (line: StandingLine) => lineText(line.quantity, line.unitAmount, line.description)
export const textOfPosted = (line: PostedLine) => lineText(line.quantity, line.unitAmount, line.description)

const isAlike = (line: PostedLine, there: StandingLine): boolean =>
  same(fold(line.description), fold(there.description)) &&
  same(line.quantity, there.quantity) &&
  same(line.unitAmount, there.unitAmount) &&
  (line.accountCode === undefined || same(line.accountCode, there.accountCode))

function editedLines(
  base: readonly StandingLine[],
  now: readonly StandingLine[],
  posted: PostedDocument,
  lineIds: Readonly<Record<string, string>>,
): Difference[] {
  const before = new Map(base.map((line) => [line.remoteId, line]))
  const ours = new Map(posted.lines.flatMap((line) => (lineIds[line.lineId] ? [[lineIds[line.lineId], line]] : [])))
  // A line of ours that is new, or was made anew by a write whose answer never came.
  const fresh = posted.lines.filter(({ lineId }) => !now.some(({ remoteId }) => remoteId === lineIds[lineId]))
  const found: Difference[] = []
  for (const line of now) {
    const was = before.get(line.remoteId)
    const sent = ours.get(line.remoteId) ?? null
    if (was) found.push(...edited(lineFields(was, line, sent), `/lines/${sent?.lineId ?? line.remoteId}/`))
    else {
      const own = fresh.findIndex((one) => isAlike(one, line))
      if (own >= 0) fresh.splice(own, 1)
      else found.push({ field: `/lines/${line.remoteId}`, product: null, xero: textOfStanding(line) })
    }
  }
  for (const line of base) {
    const sent = ours.get(line.remoteId)
    const isGone = !now.some(({ remoteId }) => remoteId === line.remoteId)
    // One that was made anew stands there under another id.
    if (isGone && sent && fresh.includes(sent)) {
      found.push({ field: `/lines/${sent.lineId}`, product: textOfPosted(sent), xero: null })
    }
  }
  return found
}

/** Lines as they would stand there unchanged; used where nothing is known of how they stood. */
export function remoteEdits(
  base: StandingContent,
  standing: StandingDocument,
  posted: PostedDocument,
  lineIds: Readonly<Record<string, string>>,
): Difference[] {
  const now = standing.content
  const header = edited(headerFields(base, now, posted))
  if (base.lines !== null && now.lines !== null) {
    return [...header, ...editedLines(base.lines, now.lines, posted, lineIds)]
  }
  const isEmptied = base.lines !== null && standing.subtotal !== null && same(standing.subtotal, '0')
  return isEmptied ? [...header, { field: '/lines', product: String(posted.lines.length), xero: '0' }] : header
}

/** Every document has these, and an answer may leave them out: null is "not shown", and no value. */
const alwaysThere: readonly string[] = ['/contact', '/currency', '/exchangeRate', '/amounts', '/brandingThemeId']
const isShown = ({ field, was, is }: Sides): boolean => !alwaysThere.includes(field) || (was !== null && is !== null)

/** A removal leaves nothing as it is: whatever a person changed would go with it. */
const undone = (sides: readonly Sides[]): Compared[] => sides.map((one) => ({ ...one, sent: one.was }))

/** What a person changed since it stood as it is on record: "product" is how it stood then. */
export function editsSince(
  base: StandingContent,
  { content: now, subtotal }: StandingDocument,
  lineIds: Readonly<Record<string, string>>,
): Difference[] {
  const header = edited(undone(headerSides(base, now).filter(isShown)))
  if (base.lines === null) return header
  if (now.lines === null) {
    const isEmptied = base.lines.length > 0 && subtotal !== null && same(subtotal, '0')
    return isEmptied ? [...header, { field: '/lines', product: String(base.lines.length), xero: '0' }] : header
  }
  const ours = new Map(Object.entries(lineIds).map(([lineId, remoteId]) => [remoteId, lineId]))
  const pointer = ({ remoteId }: StandingLine) => `/lines/${ours.get(remoteId) ?? remoteId}`
  const [before, after] = [base.lines, now.lines].map((lines) => new Map(lines.map((one) => [one.remoteId, one])))
  const changed = now.lines.flatMap((line) => {
    const was = before?.get(line.remoteId)
    return was
      ? edited(undone(lineFields(was, line, null)), `${pointer(line)}/`)
      : [{ field: pointer(line), product: null, xero: textOfStanding(line) }]
  })
  const gone = base.lines.filter(({ remoteId }) => !after?.has(remoteId))
  const removed = gone.map((line) => ({ field: pointer(line), product: textOfStanding(line), xero: null }))
  return [...header, ...changed, ...removed]
}

/** Where nothing is on record of how it stood: every field that would be overwritten with something else. */
export function contradictions(
  standing: StandingDocument,
  posted: PostedDocument,
  lineIds: Readonly<Record<string, string>>,
): Difference[] {
  const now = standing.content
  const unknown = (fields: readonly Compared[]) => fields.map((field) => ({ ...field, was: `not ${field.is}` }))
  const ours = new Map(posted.lines.flatMap((line) => (lineIds[line.lineId] ? [[lineIds[line.lineId], line]] : [])))
  const lines = (now.lines ?? []).flatMap((line) => {
    const sent = ours.get(line.remoteId)
    return sent
      ? edited(
          unknown(lineFields(line, line, sent)).filter(({ field }) => field !== 'taxAmount'),
          `/lines/${sent.lineId}/`,
        )
      : [{ field: `/lines/${line.remoteId}`, product: null, xero: textOfStanding(line) }]
  })
  return [...edited(unknown(headerFields(now, now, posted))), ...lines]
}
