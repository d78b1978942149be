// Invoices and bills: list, by id or number, create (PUT), create or update (POST).
import { zeroId } from '../../ids.ts'
import { has, text } from '../../json.ts'
import type { Invoice } from '../../state.ts'
import { type Answer, missing, ok } from '../answer.ts'
import { type Call, type Row, unitDigits } from '../call.ts'
import { lists } from '../lists.ts'
import { isPaged, listed, readList, switched } from '../read.ts'
import { elementsOf, writeBatch } from '../write.ts'
import { invoiceByKey, matchInvoice } from './find.ts'
import { saveInvoice } from './save.ts'
import { type InvoiceDetail, invoiceView } from './view.ts'

const behaviour = lists.Invoices!

export function getInvoices(call: Call): Answer {
  const { organisation } = call
  const [key] = call.segments
  if (key !== undefined) {
    const invoice = invoiceByKey(organisation, key)
    if (!invoice) throw missing('invoice')
    return ok(call.world.app.name, call.at, 'Invoices', [
      invoiceView(organisation, invoice, 'full', call.at, unitDigits(call)),
    ])
  }
  const filters: [wanted: Set<string> | undefined, of: (invoice: Invoice) => string | undefined][] = [
    [listed(call, 'IDs'), (one) => one.InvoiceID],
    [listed(call, 'InvoiceNumbers'), (one) => one.InvoiceNumber],
    [listed(call, 'ContactIDs'), (one) => one.contactId],
    [listed(call, 'Statuses'), (one) => one.Status],
  ]
  const search = call.query.get('searchTerm')?.toLowerCase()
  const mine = switched(call, 'createdByMyApp')
  const detail: InvoiceDetail = switched(call, 'summaryOnly') ? 'summary' : isPaged(call, behaviour) ? 'paged' : 'thin'
  const rows: Row[] = []
  for (const invoice of organisation.invoices.values()) {
    if (mine && !invoice.createdByApp) continue
    if (filters.some(([wanted, of]) => wanted && !wanted.has(of(invoice)?.toLowerCase() ?? ''))) continue
    if (search !== undefined && !found(call, invoice, search)) continue
    rows.push({
      id: invoice.InvoiceID,
      updatedAt: invoice.updatedAt,
      view: () => invoiceView(organisation, invoice, detail, call.at, unitDigits(call)),
    })
  }
  return readList(call, behaviour, rows)
}

function found(call: Call, invoice: Invoice, search: string): boolean {
  const name = call.organisation.contacts.get(invoice.contactId)?.Name
  return [invoice.InvoiceNumber, invoice.Reference, name].some((value) => value?.toLowerCase().includes(search))
}

export function writeInvoices(call: Call): Answer {
  const { organisation } = call
  const [key] = call.segments
  const target = key === undefined ? undefined : invoiceByKey(organisation, key)
  if (key !== undefined && !target) throw missing('invoice')
  return writeBatch(call, behaviour, elementsOf(call, behaviour), (element) => {
    const create = call.method === 'PUT'
    const refused = (problems: string[], invoice?: Invoice) => ({
      problems,
      echo: { ...element, InvoiceID: invoice?.InvoiceID ?? zeroId },
    })
    if (create && text(element, 'InvoiceID') !== undefined)
      return refused(['InvoiceID cannot be specified when creating an invoice.'])
    const before = create ? undefined : (target ?? matchInvoice(organisation, element))
    if (has(element, 'Reference') && (before?.Type ?? element.Type) === 'ACCPAY')
      call.unknown.push('Invoices.Reference (ACCREC only)')
    const saved = saveInvoice(call, element, before)
    if (Array.isArray(saved)) return refused(saved, before)
    return { view: invoiceView(organisation, saved, 'write', call.at, unitDigits(call)) }
  })
}
