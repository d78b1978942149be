// What a bill becomes in Xero: head, dates, numbers, its address, accounts, taxes, other charges, and how it is removed.
import t from 'tap'
import { postBill } from '../../src/domain/posting/bill.ts'
import { postContact } from '../../src/domain/posting/contact.ts'
import { documentDependencies, needsProxyItem } from '../../src/domain/posting/document.ts'
import type { PostingContext } from '../../src/domain/posting/document-context.ts'
import { postItem } from '../../src/domain/posting/item.ts'
import { inPlaceOf, isNamedAlike, nameOf } from '../../src/domain/posting/marker.ts'
import type { PostedBill } from '../../src/domain/posting/posted.ts'
import { postRemoval } from '../../src/domain/posting/removal.ts'
import type { Bill } from '../../src/domain/records/index.ts'
import { bill, context, customer, organisation, part, reference, service, settings } from './support/builders.ts'

const posting = (body: Partial<Bill>, vendors: unknown = {}, more: Partial<PostingContext> = {}) =>
  postBill(bill(body), context({ settings: settings({ vendors }), ...more }))

const document = (body: Partial<Bill> = {}, vendors: unknown = {}, more: Partial<PostingContext> = {}): PostedBill => {
  const result = posting(body, vendors, more)
  if (result.kind !== 'posted') throw new Error(JSON.stringify(result))
  return result.document
}

t.test('given the default settings, when a received bill is posted, then it is complete', async (t) => {
  t.strictSame(document(), {
    list: 'invoices',
    kind: 'bill',
    number: 'B-77',
    contactRemoteId: 'contact-ann',
    date: '2026-05-04',
    currency: 'AUD',
    exchangeRate: undefined,
    lines: [
      {
        lineId: '1',
        itemCode: 'OT-PROXY',
        description: 'BOLT Bolt',
        quantity: '2',
        unitAmount: '10',
        discountRate: undefined,
        accountCode: '300',
        taxType: 'INPUT',
        taxAmount: undefined,
        tracking: [],
      },
    ],
    dueDate: '2026-05-04',
    status: 'AUTHORISED',
    url: 'https://sync.example.com/v1/connections/c1/bills/record-1',
  })
})

t.test('given the settings of dates, numbers and links, when posted, then each is the chosen one', async (t) => {
  const dated = (billDate: string, body: Partial<Bill> = {}) => document(body, { billDate }).date
  const invoiced = { vendorInvoiceDate: '2026-05-02' }
  t.equal(dated('receive_date'), '2026-05-04')
  t.equal(dated('receive_date', { receiveDate: undefined }), '2026-05-01')
  t.equal(dated('vendor_invoice_date', invoiced), '2026-05-02')
  t.equal(dated('vendor_invoice_date'), '2026-05-01')
  t.equal(dated('document_date', invoiced), '2026-05-01')

  t.equal(document({}, { billNumber: 'document_number' }).number, 'R-100')
  t.equal(document({ vendorInvoiceNumber: undefined }).number, 'R-100')

  const link = (template: string, recordId: string) => document({}, { deepLink: template }, { recordId }).url
  t.equal(link('https://shop.test/b/{id}?n={number}', 'a/1'), 'https://shop.test/b/a%2F1?n=R-100')
  t.equal(link('https://Shop.test/{id}', 'ä'), 'https://shop.test/%C3%A4', 'in the form in which it is compared')
})

t.test('given terms and a due date, when posted, then the vendor goes before the terms', async (t) => {
  const contactTerms = { kind: 'DAYSAFTERBILLDATE', days: 14 } as const
  const due = (body: Partial<Bill>) => document(body, {}, { contactTerms }).dueDate
  t.equal(due({ dueDate: '2026-06-01' }), '2026-06-01')
  t.equal(due({}), '2026-05-18')
  t.equal(due({ terms: { kind: 'DAYSAFTERBILLDATE', days: 7 } }), '2026-05-11')
  t.equal(due({ dueDate: '2026-05-02' }), '2026-05-04', 'never before the date')
})

