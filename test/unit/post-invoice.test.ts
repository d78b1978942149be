// What an invoice becomes in Xero: head, dates, numbers, exclusions and refusals. Lines and totals have files of their own.
import t from 'tap'
import { documentDependencies, needsProxyItem } from '../../src/domain/posting/document.ts'
import type { PostingContext } from '../../src/domain/posting/document-context.ts'
import { postedHash } from '../../src/domain/posting/hash.ts'
import { postInvoice } from '../../src/domain/posting/invoice.ts'
import type { PostedInvoice } from '../../src/domain/posting/posted.ts'
import type { Invoice } from '../../src/domain/records/index.ts'
import { context, invoice, line, noReference, organisation, reference, settings } from './support/builders.ts'

const document = (body: Invoice, patch: unknown = {}, more: Partial<PostingContext> = {}): PostedInvoice => {
  const posting = postInvoice(body, context({ settings: settings(patch), ...more }))
  if (posting.kind !== 'posted') throw new Error(JSON.stringify(posting))
  return posting.document
}

t.test('given the default settings, when a shipped invoice is posted, then its head is complete', async (t) => {
  const { lines, ...head } = document(invoice({ customerPo: 'PO 5' }))
  t.strictSame(head, {
    list: 'invoices',
    kind: 'sale',
    number: '100',
    reference: 'PO 5',
    contactRemoteId: 'contact-ann',
    date: '2026-05-04',
    dueDate: '2026-05-04',
    currency: 'AUD',
    exchangeRate: undefined,
    status: 'AUTHORISED',
    brandingThemeId: undefined,
    url: undefined,
    sentToContact: undefined,
  })
  t.equal(lines.length, 1)
})

t.test('given the date settings, when posted, then the date is the chosen one', async (t) => {
  const dated = (date: string, more: Partial<PostingContext> = {}, body = invoice()) =>
    document(body, { invoices: { date } }, more).date
  t.equal(dated('ship_date'), '2026-05-04')
  t.equal(dated('ship_date', {}, invoice({ shipDate: undefined })), '2026-05-01')
  t.equal(dated('document_date'), '2026-05-01')
  t.equal(dated('sync_date'), '2026-05-10')
  t.equal(dated('sync_date', { postedDate: '2026-05-08' }), '2026-05-08', 'an update does not move it')
})

t.test('given terms and due dates, when posted, then the due date follows the setting and falls back', async (t) => {
  const net = (days: number) => ({ kind: 'DAYSAFTERBILLDATE', days }) as const
  const due = (from: string, body: Partial<Invoice>, contactTerms?: Invoice['terms']) =>
    document(invoice(body), { invoices: { dueDate: { from, days: 10 } } }, { contactTerms }).dueDate
  t.equal(due('terms', { terms: net(7) }, net(14)), '2026-05-11')
  t.equal(due('terms', {}, net(14)), '2026-05-18')
  t.equal(due('terms', { dueDate: '2026-06-01' }), '2026-06-01')
  t.equal(due('document', { dueDate: '2026-06-01', terms: net(7) }), '2026-06-01')
  t.equal(due('document', { terms: net(7) }), '2026-05-11')
  t.equal(due('days', { dueDate: '2026-06-01', terms: net(7) }), '2026-05-14')
  t.equal(due('document', { dueDate: '2026-05-02' }), '2026-05-04', 'never before the date')
  t.equal(due('terms', { terms: { kind: 'DAYSAFTERBILLMONTH', days: 20 } }), '2026-06-20')
  t.equal(due('terms', { terms: { kind: 'OFCURRENTMONTH', days: 31 } }), '2026-05-31')
  t.equal(due('terms', { terms: { kind: 'OFFOLLOWINGMONTH', days: 31 } }), '2026-06-30')
  t.equal(due('terms', { terms: { kind: 'OFCURRENTMONTH', days: 2 } }), '2026-05-04')
})

