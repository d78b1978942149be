// Lines of a posted invoice: items and proxies, accounts, tax types, tracking, shipping, discounts, rounding.
import t from 'tap'
import type { PostingContext } from '../../src/domain/posting/document-context.ts'
import { postInvoice } from '../../src/domain/posting/invoice.ts'
import type { PostedLine } from '../../src/domain/posting/posted.ts'
import type { Invoice, InvoiceLine } from '../../src/domain/records/index.ts'
import { context, invoice, line, part, reference, service, settings, taxRate } from './support/builders.ts'

const post = (body: Partial<Invoice>, patch: unknown = {}, more: Partial<PostingContext> = {}) =>
  postInvoice(invoice(body), context({ settings: settings(patch), ...more }))
const lines = (
  body: Partial<Invoice>,
  patch: unknown = {},
  more: Partial<PostingContext> = {},
): readonly PostedLine[] => {
  const posting = post(body, patch, more)
  if (posting.kind !== 'posted') throw new Error(JSON.stringify(posting))
  return posting.document.lines
}
const first = (more: Partial<InvoiceLine>, patch: unknown = {}, extra: Partial<PostingContext> = {}): PostedLine =>
  lines({ lines: [line(more)] }, patch, extra)[0]!
const refusal = (body: Partial<Invoice>, patch: unknown = {}, more: Partial<PostingContext> = {}): string => {
  const posting = post(body, patch, more)
  return posting.kind === 'error' ? `${posting.error.code} ${posting.error.field}` : posting.kind
}

t.test(
  'given a stocked item, when posted, then it is the proxy with the code in the text, or the item itself',
  async (t) => {
    t.match(first({ description: 'M8' }), {
      itemCode: 'OT-PROXY',
      description: 'BOLT M8',
      quantity: '2',
      unitAmount: '10',
    })
    t.match(first({}), { description: 'BOLT Bolt' })
    t.match(first({ description: 'M8' }, { items: { inventoryMode: 'sync_inventory' } }), {
      itemCode: 'BOLT',
      description: 'M8',
    })
    t.match(first({ itemId: 'fit' }), { itemCode: 'FIT', description: 'Fitting' })
    t.match(first({ itemId: undefined, description: 'Words' }), { itemCode: undefined, description: 'Words' })
    t.equal(first({ description: 'x'.repeat(4000) }).description.length, 4000)
    const emoji = first({ description: `${'x'.repeat(3994)}\u{1F600}` }).description
    t.equal(emoji, `BOLT ${'x'.repeat(3994)}`, 'an emoji is never cut in half')
  },
)

t.test('given an item never handed over, when posted, then the line is refused and names it', async (t) => {
  t.match(post({ lines: [line({ itemId: 'nut' })] }), {
    error: { code: 'record_missing', field: '/lines/0/itemId', blockedBy: { type: 'item', id: 'nut' } },
  })
})

t.test('given a code that is too long and refused, when posted, then the line says which', async (t) => {
  const items = new Map([['fit', service({ code: 'x'.repeat(31) })]])
  const body = { lines: [line({ itemId: 'fit' })] }
  t.equal(refusal(body, { items: { longCode: 'reject' } }, { items }), 'code_too_long /lines/0/itemId')
  t.match(lines(body, {}, { items })[0]?.itemCode, /^x{21}~/)
})

t.test('given accounts in several places, when posted, then record goes before group before settings', async (t) => {
  const patch = { items: { accounts: { income: '201' }, itemGroups: { hardware: { income: '260' } } } }
  const code = (item: object, settingsPatch: unknown = patch) =>
    first({}, settingsPatch, { items: new Map([['bolt', part(item)]]) }).accountCode
  t.equal(code({ itemGroup: 'hardware', incomeAccount: '200' }), '200')
  t.equal(code({ itemGroup: 'hardware' }), '260')
  t.equal(code({}), '201')
  t.equal(code({}, {}), '200')
  t.equal(first({ itemId: undefined, description: 'x' }, patch).accountCode, '200')
})

t.test('given no account anywhere, when posted, then the field to fill in is named', async (t) => {
  const none = { invoices: { accounts: { sales: null } } }
  t.equal(refusal({}, none), 'mapping_missing /settings/items/accounts/income')
  t.equal(
    refusal({ lines: [line({ itemId: undefined, description: 'x' })] }, none),
    'mapping_missing /settings/invoices/accounts/sales',
  )
  const own = { ...none, items: { accounts: { income: '200' } } }
  t.equal(
    refusal({ shipping: { amount: '5', taxCode: 'GST' } }, own),
    'mapping_missing /settings/invoices/accounts/shipping',
  )
})