t.test('given no terms of bill and vendor, when posted, then those of the organisation for bills count', async (t) => {
  const paymentTerms = [
    { kind: 'sales', type: 'DAYSAFTERBILLDATE', days: 7 },
    { kind: 'bills', type: 'OFFOLLOWINGMONTH', days: 20 },
  ] as const
  const due = (more: Partial<PostingContext>, terms: typeof paymentTerms | null = paymentTerms) =>
    document({ receiveDate: '2026-11-05' }, {}, { reference: { ...reference, paymentTerms: terms }, ...more }).dueDate
  t.equal(due({}), '2026-12-20')
  t.equal(due({ contactTerms: { kind: 'DAYSAFTERBILLDATE', days: 14 } }), '2026-11-19')
  t.equal(due({}, null), '2026-11-05')
})

t.test('given items, when posted, then purchase texts, accounts and tax codes count', async (t) => {
  const fitting = { purchaseDescription: 'Fitting, bought', purchaseTaxCode: 'GST', incomeAccount: '200' }
  const items = new Map([['fit', service({ ...fitting, salesTaxCode: 'OUTPUT2', expenseAccount: '300' })]])
  const lines = [{ id: '1', itemId: 'fit', quantity: '1', unitPrice: '5' }]
  const without = { vendors: { accounts: { purchases: null } } }
  const result = postBill(bill({ lines }), context({ settings: settings(without), items }))
  if (result.kind !== 'posted') return t.fail(JSON.stringify(result))
  t.match(result.document.lines, [
    { itemCode: 'FIT', description: 'Fitting, bought', accountCode: '300', taxType: 'INPUT' },
  ])
})

t.test('given other charges, when posted, then each is a line with its own account or the settings', async (t) => {
  const otherCharges = [
    { account: '300', amount: '10', taxCode: 'GST' },
    { amount: '5.50', description: 'Duty' },
    { itemId: 'fit', amount: '2' },
    { amount: '0' },
  ]
  const { lines } = document({ otherCharges, total: undefined }, { accounts: { otherCharges: '201' } })
  t.match(lines.slice(1), [
    { lineId: '#charge:0', description: 'Other charge', accountCode: '300', taxType: 'INPUT', unitAmount: '10' },
    { lineId: '#charge:1', description: 'Duty', accountCode: '201', unitAmount: '5.5' },
    { lineId: '#charge:2', description: 'Fitting', itemCode: 'FIT', accountCode: '201' },
  ])
  t.equal(lines.length, 4, 'a charge of nothing is no line')
  t.match(posting({ otherCharges: [{ itemId: 'none', amount: '1' }] }), {
    error: { code: 'record_missing', field: '/otherCharges/0/itemId', blockedBy: { type: 'item', id: 'none' } },
  })
})

t.test('given a charge with an item, when posted, then an account that its item names goes first', async (t) => {
  const otherCharges = [{ itemId: 'fit', amount: '2' }]
  const code = (item: object, vendors: object, items: object = {}) => {
    const given = settings({ vendors, items })
    const posted = postBill(
      bill({ lines: [{ id: '1', description: 'x', quantity: '1', unitPrice: '1' }], otherCharges }),
      context({
        settings: given,
        reference: { ...reference, accounts: null },
        items: new Map([['fit', service(item)]]),
      }),
    )
    return posted.kind === 'posted'
      ? posted.document.lines.find((one) => one.lineId === '#charge:0')?.accountCode
      : posted
  }
  const accounts = { accounts: { otherCharges: '425', purchases: '300' } }
  const items = { accounts: { expense: '310' }, itemGroups: { freight: { expense: '320' } } }
  t.equal(code({ expenseAccount: '330', itemGroup: 'freight' }, accounts, items), '330')
  t.equal(code({ itemGroup: 'freight' }, accounts, items), '320')
  t.equal(code({}, accounts, items), '425', 'a default for all items names none')
  t.equal(code({}, { accounts: { otherCharges: null, purchases: '300' } }, items), '300')
})

