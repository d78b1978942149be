// An invoice record → a sales invoice in Xero. What Xero would refuse is refused here, before a call is made, with a
// pointer in `field`: into the record, or below /settings into the settings.

import { isLocked, lockedUntil } from '../lock-dates.ts'
import type { Invoice, Item } from '../records/index.ts'
import type { Settings } from '../settings/index.ts'
import { syncError } from '../sync-errors.ts'
import type { RecordReference, SyncError } from '../sync-state.ts'
import type { InvoiceContext, Report } from './invoice-context.ts'
import { invoiceDate, invoiceDueDate } from './invoice-dates.ts'
import { invoiceLines } from './invoice-lines.ts'
import { usesProxy } from './item.ts'
import type { PostedInvoice } from './posted.ts'
import { excluded, failed, type Posting, posted } from './posting.ts'
import { withRounding } from './rounding.ts'
import { reachesTrigger } from './trigger.ts'

export type { InvoiceContext } from './invoice-context.ts'

/** The records that must be in Xero first. */
export function invoiceDependencies(invoice: Invoice): RecordReference[] {
  const items = new Set(invoice.lines.map((line) => line.itemId).filter((id) => id !== undefined))
  return [{ type: 'customer', id: invoice.customerId }, ...[...items].map((id) => ({ type: 'item' as const, id }))]
}

/** True when a line will carry the proxy item, which must then exist in Xero. */
export const needsProxyItem = (invoice: Invoice, settings: Settings, items: ReadonlyMap<string, Item>): boolean =>
  invoice.lines.some((line) => {
    const item = line.itemId === undefined ? undefined : items.get(line.itemId)
    return item !== undefined && usesProxy(item, settings)
  })

/** Xero marks what it numbers itself by the reference: it must then name the document, or a lost answer is not found. */
function numberAndReference(invoice: Invoice, settings: Settings): Pick<PostedInvoice, 'number' | 'reference'> {
  const { number, prefix, reference } = settings.invoices
  const ownNumber = prefix + invoice.number
  if (number === 'xero') return { reference: ownNumber }
  const references = { customer_po: invoice.customerPo, document_number: ownNumber, none: undefined }
  return { number: ownNumber, reference: references[reference] }
}

/** The currency is always named where it is known: Xero would otherwise take the contact's default. */
function currency(invoice: Invoice, context: InvoiceContext, report: Report) {
  const { organisation, currencies } = context.reference
  const base = organisation?.baseCurrency
  const code = invoice.currency ?? base
  const isForeign = code !== undefined && code !== base
  if (isForeign && currencies !== null && !currencies.some((entry) => entry.code === code)) {
    report(syncError('currency_not_enabled', { cause: `${code} is not enabled in Xero.`, field: '/currency' }))
  }
  return { currency: code, exchangeRate: isForeign ? invoice.exchangeRate : undefined }
}

function deepLink(invoice: Invoice, context: InvoiceContext): string | undefined {
  const template = context.settings.invoices.deepLink
  const values: Record<string, string | undefined> = {
    id: invoice.id ?? context.recordId,
    number: invoice.number,
  }
  return template?.replaceAll(/\{(id|number)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function exclusion(invoice: Invoice, date: string, settings: Settings): string | null {
  const { sync, cutOverDate } = settings.invoices
  if (!sync) return 'invoices.sync is off.'
  if (!reachesTrigger('invoice', invoice, settings)) {
    return `The status "${invoice.status}" is not one of invoices.triggerStatus.`
  }
  if (cutOverDate !== null && date < cutOverDate) return `It is dated ${date}, before the cut-over date ${cutOverDate}.`
  return null
}

export function postInvoice(invoice: Invoice, context: InvoiceContext): Posting<PostedInvoice> {
  const { settings, reference } = context
  const { date, field } = invoiceDate(invoice, context)
  const reason = exclusion(invoice, date, settings)
  if (reason !== null) return excluded(reason)

  const errors: SyncError[] = []
  const report: Report = (error) => errors.push(error)
  if (reference.organisation && isLocked(date, reference.organisation)) {
    const until = lockedUntil(reference.organisation)
    report(syncError('period_locked', { cause: `It is dated ${date}; Xero is locked up to ${until}.`, field }))
  }
  const money = currency(invoice, context, report)
  const lines = invoiceLines(invoice, context, report)
  // Totals of lines that are at fault would only repeat the fault in other words.
  const balanced = errors.length === 0 ? withRounding(lines, invoice, context, report) : lines
  const [error] = errors
  if (error) return failed(error)

  const { status, sentToContact, brandingThemeId } = settings.invoices
  return posted({
    list: 'invoices',
    kind: 'sale',
    ...numberAndReference(invoice, settings),
    contactRemoteId: context.contactRemoteId,
    date,
    dueDate: invoiceDueDate(invoice, date, context),
    ...money,
    status,
    brandingThemeId: brandingThemeId ?? undefined,
    url: deepLink(invoice, context),
    sentToContact: sentToContact && status === 'AUTHORISED' ? true : undefined,
    lines: balanced,
  })
}