t.test('given accounts that Xero refuses, when posted, then the field that names them is told', async (t) => {
  const item = (incomeAccount: string) => ({ items: new Map([['bolt', part({ incomeAccount })]]) })
  t.equal(refusal({}, {}, item('999')), 'account_invalid /lines/0/itemId')
  t.equal(refusal({}, {}, item('202')), 'account_invalid /lines/0/itemId', 'archived')
  t.equal(refusal({}, {}, item('630')), 'account_invalid /lines/0/itemId', 'inventory')
  t.equal(
    refusal({}, { invoices: { accounts: { sales: '999' } } }),
    'account_invalid /settings/invoices/accounts/sales',
  )
  const group = { items: new Map([['bolt', part({ itemGroup: 'a/b' })]]) }
  const patch = { items: { itemGroups: { 'a/b': { income: '999' } } } }
  t.equal(refusal({}, patch, group), 'account_invalid /settings/items/itemGroups/a~1b/income')
})

t.test('given tax codes, when posted, then they are mapped, known, defaulted, or refused', async (t) => {
  const type = (taxCode: string | undefined, patch: object = {}) => first({ taxCode }, { invoices: patch }).taxType
  t.equal(type('GST'), 'OUTPUT')
  t.equal(type('OUTPUT2'), 'OUTPUT2')
  t.equal(type('FREE', { defaultTaxType: 'EXEMPTOUTPUT' }), 'EXEMPTOUTPUT')
  t.equal(type(undefined), 'OUTPUT', "the account's")
  t.equal(type(undefined, { defaultTaxType: 'EXEMPTOUTPUT' }), 'EXEMPTOUTPUT')
  t.equal(refusal({ lines: [line({ taxCode: 'FREE' })] }), 'tax_code_unmapped /lines/0/taxCode')
  t.equal(refusal({ lines: [line({ taxCode: 'constructor' })] }), 'tax_code_unmapped /lines/0/taxCode')
  const item = { items: new Map([['bolt', part({ salesTaxCode: 'OUTPUT2' })]]) }
  t.equal(first({ taxCode: undefined }, {}, item).taxType, 'OUTPUT2')
  t.equal(first({ taxCode: 'GST' }, {}, item).taxType, 'OUTPUT', 'the line goes before the item')
})

t.test('given a customer with a tax code, when posted, then it goes before items, groups and defaults', async (t) => {
  const patch = { items: { itemGroups: { hardware: { salesTaxCode: 'GST' } } }, invoices: { defaultTaxType: 'OUTPUT' } }
  const items = new Map([['bolt', part({ salesTaxCode: 'OUTPUT2', itemGroup: 'hardware' })]])
  const exporter = { contactTaxCode: 'EXEMPTOUTPUT', items }
  const body = {
    lines: [line({ taxCode: undefined }), line({ id: '2' }), line({ id: '3', itemId: undefined, taxCode: undefined })],
    shipping: { amount: '5' },
  }
  const types = (more: Partial<PostingContext>) => lines(body, patch, more).map((one) => one.taxType)
  t.same(types(exporter), ['EXEMPTOUTPUT', 'OUTPUT', 'EXEMPTOUTPUT', 'EXEMPTOUTPUT'])
  t.same(types({ items }), ['OUTPUT2', 'OUTPUT', 'OUTPUT', 'OUTPUT'])
  t.same(types({ items: new Map([['bolt', part({ itemGroup: 'hardware' })]]) })[0], 'OUTPUT', "the group's")
  const taxed = lines({ ...body, shipping: { amount: '5', taxCode: 'GST' } }, patch, exporter)
  t.equal(taxed[3]?.taxType, 'OUTPUT', 'shipping with a code of its own')
  const discounted = lines({ ...body, discount: { amount: '4' } }, patch, exporter)
  t.equal(discounted.find((one) => one.lineId.startsWith('#discount'))?.taxType, 'EXEMPTOUTPUT')
  t.match(post(body, { invoices: { defaultTaxType: null } }, { ...exporter, contactTaxCode: 'UNHEARD' }), {
    error: { code: 'tax_code_unmapped', field: '/customerId', cause: /"UNHEARD" of the customer/ },
  })
})

t.test('given a tax type that the account refuses or that is archived, when posted, then it is refused', async (t) => {
  const mapped = (taxType: string) => refusal({}, { invoices: { taxMap: { GST: taxType } } })
  t.equal(mapped('INPUT'), 'tax_not_allowed /settings/invoices/taxMap/GST')
  t.equal(mapped('OLD'), 'tax_not_allowed /settings/invoices/taxMap/GST')
  t.equal(mapped('NOPE'), 'tax_not_allowed /settings/invoices/taxMap/GST')
})