t.test('given no terms of invoice and customer, when posted, then those of the organisation count', async (t) => {
  const net = (days: number) => ({ kind: 'DAYSAFTERBILLDATE', days }) as const
  const own = { ...reference, paymentTerms: [{ kind: 'sales', type: 'DAYSAFTERBILLDATE', days: 20 } as const] }
  const due = (from: string, body: Partial<Invoice>, more: Partial<PostingContext> = {}) =>
    document(invoice(body), { invoices: { dueDate: { from } } }, { reference: own, ...more }).dueDate
  t.equal(due('terms', { dueDate: '2026-06-01' }), '2026-05-24', "before the document's own date")
  t.equal(due('terms', {}, { contactTerms: net(7) }), '2026-05-11')
  t.equal(due('terms', { terms: net(3) }, { contactTerms: net(7) }), '2026-05-07')
  t.equal(due('document', { dueDate: '2026-06-01' }), '2026-06-01')
  t.equal(due('document', {}), '2026-05-24')
  const odd = { ...reference, paymentTerms: [{ kind: 'sales', type: 'SOMEDAY', days: 20 } as const] }
  t.equal(due('terms', { dueDate: '2026-06-01' }, { reference: odd }), '2026-06-01', 'a kind that is not known is none')
  const bills = { ...reference, paymentTerms: [{ kind: 'bills', type: 'DAYSAFTERBILLDATE', days: 20 } as const] }
  t.equal(due('terms', {}, { reference: bills }), '2026-05-04', 'those of bills say nothing of sales')
})

t.test('given numbers, prefix and reference, when posted, then the marker is never missing', async (t) => {
  const named = (patch: object, body: Partial<Invoice> = { customerPo: 'PO 5' }) => {
    const { number, reference: ref } = document(invoice(body), { invoices: patch })
    return [number, ref]
  }
  t.same(named({ prefix: 'SD-' }), ['SD-100', 'PO 5'])
  t.same(named({ prefix: 'SD-', reference: 'document_number' }), ['SD-100', 'SD-100'])
  t.same(named({ reference: 'none' }), ['100', undefined])
  t.same(named({}, {}), ['100', undefined])
  t.same(named({ number: 'xero', reference: 'document_number', prefix: 'SD-' }), [undefined, 'SD-100'])
  t.same(named({ number: 'xero' }), [undefined, '100'], 'even where the settings say otherwise')
})

t.test('given status, theme, link and sent flag, when posted, then they are passed on as Xero allows', async (t) => {
  const patch = (status: string) => ({
    invoices: { status, sentToContact: true, brandingThemeId: 'theme', deepLink: 'https://app.test/{id}?n={number}' },
  })
  t.match(document(invoice({ number: 'A/1' }), patch('AUTHORISED'), { recordId: 'ship 1' }), {
    status: 'AUTHORISED',
    sentToContact: true,
    brandingThemeId: 'theme',
    url: 'https://app.test/ship%201?n=A%2F1',
  })
  t.match(document(invoice(), patch('DRAFT')), { status: 'DRAFT', sentToContact: undefined })
})

t.test('given currencies, when posted, then the base one is named and a foreign one must be enabled', async (t) => {
  t.match(document(invoice({ currency: 'USD', exchangeRate: '0.65' })), { currency: 'USD', exchangeRate: '0.65' })
  t.match(document(invoice({ currency: 'AUD', exchangeRate: '0.65' })), { currency: 'AUD', exchangeRate: undefined })
  const posting = postInvoice(invoice({ currency: 'EUR' }), context())
  t.match(posting, { kind: 'error', error: { code: 'currency_not_enabled', field: '/currency', cause: /EUR/ } })
  const unknown = context({ reference: { ...reference, currencies: null } })
  t.equal(postInvoice(invoice({ currency: 'EUR' }), unknown).kind, 'posted')
})