t.test('given a vendor with a tax code, when posted, then it goes before items, also for charges', async (t) => {
  const items = new Map([['fit', service({ purchaseTaxCode: 'GST' })]])
  const free = { contactTaxCode: 'BASEXCLUDED', items }
  const body = {
    lines: [
      { id: '1', itemId: 'fit', quantity: '1', unitPrice: '1' },
      { id: '2', itemId: 'fit', quantity: '1', unitPrice: '1', taxCode: 'GST' },
    ],
    otherCharges: [{ amount: '1' }, { itemId: 'fit', amount: '1' }, { amount: '1', taxCode: 'GST' }],
  }
  const types = (more: Partial<PostingContext>) => document(body, {}, more).lines.map((one) => one.taxType)
  t.same(types(free), ['BASEXCLUDED', 'INPUT', 'BASEXCLUDED', 'BASEXCLUDED', 'INPUT'])
  t.same(types({ items }), ['INPUT', 'INPUT', 'INPUT', 'INPUT', 'INPUT'])
  t.match(posting(body, {}, { items, contactTaxCode: 'UNHEARD' }), {
    error: { code: 'tax_code_unmapped', field: '/vendorId', cause: /"UNHEARD" of the vendor/ },
  })
})

t.test(
  'given what is missing or wrong, when posted, then the fault names the field of the vendors section',
  async (t) => {
    const error = (body: Partial<Bill>, vendors: unknown = {}, more: Partial<PostingContext> = {}) => {
      const result = posting(body, vendors, more)
      return result.kind === 'error' ? [result.error.code, result.error.field] : result.kind
    }
    const none = { accounts: { purchases: null } }
    const free = [{ id: '1', description: 'Free text', quantity: '1', unitPrice: '1' }]
    t.same(error({ lines: free }, none), ['mapping_missing', '/settings/vendors/accounts/purchases'])
    t.same(error({}, none), ['mapping_missing', '/settings/items/accounts/expense'])
    t.same(error({ otherCharges: [{ amount: '1' }] }, { accounts: { purchases: null, otherCharges: null } }), [
      'mapping_missing',
      '/settings/items/accounts/expense',
    ])
    t.same(error({}, { accounts: { purchases: '999' } }), ['account_invalid', '/settings/vendors/accounts/purchases'])
    t.same(error({}, { taxMap: { GST: 'OUTPUT' } }), ['tax_not_allowed', '/settings/vendors/taxMap/GST'])
    t.same(error({}, { taxMap: { GST: null } }), ['tax_code_unmapped', '/lines/0/taxCode'])
    t.same(error({ class: 'West' }, { trackingMap: { class: { categoryId: 'region' } } }), [
      'mapping_missing',
      '/settings/vendors/trackingMap/class/options/West',
    ])
    t.same(error({ total: '99' }), ['total_mismatch', '/total'])
    t.same(error({ total: '22.50' }, { roundingTolerance: '0.10' }), ['total_mismatch', '/total'])
    t.same(error({ currency: 'EUR' }), ['currency_not_enabled', '/currency'])
    const locked = { ...reference, organisation: { ...organisation, periodLockDate: '2026-05-31' } }
    t.same(error({}, {}, { reference: locked }), ['period_locked', '/receiveDate'])
  },
)

t.test('given a total a few cents off, when posted, then a rounding line takes it up', async (t) => {
  const { lines } = document({ total: '22.02' })
  t.match(lines.at(-1), { lineId: '#rounding', unitAmount: '0.02', accountCode: '860', taxType: 'BASEXCLUDED' })
})