t.test('given classes, when posted, then they become options, and unknown ones are refused', async (t) => {
  const patch = { invoices: { trackingMap: { class: { categoryId: 'region', options: { N: 'North', S: 'South' } } } } }
  const north = [{ categoryId: 'region', option: 'North' }]
  t.same(first({ class: 'N' }, patch).tracking, north)
  t.same(first({ class: 'North' }, patch).tracking, north, 'by its own name')
  t.same(lines({ class: 'N' }, patch)[0]?.tracking, north, 'of the whole document')
  t.same(lines({ class: 'N', shipping: { amount: '1', taxCode: 'GST' } }, patch)[1]?.tracking, north)
  t.same(first({ class: 'N' }).tracking, [], 'without a map')
  t.same(first({}, patch).tracking, [])
  const at = '/settings/invoices/trackingMap/class/options'
  t.equal(refusal({ class: 'X/Y' }, patch), `mapping_missing ${at}/X~1Y`)
  t.equal(refusal({ class: 'S' }, patch), `mapping_missing ${at}/S`, 'archived')
})

t.test('given a price of more than four decimals and a tax amount, when posted, then both are rounded', async (t) => {
  t.match(first({ unitPrice: '1.23455', taxAmount: '0.245' }), { unitAmount: '1.2346', taxAmount: '0.25' })
  t.equal(first({ discountRate: '0' }).discountRate, undefined)
  t.equal(first({ discountRate: '12.5' }).discountRate, '12.5')
})

t.test('given shipping, when posted, then it is a line of its own behind the others', async (t) => {
  const shipping = { amount: '15', taxCode: 'GST' }
  t.match(lines({ shipping }, { invoices: { accounts: { shipping: '260' } } })[1], {
    lineId: '#shipping',
    description: 'Shipping',
    quantity: '1',
    unitAmount: '15',
    accountCode: '260',
    taxType: 'OUTPUT',
  })
  t.equal(lines({ shipping })[1]?.accountCode, '200')
  t.equal(lines({ shipping: { amount: '0.00' } }).length, 1)
  t.equal(refusal({ shipping: { amount: '1', taxCode: 'FREE' } }), 'tax_code_unmapped /shipping/taxCode')
})

const two = [
  line({ unitPrice: '100', quantity: '1' }),
  line({ id: '2', unitPrice: '50', quantity: '1', taxCode: 'EXEMPTOUTPUT' }),
]
const shape = (posted: readonly PostedLine[]) =>
  posted.map((entry) => `${entry.lineId} ${entry.unitAmount} ${entry.taxType} ${entry.discountRate ?? ''}`.trim())

t.test('given a discount rate, when posted as a rate, then it joins that of the line', async (t) => {
  t.same(shape(lines({ lines: two, discount: { rate: '10' } })), ['1 100 OUTPUT 10', '2 50 EXEMPTOUTPUT 10'])
  t.equal(lines({ lines: [line({ discountRate: '10' })], discount: { rate: '5' } })[0]?.discountRate, '14.5')
  const shipped = lines({ discount: { rate: '10' }, shipping: { amount: '9', taxCode: 'GST' } })
  t.equal(shipped[1]?.discountRate, undefined, 'shipping is not discounted')
})

t.test(
  'given a discount that is no plain rate, when posted, then there is a negative line for each tax type',
  async (t) => {
    const expected = [
      '1 100 OUTPUT',
      '2 50 EXEMPTOUTPUT',
      '#discount:OUTPUT -10 OUTPUT',
      '#discount:EXEMPTOUTPUT -5 EXEMPTOUTPUT',
    ]
    t.same(
      shape(lines({ lines: two, discount: { rate: '10' } }, { invoices: { discount: 'negative_line' } })),
      expected,
    )
    t.same(shape(lines({ lines: two, discount: { amount: '15' } })), expected, 'an amount is no rate')
    const fine = lines({ lines: [line({ discountRate: '12.5' })], discount: { rate: '7.25' } })
    t.same(shape(fine), ['1 10 OUTPUT 12.5', '#discount:OUTPUT -1.27 OUTPUT'], '18.84375 % has too many decimals')
    const own = { invoices: { accounts: { discount: '260' } } }
    t.equal(lines({ lines: two, discount: { amount: '15' } }, own)[2]?.accountCode, '260')
  },
)