t.test('given what the settings keep out, when posted, then it is excluded with the reason', async (t) => {
  const reason = (body: Partial<Invoice>, patch: object) => {
    const posting = postInvoice(invoice(body), context({ settings: settings({ invoices: patch }) }))
    return posting.kind === 'excluded' ? posting.reason : posting.kind
  }
  t.match(reason({}, { sync: false }), /invoices\.sync/)
  t.match(reason({ status: 'packed' }, {}), /packed/)
  t.equal(reason({ status: 'Shipped' }, {}), 'posted')
  t.equal(reason({ status: 'packed' }, { triggerStatus: { invoice: ['any'] } }), 'posted')
  t.equal(reason({ status: 'Versendet' }, { triggerStatus: { invoice: ['billed', 'versendet'] } }), 'posted')
  t.match(reason({}, { triggerStatus: { invoice: [] } }), /shipped/)
  t.match(reason({}, { cutOverDate: '2026-05-05' }), /2026-05-05/)
  t.equal(reason({}, { cutOverDate: '2026-05-04' }), 'posted')
})

t.test('given lock dates, when posted, then a date on or before the later one is refused', async (t) => {
  const locked = (periodLockDate: string | null, endOfYearLockDate: string | null, patch: object = {}) => {
    const data = { ...reference, organisation: { ...organisation, periodLockDate, endOfYearLockDate } }
    const posting = postInvoice(invoice(), context({ reference: data, settings: settings({ invoices: patch }) }))
    return posting.kind === 'error' ? `${posting.error.code} ${posting.error.field}` : posting.kind
  }
  t.equal(locked('2026-05-03', null), 'posted')
  t.equal(locked('2026-05-04', null), 'period_locked /shipDate')
  t.equal(locked('2025-06-30', '2026-06-30'), 'period_locked /shipDate')
  t.equal(locked('2026-06-30', '2025-06-30'), 'period_locked /shipDate')
  t.equal(locked('2026-05-02', null, { date: 'document_date' }), 'period_locked /date')
  t.equal(locked('2026-05-10', null, { date: 'sync_date' }), 'period_locked /settings/invoices/date')
})

t.test('given an invoice, when its dependencies are asked for, then customer and items come once each', async (t) => {
  const lines = [line(), line({ id: '2', itemId: 'fit' }), line({ id: '3' }), line({ id: '4', itemId: undefined })]
  t.same(documentDependencies('invoice', invoice({ lines })), [
    { type: 'customer', id: 'ann' },
    { type: 'item', id: 'bolt' },
    { type: 'item', id: 'fit' },
  ])
})

t.test('given inventory modes, when it is asked whether a proxy is needed, then only for items kept out', async (t) => {
  const { items } = context()
  const needs = (itemId: string | undefined, patch: unknown = {}) =>
    needsProxyItem(invoice({ lines: [line({ itemId })] }), settings(patch), items)
  t.equal(needs('bolt'), true)
  t.equal(needs('bolt', { items: { inventoryMode: 'sync_inventory' } }), false)
  t.equal(needs('fit'), false)
  t.equal(needs('fit', { items: { syncNonInventory: false } }), true)
  t.equal(needs(undefined), false)
})

t.test(
  'given one invoice, when it is posted twice, then the hash is the same, and changes with any field',
  async (t) => {
    const one = document(invoice())
    t.equal(postedHash(one), postedHash(document(invoice({ memo: 'not posted' }))))
    t.not(postedHash(one), postedHash(document(invoice({ lines: [line({ quantity: '3' })] }))))
    t.not(postedHash(one), postedHash(document(invoice(), { invoices: { status: 'DRAFT' } })))
  },
)

t.test('given no reference lists at all, when posted, then nothing is judged against them', async (t) => {
  const posting = postInvoice(invoice({ total: '999', currency: 'EUR' }), context({ reference: noReference }))
  t.match(posting, {
    kind: 'posted',
    document: { currency: 'EUR', lines: [{ accountCode: '200', taxType: 'OUTPUT' }] },
  })
})