t.test('given what the settings keep out, when posted, then it is excluded with the reason', async (t) => {
  t.match(posting({}, { sync: false }), { kind: 'excluded', reason: 'vendors.sync is off.' })
  t.match(posting({ status: 'ordered' }), {
    kind: 'excluded',
    reason: /"ordered" is not one of vendors\.triggerStatus\.bill/,
  })
  t.equal(posting({ status: ' RECEIVED ' }).kind, 'posted')
  t.equal(posting({ status: 'ordered' }, { triggerStatus: { bill: ['any'] } }).kind, 'posted')
  t.match(posting({}, { cutOverDate: '2026-05-05' }), { kind: 'excluded', reason: /before the cut-over date/ })
  t.equal(posting({}, { cutOverDate: '2026-05-02' }).kind, 'posted', 'it would be dated 4 May in Xero')
  t.equal(posting({}, { cutOverDate: '2026-05-02', billDate: 'document_date' }).kind, 'excluded')
})

t.test('given a bill, when its dependencies are asked for, then vendor and items come once each', async (t) => {
  const lines = ['bolt', 'fit', 'bolt'].map((itemId, n) => ({ id: String(n), itemId, quantity: '1', unitPrice: '1' }))
  const body = bill({
    lines,
    otherCharges: [
      { itemId: 'fit', amount: '1' },
      { itemId: 'duty', amount: '1' },
    ],
  })
  t.same(documentDependencies('bill', body), [
    { type: 'vendor', id: 'brass' },
    { type: 'item', id: 'bolt' },
    { type: 'item', id: 'fit' },
    { type: 'item', id: 'duty' },
  ])
  const charged = bill({ lines: [{ ...lines[1]! }], otherCharges: [{ itemId: 'bolt', amount: '1' }] })
  t.ok(needsProxyItem(charged, settings(), new Map([['bolt', part()]])), 'also for a charge')
})

t.test('given a removal, when it is posted, then the status in Xero decides, else that of the settings', async (t) => {
  const removal = (status: string | null, vendors: unknown = {}) => postRemoval('bill', settings({ vendors }), status)
  t.match(removal('AUTHORISED'), { document: { list: 'invoices', action: 'void' } })
  t.match(removal('DRAFT'), { document: { list: 'invoices', action: 'delete' } })
  t.match(removal(null, { status: 'SUBMITTED' }), { document: { action: 'delete' } })
  t.match(removal('PAID'), { kind: 'error', error: { code: 'not_modifiable', cause: /The bill is paid/ } })
  t.match(removal('VOIDED'), { kind: 'excluded' })
})

t.test(
  'given a bill that was sent before, when it is looked for, then under its number and address of then',
  async (t) => {
    const before = document({ vendorInvoiceNumber: 'B-1' })
    const now = document({ vendorInvoiceNumber: 'B-2' }, { deepLink: 'https://shop.test/{id}' })
    t.match(inPlaceOf(now, before), { number: 'B-1', url: before.url, lines: now.lines })
    t.notOk(isNamedAlike(before, now))
    t.notOk(isNamedAlike(before, { ...before, number: 'B-2' }), 'a new number is a renaming')
    t.ok(isNamedAlike(before, { ...before, date: '2026-01-01' }))
    t.equal(nameOf(before), 'B-1', 'people call it by its number')
  },
)

t.test('given purchase tax codes, when items and vendors are posted, then the map of vendors counts', async (t) => {
  const item = postItem(service({ purchaseTaxCode: 'GST', salesTaxCode: 'GST' }), settings())
  t.match(item, { document: { sales: { taxType: 'OUTPUT' }, purchase: { taxType: 'INPUT' } } })
  const grouped = settings({ items: { itemGroups: { a: { purchaseTaxCode: 'GST' } } } })
  t.match(postItem(service({ itemGroup: 'a' }), grouped), { document: { purchase: { taxOtherwise: 'INPUT' } } })
  const contact = postContact(customer({ purchaseTaxCode: 'GST' }), { role: 'vendor', recordId: 'v' }, settings())
  t.match(contact, { document: { purchaseTaxType: 'INPUT' } })
})