t.test('given lines whose tax was handed over, when a discount is posted as lines, then their tax stays', async (t) => {
  const given = [line({ taxAmount: '0.90' }), line({ id: '2' })]
  const posted = lines({ lines: given, discount: { amount: '4' } })
  t.match(posted.slice(2), [
    { lineId: '#discount:OUTPUT:given', unitAmount: '-2', taxAmount: '0' },
    { lineId: '#discount:OUTPUT', unitAmount: '-2', taxAmount: undefined },
  ])
})

t.test('given a total that fits, when posted, then no line is added', async (t) => {
  t.equal(lines({ total: '22' }).length, 1)
  t.equal(lines({ total: '22.004' }).length, 1, 'Xero knows no fractions of a cent')
  t.equal(lines({ total: '21.00', lines: [line({ taxAmount: '1' })] }).length, 1)
})

t.test("given Xero's own example of rounding, when posted, then the total is that of Xero", async (t) => {
  const patch = { invoices: { taxMap: { GST: 'OUTPUT2' } } }
  const three = ['25.06', '25.61', '25.63'].map((unitPrice, index) =>
    line({ id: `${index}`, quantity: '1', unitPrice }),
  )
  t.equal(lines({ lines: three, total: '87.74' }, patch).length, 3)
  t.match(lines({ lines: three, total: '87.75' }, patch)[3], { lineId: '#rounding', unitAmount: '0.01' })
})

t.test('given a total within the tolerance, when posted, then a rounding line without tax absorbs it', async (t) => {
  const rounding = { lineId: '#rounding', quantity: '1', accountCode: '860', taxType: 'BASEXCLUDED', tracking: [] }
  t.match(lines({ total: '22.05' })[1], { ...rounding, unitAmount: '0.05' })
  t.match(lines({ total: '21.95' })[1], { ...rounding, unitAmount: '-0.05' })
  const own = { invoices: { accounts: { rounding: '260' }, exemptTaxType: 'EXEMPTOUTPUT' } }
  t.match(lines({ total: '22.01' }, own)[1], { accountCode: '260', taxType: 'EXEMPTOUTPUT' })
  const without = { ...reference, accounts: reference.accounts!.filter((entry) => entry.systemAccount !== 'ROUNDING') }
  t.equal(
    refusal({ total: '22.01' }, {}, { reference: without }),
    'mapping_missing /settings/invoices/accounts/rounding',
  )
})

t.test(
  'given several rates of 0 %, when a rounding line is posted, then one that its account allows is taken',
  async (t) => {
    const none = taxRate('NONE', '0', ['REVENUE'])
    const data = { ...reference, taxRates: [none, ...reference.taxRates!] }
    t.equal(lines({ total: '22.01' }, {}, { reference: data })[1]?.taxType, 'BASEXCLUDED')
    const revenue = { invoices: { accounts: { rounding: '260' } } }
    t.equal(lines({ total: '22.01' }, revenue, { reference: data })[1]?.taxType, 'NONE')
  },
)

t.test('given one tax type under several names, when posted, then the active one counts', async (t) => {
  const archived = taxRate('OUTPUT', '12.5', ['REVENUE'], { status: 'ARCHIVED' })
  const data = { ...reference, taxRates: [archived, ...reference.taxRates!] }
  t.equal(refusal({ total: '22' }, {}, { reference: data }), 'posted')
})

t.test('given a total beyond the tolerance, when posted, then it is refused with both totals', async (t) => {
  t.match(post({ total: '22.06' }), {
    error: { code: 'total_mismatch', field: '/total', cause: /22\.00 \(20\.00 and 2\.00 tax\).*22\.06.*0\.05/ },
  })
  t.equal(refusal({ total: '22.01' }, { invoices: { roundingTolerance: '0' } }), 'total_mismatch /total')
  t.equal(refusal({ total: '30' }, { invoices: { roundingTolerance: '10' } }), 'posted')
})

t.test('given a negative total, when posted, then it is refused', async (t) => {
  t.equal(refusal({ lines: [line({ unitPrice: '-1' })] }), 'negative_total /lines')
  t.equal(refusal({ discount: { amount: '100' } }), 'negative_total /lines')
  t.equal(refusal({ total: '-22' }), 'negative_total /total')
  t.equal(refusal({ discount: { amount: '20' } }), 'posted', 'zero is no negative total')
})

t.test('given tax rates that are not known, when posted, then the total is not judged', async (t) => {
  t.equal(refusal({ total: '999' }, {}, { reference: { ...reference, taxRates: null } }), 'posted')
})
