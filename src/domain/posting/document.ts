// The rules that invoices and bills have in common: what has to be in Xero before them, when they are sent, and in which currency.
import type { DocumentType } from '../entity-types.ts'
import { isLocked, lockedUntil, standsLocked } from '../lock-dates.ts'
import type { Bill, DocumentBody, Invoice, Item } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import { syncError } from '../sync-errors.ts'
import type { RecordReference, SyncError } from '../sync-state.ts'
import type { DocumentContext, Report } from './document-context.ts'
import { atXeroPrecision, type PricedLine } from './exact-lines.ts'
import { usesProxy } from './item.ts'
import { fillTemplate } from './link-template.ts'
import type { PostedDocument } from './posted.ts'
import { excluded, failed, type Posting, posted } from './posting.ts'
import { withRounding } from './rounding.ts'
import { reachesTrigger } from './trigger.ts'

/** The customer of an invoice, the vendor of a bill. */
export const contactOfDocument = (type: DocumentType, document: DocumentBody): RecordReference =>
  type === 'invoice'
    ? { type: 'customer', id: (document as Invoice).customerId }
    : { type: 'vendor', id: (document as Bill).vendorId }

/** Ids of the item records that the document names, each once. */
export function itemsOfDocument(document: DocumentBody): string[] {
  const charges = 'otherCharges' in document ? (document.otherCharges ?? []) : []
  const named = [...document.lines, ...charges].map(({ itemId }) => itemId)
  return [...new Set(named.filter((id) => id !== undefined))]
}

/** The records that must be in Xero first. */
export const documentDependencies = (type: DocumentType, document: DocumentBody): RecordReference[] => [
  contactOfDocument(type, document),
  ...itemsOfDocument(document).map((id) => ({ type: 'item' as const, id })),
]

/** True when a line will carry the proxy item, which must then exist in Xero. */
export const needsProxyItem = (document: DocumentBody, settings: Settings, items: ReadonlyMap<string, Item>): boolean =>
  itemsOfDocument(document).some((id) => {
    const item = items.get(id)
    return item !== undefined && usesProxy(item, settings)
  })

/** The currency is always named where it is known: Xero would otherwise take the contact's default. */
function currency(document: DocumentBody, context: DocumentContext, report: Report) {
  const { organisation, currencies } = context.reference
  const base = organisation?.baseCurrency
  const code = document.currency ?? base
  const isForeign = code !== undefined && code !== base
  if (isForeign && currencies !== null && !currencies.some((entry) => entry.code === code)) {
    report(syncError('currency_not_enabled', { cause: `${code} is not enabled in Xero.`, field: '/currency' }))
  }
  return { currency: code, exchangeRate: isForeign ? document.exchangeRate : undefined }
}

/** A link back to the product, by the settings' template; undefined where there is none. */
export function deepLink(document: DocumentBody, { section, settings, recordId }: DocumentContext): string | undefined {
  const template = settings[section].deepLink
  return template === null ? undefined : fillTemplate(template, { id: recordId, number: document.number })
}

const triggers = { invoices: 'invoices.triggerStatus', vendors: 'vendors.triggerStatus.bill' } as const

function exclusion(type: DocumentType, document: DocumentBody, date: string, context: DocumentContext): string | null {
  const { settings, section } = context
  const { sync, cutOverDate } = settings[section]
  if (!sync) return `${section}.sync is off.`
  if (!reachesTrigger(type, document, settings)) {
    return `The status "${document.status}" is not one of ${triggers[section]}.`
  }
  if (cutOverDate !== null && date < cutOverDate) return `It is dated ${date}, before the cut-over date ${cutOverDate}.`
  return null
}

/** Errors that hinder a write, and are nothing against a document that stands there already: it was fine when it was written. */
const hindrances: readonly string[] = [
  'period_locked',
  'account_invalid',
  'tax_not_allowed',
  'mapping_missing',
  'currency_not_enabled',
]

const areHindrances = (errors: readonly SyncError[]): boolean => errors.every(({ code }) => hindrances.includes(code))

/** The part of a posted document that its kind does not decide. */
export type DocumentParts = Pick<PostedDocument, 'contactRemoteId' | 'date' | 'currency' | 'exchangeRate' | 'lines'>

/**
 * Posts a document under that date, which comes from that field; `linesOf` makes its lines, and `complete` the whole of it.
 * What Xero would refuse is refused here, before a call is made: the first fault names the first field.
 */
export function postDocument<B extends DocumentBody, P extends PostedDocument>(
  type: DocumentType,
  document: B,
  { date, field }: { readonly date: string; readonly field: string },
  context: DocumentContext,
  linesOf: (document: B, context: DocumentContext, report: Report) => PricedLine[],
  complete: (parts: DocumentParts) => P,
): Posting<P> {
  const reason = exclusion(type, document, date, context)
  // One that was posted before is laid beside what stands in Xero all the same: it may still be just that.
  if (reason !== null && !context.postedDate) return excluded(reason)

  const errors: SyncError[] = []
  const report: Report = (error) => errors.push(error)
  const { organisation } = context.reference
  if (organisation && isLocked(date, organisation)) {
    const until = lockedUntil(organisation)
    const { standingDate = null } = context
    const stands = standingDate !== null && isLocked(standingDate, organisation) ? standsLocked(standingDate) : null
    const cause = `It is dated ${date}; Xero is locked up to ${until}.`
    report(stands ?? syncError('period_locked', { cause, field }))
  }
  const money = currency(document, context, report)
  const lines = atXeroPrecision(linesOf(document, context, report), context, report)
  // Totals of lines that are at fault would only repeat the fault in other words.
  const balanced = areHindrances(errors) ? withRounding(lines, document, context, report) : lines
  const [error] = errors
  const parts = { contactRemoteId: context.contactRemoteId, date, ...money, lines: balanced }
  // An error of the record itself cannot stand there.
  const whole = areHindrances(errors) ? complete(parts) : undefined
  if (reason !== null) return excluded(reason, whole)
  return error ? failed(error, whole) : posted(complete(parts))
}
