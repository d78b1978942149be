// An invoice or bill that was sent before, laid beside what stands in Xero: which of its lines is which, what the record leaves to
// others, and whether there is anything to write at all.
import { type InLine, inLine } from '../domain/in-line.ts'
import { remoteLineId } from '../domain/line-ids.ts'
import { isMet, leave, matchStandingLines } from '../domain/met-document.ts'
import { postedHash } from '../domain/posting/hash.ts'
import type { PostedDocument, PostedLine } from '../domain/posting/posted.ts'
import { isNeverDerived } from '../domain/posting/unheld.ts'
import type { StandingContent, StandingDocument, StandingLine } from '../domain/standing-document.ts'
import type { Link } from '../stores/links.ts'
import type { Plan } from './export-plan.ts'
import type { JobContext } from './job-context.ts'
import type { IsMerged } from './moved-contacts.ts'

/** A change beside what stands there. */
export interface Prepared {
  readonly posted: PostedDocument
  /** As it is judged: what a person filled in since, where nothing was, is an edit, and is left only when that is decided. */
  readonly judged: PostedDocument
  /** Our line id → theirs. */
  readonly lineIds: Readonly<Record<string, string>>
  /** Pointers to the fields that are left as they stand. */
  readonly left: readonly string[]
}

type LineIds = Prepared['lineIds']

/** Of what is never derived: nothing stood there when it was last written, seen or decided about. */
function isFilledSince(field: string, { content }: Link, lineIds: LineIds): boolean {
  if (field === '/reference') return (content?.reference ?? null) === null
  const [, , lineId = '', name] = field.split('/')
  if (name !== 'class') return false
  return content?.lines?.find(({ remoteId }) => remoteId === remoteLineId(lineIds, lineId))?.tracking.length === 0
}

/** A line to which the product gave another id is still the same one, and keeps what a person entered in it. */
export function renumbered(lines: readonly PostedLine[], standing: readonly StandingLine[], lineIds: LineIds): LineIds {
  const known = lines.flatMap(({ lineId }) => remoteLineId(lineIds, lineId) ?? [])
  const fresh = lines.filter(({ lineId }) => remoteLineId(lineIds, lineId) === undefined)
  const free = standing.filter(({ remoteId }) => !known.includes(remoteId))
  const found = fresh.length === 0 || free.length === 0 ? {} : matchStandingLines(fresh, free, true)
  return { ...lineIds, ...found }
}

/** Pointers that name lines by former ids, in the ids of now. */
function renamed(fields: readonly string[], former: LineIds, lineIds: LineIds): readonly string[] {
  const now = new Map(Object.entries(lineIds).map(([lineId, remoteId]) => [remoteId, lineId]))
  return fields.map((field) => {
    const [, list, lineId = '', name] = field.split('/')
    const id = list === 'lines' ? now.get(remoteLineId(former, lineId) ?? '') : undefined
    return id === undefined ? field : `/lines/${id}/${name}`
  })
}

/** A person may have moved it to the contact that its customer or vendor is by now. */
function followed(asked: PostedDocument, { content: { contactRemoteId } }: StandingDocument): PostedDocument {
  const { elsewhere, decisions } = asked
  if (elsewhere === undefined || elsewhere !== contactRemoteId) return asked
  const contact = decisions && { ...decisions.contact, sent: contactRemoteId }
  return { ...asked, contactRemoteId, ...(contact && { decisions: { ...decisions, contact } }) }
}

/** Fields that the record does not hold, and did not hold when it was sent last, are left to whoever filled them in. */
export function prepare(
  asked: PostedDocument,
  unheld: readonly string[],
  link: Link,
  standing: StandingDocument | null,
): Prepared {
  const { lineIds, sent = null } = link
  if (!standing) return { posted: asked, judged: asked, lineIds, left: [] }
  const posted = followed(asked, standing)
  const there = standing.content.lines ?? []
  const isOthers = isMet(link) || sent?.isAccepted === true
  const known = isOthers ? matchStandingLines(posted.lines, there) : renumbered(posted.lines, there, lineIds)
  const ofSent = renamed(sent?.left ?? [], lineIds, known)
  const left = isOthers ? unheld : ofSent.filter((field) => unheld.includes(field))
  const leaving = (fields: readonly string[]) => leave(posted, standing, fields, known)
  const judged = isOthers ? left : left.filter((field) => !isFilledSince(field, link, known))
  return { posted: leaving(left), judged: leaving(judged), lineIds: known, left }
}

/** Xero's list begins with the theme that it takes by itself. */
export const defaultThemeOf = ({ brandingThemes }: JobContext['reference']): string | null =>
  brandingThemes?.[0]?.id ?? null

/** Null where there is something to write. */
export function inLineWith(
  { reference }: JobContext,
  { judged, lineIds }: Prepared,
  link: Link,
  standing: StandingDocument,
): InLine | null {
  const { taxRates } = reference
  const known = { lineIds, sent: link.sent ?? null, taxRates, defaultThemeId: defaultThemeOf(reference) }
  return inLine(judged, standing, known)
}

/**
 * The same of a document that may not be written, as it is known to stand in Xero without a look: just as nobody looks where it is what
 * was sent last. Returns the link as it is then.
 */
export function inLineAsKnown(
  context: JobContext,
  posted: PostedDocument,
  unheld: readonly string[],
  link: Link | null,
  isMerged: IsMerged,
): Plan | null {
  const { content = null, sent = null, lastHash = null } = link ?? {}
  // Nothing is known of one whose last hash was forgotten: it was found to be otherwise.
  if (link === null || content === null || sent === null || sent.isAccepted || lastHash === null) return null
  const was = content.contactRemoteId
  const contactRemoteId = was !== null && isMerged(was, posted.contactRemoteId) ? posted.contactRemoteId : was
  const standing = standingOfLink(link, { ...content, contactRemoteId }, posted.kind)
  const prepared = prepare(posted, unheld, link, standing)
  const found = inLineWith(context, prepared, link, standing)
  if (!found) return null
  const left = [...new Set([...prepared.left, ...unheld.filter(isNeverDerived)])]
  const standsAs = { lineIds: found.lineIds, sent: { ...sent, left, decisions: posted.decisions } }
  return { kind: 'send', document: posted, link: { ...link, postedHash: postedHash(posted) }, standsAs }
}

function standingOfLink(link: Link, content: StandingContent, kind: StandingDocument['kind']): StandingDocument {
  const { remoteId, number, status, remoteUpdatedAt: updatedAt, lineIds, amountDue = null, fullyPaidOn = null } = link
  const figures = { subtotal: null, tax: null, total: null, amountDue, settled: '0', fullyPaidOn }
  return { kind, remote: { remoteId, number, status, updatedAt, lineIds }, content, ...figures }
}
