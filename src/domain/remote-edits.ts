// What a person changed in a document at the accounting system since it was last written or looked at, as far as an update
// or a removal would undo it. Three sides are laid beside each other: what stood there then, what stands there now, and what would
// be sent. A field that both sides changed to the same is no edit, and neither is one that the update leaves alone.
import { compare, isDecimal, round } from './decimal.ts'
import { remoteLineId } from './line-ids.ts'
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

const isSameText = (line: PostedLine, there: StandingLine): boolean =>
  same(fold(line.description), fold(there.description))

/** How a line of ours was changed that a call without an answer made: what the call left open is filled in there. */
function madeOtherwise(line: PostedLine, there: StandingLine): Difference[] {
  const isOpen = ({ field }: Compared) =>
    field === 'taxAmount' ||
    (field === 'accountCode' && line.accountCode === undefined) ||
    (field === 'taxCode' && line.taxType === undefined)
  const fields = lineFields({ ...there, tracking: [] }, there, line).filter((one) => !isOpen(one))
  return edited(asUnknown(fields), `/lines/${line.lineId}/`)
}

/** Fields of which nobody knows what stood there before: whatever differs from what is sent is an edit. */
const asUnknown = (fields: readonly Compared[]): Compared[] => fields.map((one) => ({ ...one, was: `not ${one.is}` }))

/** The field stands there as it is sent, and did not before. */
const isBySent = ({ was, is, sent }: Compared): boolean => sent !== undefined && !same(was, is) && same(sent, is)

/** Whether a call that sent the same before has arrived; no: there was none. */
type Arrived = 'yes' | 'no' | 'unknown'

function editedLines(
  base: readonly StandingLine[],
  now: readonly StandingLine[],
  posted: PostedDocument,
  { lineIds, arrived }: { readonly lineIds: Readonly<Record<string, string>>; readonly arrived: Arrived },
): Difference[] {
  const before = new Map(base.map((line) => [line.remoteId, line]))
  const ours = new Map(
    posted.lines.flatMap((line) =>
      remoteLineId(lineIds, line.lineId) ? [[remoteLineId(lineIds, line.lineId), line]] : [],
    ),
  )
  // A line of ours that is new, or was made anew by a write whose answer never came.
  const fresh = posted.lines.filter(
    ({ lineId }) => !now.some(({ remoteId }) => remoteId === remoteLineId(lineIds, lineId)),
  )
  const unknown = now.filter(({ remoteId }) => !before.has(remoteId))
  // A line that a person added may say what a line of ours says: it is ours by that only where a call may have made it.
  const takeOwn = ({ remoteId }: StandingLine, is: (line: PostedLine) => boolean): PostedLine | undefined => {
    const said = arrived === 'no' ? undefined : ours.get(remoteId)
    if (said) return is(said) ? said : undefined
    const index = fresh.findIndex(is)
    return index < 0 ? undefined : fresh.splice(index, 1)[0]
  }
  // Lines that stand there as they are said first, so that an edited one takes no other's place.
  const changed = unknown.filter((line) => !takeOwn(line, (own) => madeOtherwise(own, line).length === 0))
  const known = now.flatMap((line) => {
    const was = before.get(line.remoteId)
    const sent = ours.get(line.remoteId) ?? null
    return was ? [{ fields: lineFields(was, line, sent), prefix: `/lines/${sent?.lineId ?? line.remoteId}/` }] : []
  })
  const found = known.flatMap(({ fields, prefix }) => edited(fields, prefix))
  for (const line of changed) {
    const own = takeOwn(line, (one) => isSameText(one, line))
    if (own) found.push(...madeOtherwise(own, line))
    else found.push({ field: `/lines/${line.remoteId}`, product: null, xero: textOfStanding(line) })
  }
  for (const line of base) {
    const sent = ours.get(line.remoteId)
    const isGone = !now.some(({ remoteId }) => remoteId === line.remoteId)
    // One that was made anew stands there under another id.
    if (isGone && sent && fresh.includes(sent)) {
      found.push({ field: `/lines/${sent.lineId}`, product: textOfPosted(sent), xero: null })
    }
  }
  const isArrived = changed.length < unknown.length || known.some(({ fields }) => fields.some(isBySent))
  // A new line of a call that has arrived was taken away since.
  const isNew = ({ lineId }: PostedLine) => remoteLineId(lineIds, lineId) === undefined
  const gone = arrived === 'yes' || (arrived === 'unknown' && isArrived) ? fresh.filter(isNew) : []
  return [
    ...found,
    ...gone.map((line) => ({ field: `/lines/${line.lineId}`, product: textOfPosted(line), xero: null })),
  ]
}

/**
 * `isUnheard`: a call of unknown outcome may have sent the same before. Where something stands there that it sent, it has arrived, and its new lines
 * stood there.
 */
export function remoteEdits(
  base: StandingContent,
  standing: StandingDocument,
  posted: PostedDocument,
  lineIds: Readonly<Record<string, string>>,
  { isUnheard = false } = {},
): Difference[] {
  const now = standing.content
  const fields = headerFields(base, now, posted)
  const header = edited(fields)
  if (base.lines !== null && now.lines !== null) {
    const arrived = !isUnheard ? 'no' : fields.some(isBySent) ? 'yes' : 'unknown'
    return [...header, ...editedLines(base.lines, now.lines, posted, { lineIds, arrived })]
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
  const ours = new Map(
    posted.lines.flatMap((line) =>
      remoteLineId(lineIds, line.lineId) ? [[remoteLineId(lineIds, line.lineId), line]] : [],
    ),
  )
  const lines = (now.lines ?? []).flatMap((line) => {
    const sent = ours.get(line.remoteId)
    return sent
      ? edited(
          asUnknown(lineFields(line, line, sent)).filter(({ field }) => field !== 'taxAmount'),
          `/lines/${sent.lineId}/`,
        )
      : [{ field: `/lines/${line.remoteId}`, product: null, xero: textOfStanding(line) }]
  })
  return [...edited(asUnknown(headerFields(now, now, posted))), ...lines]
}
