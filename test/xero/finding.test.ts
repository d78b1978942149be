// Look-ups by marker: how each list is asked, what is taken for the same document, and what contradicts it.
import t from 'tap'
import { differences } from '../../src/accounting/xero/find.ts'
import { bill, contact, id, invoice, item } from './support/samples.ts'
import { call, scripted } from './support/scripted.ts'

t.test('given documents, when they are looked up, then each list is asked in its own way', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ body: { Contacts: [], Items: [], Invoices: [] } }))
  const queries = async (list: 'contacts' | 'items' | 'invoices', posted: Parameters<typeof provider.find>[2]) => {
    asked.length = 0
    for (const group of provider.lookUpGroups(list, posted)) await provider.find(call, list, group)
    return asked.map(({ path, query }) => [path.replace('/api.xro/2.0', ''), Object.fromEntries(query)])
  }
  t.same(await queries('contacts', [contact(1), contact(2)]), [
    [
      '/Contacts',
      {
        where: 'ContactNumber=="customer:C-1" OR ContactNumber=="customer:C-2"',
        includeArchived: 'true',
        page: '1',
        pageSize: '1000',
      },
    ],
  ])
  t.same(await queries('items', [item(1)]), [['/Items/ITEM-1', { unitdp: '4' }]])
  t.same(await queries('items', [item(1, { code: 'a/b' })]), [['/Items', { unitdp: '4' }]])
  t.same(await queries('items', [item(1, { code: '..' })]), [['/Items', { unitdp: '4' }]])
  t.same(await queries('items', [item(1), item(2)]), [['/Items', { unitdp: '4' }]])
  const page = { unitdp: '4', page: '1', pageSize: '1000' }
  t.same(
    await queries('invoices', [
      invoice(1),
      invoice(2),
      invoice(3, { number: 'a,"b' }),
      invoice(4, { number: undefined, reference: 'R\\4' }),
    ]),
    [
      ['/Invoices', { InvoiceNumbers: 'INV-1,INV-2', ...page }],
      ['/Invoices', { where: 'InvoiceNumber=="a,\\"b" OR Reference=="R\\\\4"', ...page }],
    ],
  )
  t.same(await queries('invoices', []), [])
  const many = await queries(
    'contacts',
    Array.from({ length: 50 }, (_, n) => contact(n, { contactNumber: `${'x'.repeat(45)}${n}` })),
  )
  t.ok(many.length > 1, 'long filters are cut into several calls')
})

t.test(
  'given a document without a marker, when it is looked up, then that is a fault and not an absence',
  async (t) => {
    const { provider, asked } = await scripted(t, () => ({ body: {} }))
    const posted = invoice(1, { number: undefined, reference: undefined })
    await t.rejects(provider.find(call, 'invoices', [posted]), /marker/)
    await t.rejects(provider.find(call, 'items', [posted]), /marker/)
    t.equal(asked.length, 0)
  },
)

const since = '2026-11-25T02:00:00.500Z'
const markersOf = (found: readonly { marker: string }[]) => found.map(({ marker }) => marker)
const row = (n: number, more: object = {}) => ({
  ContactID: id(n),
  ContactNumber: `customer:C-${n}`,
  Name: 'x',
  ...more,
})

t.test('given what changed since, when documents are looked for there, then one call tells what it can', async (t) => {
  let answer: object = {}
  let status = 200
  const { provider, asked } = await scripted(t, () => ({ status, ...(status === 200 && { body: answer }) }))
  const look = async (
    ...args: [Parameters<typeof provider.findChanged>[1], Parameters<typeof provider.findChanged>[2]]
  ) => {
    const outcome = await provider.findChanged(call, ...args, since)
    if (outcome.kind !== 'ok') return outcome.kind
    return [markersOf(outcome.value.found), outcome.value.unseen.map((document) => document.list)]
  }
  const posted = [contact(1), contact(2)]

  answer = { pagination: { page: 1, pageCount: 1 }, Contacts: [row(1), row(3)] }
  t.same(await look('contacts', posted), [['customer:C-1'], []], 'Xero keeps contact numbers unique')
  t.equal(asked[0]?.headers['if-modified-since'], '2026-11-25T02:00:00')
  t.same(Object.fromEntries(asked[0]?.query ?? []), { includeArchived: 'true', page: '1', pageSize: '1000' })

  answer = { pagination: { page: 1, pageCount: 2 }, Contacts: [row(1), row(3)] }
  t.same(await look('contacts', posted), [['customer:C-1'], ['contacts']], 'the other one may stand on the next page')

  const numbered = invoice(1)
  const referenced = [2, 3].map((n) => invoice(n, { number: undefined, reference: `R-${n}` }))
  const Invoices = [{ Type: 'ACCREC', InvoiceID: id(2), InvoiceNumber: 'X-1', Reference: 'R-2' }]
  answer = { pagination: { page: 1, pageCount: 1 }, Invoices }
  t.same(await look('invoices', [numbered, ...referenced]), [['R-2'], ['invoices']], 'nothing keeps references unique')
  t.equal(asked.at(-1)?.query.get('createdByMyApp'), 'true')
  answer = { pagination: { page: 1, pageCount: 2 }, Invoices }
  t.same(
    await look('invoices', referenced),
    [[], ['invoices', 'invoices']],
    'the same reference may stand on the next page',
  )

  status = 304
  t.same(await look('contacts', posted), [[], []], 'nothing changed')
  status = 200
  answer = { Contacts: 'many' }
  t.equal(await look('contacts', posted), 'unknown')
})

t.test('given documents that need several calls, when they are looked up at once, then that is a fault', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ body: { Invoices: [] } }))
  await t.rejects(provider.find(call, 'invoices', [invoice(1), invoice(2, { number: 'a,b' })]), /one group/)
  t.equal(asked.length, 0, 'nothing is said of what was not looked at')
})

t.test(
  'given rows of other documents, when they are filtered, then only ours are found, and double ones twice',
  async (t) => {
    const Invoices = [
      { Type: 'ACCREC', InvoiceID: id(1), InvoiceNumber: 'inv-1', Status: 'DELETED' },
      { Type: 'ACCREC', InvoiceID: id(2), InvoiceNumber: 'INV-1', Status: 'AUTHORISED' },
      { Type: 'ACCPAY', InvoiceID: id(3), InvoiceNumber: 'INV-1', Status: 'AUTHORISED' },
      { Type: 'ACCREC', InvoiceID: id(4), InvoiceNumber: 'INV-10', Status: 'AUTHORISED' },
      { Type: 'ACCREC', InvoiceID: 'odd', InvoiceNumber: 'INV-1', Status: 'AUTHORISED' },
    ]
    const { provider } = await scripted(t, () => ({ body: { Invoices } }))
    const found = await provider.find(call, 'invoices', [invoice(1)])
    if (found.kind !== 'ok') return t.fail(found.kind)
    t.same(
      found.value.found.map(({ marker, remote }) => [marker, remote.remoteId, remote.status]),
      [
        ['INV-1', id(1), 'DELETED'],
        ['INV-1', id(2), 'AUTHORISED'],
      ],
    )
  },
)

t.test(
  'given bills of one number, when they are looked up, then each is asked for by its number and known by its address',
  async (t) => {
    const row = (n: number, more: object = {}) => ({
      Type: 'ACCPAY',
      InvoiceID: id(n),
      InvoiceNumber: 'B-1',
      Url: bill(n).url,
      Status: 'AUTHORISED',
      ...more,
    })
    const Invoices = [
      row(1),
      row(2),
      row(3, { Url: undefined, Contact: { ContactID: bill(1).contactRemoteId } }),
      row(4, { Url: bill(1).url.toUpperCase() }),
      row(5, { Type: 'ACCREC', Url: bill(1).url }),
    ]
    let pagination = {}
    const { provider, asked } = await scripted(t, () => ({ body: { Invoices, pagination } }))
    const posted = [bill(1), bill(6), invoice(7, { number: 'B-1' })]
    const found = await provider.find(call, 'invoices', posted)
    t.equal(asked[0]?.query.get('InvoiceNumbers'), 'B-1,B-1,B-1')
    if (found.kind !== 'ok') return t.fail(found.kind)
    t.same(
      found.value.found.map(({ marker, remote, isMarked }) => [marker, remote.remoteId, isMarked]),
      [
        [bill(1).url, id(1), true],
        [bill(6).url, id(3), false],
        ['B-1', id(5), true],
      ],
      "letter case in an id, and a sales invoice are other documents; one without an address may be a person's",
    )
    for (const other of [{ Contact: { ContactID: id(902) } }, { InvoiceNumber: 'B-2' }, { Status: 'VOIDED' }]) {
      Invoices.splice(0, Invoices.length, row(3, { Url: undefined, Contact: { ContactID: id(901) }, ...other }))
      t.match(await provider.find(call, 'invoices', [bill(6)]), { value: { found: [] } }, JSON.stringify(other))
    }
    pagination = { page: 1, pageCount: 2 }
    t.equal((await provider.find(call, 'invoices', posted)).kind, 'unknown', 'what is on another page was not seen')
  },
)

t.test('given bills among what changed, when they are looked for there, then none is said to be absent', async (t) => {
  const Invoices = [{ Type: 'ACCPAY', InvoiceID: id(1), InvoiceNumber: 'renumbered', Url: bill(1).url }]
  const { provider } = await scripted(t, () => ({ body: { Invoices, pagination: { page: 1, pageCount: 1 } } }))
  const outcome = await provider.findChanged(call, 'invoices', [bill(1), bill(2)], since)
  if (outcome.kind !== 'ok') return t.fail(outcome.kind)
  t.same(markersOf(outcome.value.found), [bill(1).url])
  t.ok(outcome.value.found[0]?.differences.includes('number'), 'a person gave it another number')
  t.same(outcome.value.unseen, [bill(2)], 'nothing keeps a second bill out')
})

const remoteInvoice = (more: object = {}) => ({
  Type: 'ACCREC',
  InvoiceID: id(1),
  InvoiceNumber: 'INV-1',
  Reference: 'PO 1',
  Status: 'AUTHORISED',
  Contact: { ContactID: id(900).toUpperCase() },
  Date: '/Date(1793404800000+0000)/',
  DateString: '2026-10-31T00:00:00',
  CurrencyCode: 'NZD',
  SubTotal: '24.75',
  LineItems: [
    { Description: 'Freight', Quantity: '1.0000', UnitAmount: '5.0000', LineAmount: '4.50', DiscountRate: '10.00' },
    { Description: ' Widget ', Quantity: '2.0000', UnitAmount: '10.1250', LineAmount: '20.25' },
  ],
  ...more,
})

for (const [name, row, expected] of [
  ['the same invoice', remoteInvoice(), []],
  ['one paid since', remoteInvoice({ Status: 'PAID' }), []],
  ['a cent off on a discounted line', remoteInvoice({ SubTotal: '24.76' }), []],
  ['two cents off', remoteInvoice({ SubTotal: '24.77' }), ['total']],
  ['no subtotal', remoteInvoice({ SubTotal: undefined }), []],
  ['a deleted one', remoteInvoice({ Status: 'DELETED' }), ['status']],
  ['a voided one', remoteInvoice({ Status: 'VOIDED' }), ['status']],
  ['one that is still a draft', remoteInvoice({ Status: 'DRAFT' }), ['status']],
  ['another contact', remoteInvoice({ Contact: { ContactID: id(901) } }), ['contact']],
  ['another date', remoteInvoice({ DateString: '2026-11-01T00:00:00' }), ['date']],
  ['another currency', remoteInvoice({ CurrencyCode: 'AUD' }), ['currency']],
  ['another reference', remoteInvoice({ Reference: 'PO 2' }), ['reference']],
  [
    'another line text',
    remoteInvoice({ LineItems: remoteInvoice().LineItems.map((l) => ({ ...l, Description: 'x' })) }),
    ['lines'],
  ],
  ['a line too few', remoteInvoice({ LineItems: remoteInvoice().LineItems.slice(1) }), ['lines']],
  ['nonsense amounts', remoteInvoice({ SubTotal: 'lots' }), ['unreadable']],
  ['nothing at all', {}, ['status', 'contact', 'date', 'currency', 'number', 'reference', 'total', 'lines']],
] as const) {
  t.same(
    differences(invoice(1), row),
    expected,
    `given ${name}, when it is compared, then ${expected.join(', ') || 'nothing'} differs`,
  )
}

const remoteContact = {
  ContactID: id(1),
  Name: 'contact  1',
  FirstName: 'Ann',
  LastName: 'Smith',
  EmailAddress: 'Ann@example.com',
  AccountNumber: 'ACC-1',
  TaxNumber: '12-345-678',
  Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '+64 21 555 123' }],
  Addresses: [
    {
      AddressType: 'POBOX',
      AddressLine1: '1 Queen St',
      AddressLine2: 'Level 2',
      City: 'Auckland',
      Country: 'New Zealand',
    },
  ],
  ContactPersons: [{ FirstName: 'Bob', EmailAddress: 'bob@example.com', IncludeInEmails: true }],
  AccountsReceivableTaxType: 'OUTPUT2',
  PaymentTerms: { Sales: { Day: 20, Type: 'DAYSAFTERBILLDATE' } },
}
t.same(differences(contact(1), remoteContact), [], 'case and spaces are no difference')
t.same(differences(contact(1), { ...remoteContact, ContactStatus: 'ARCHIVED' }), ['status'])
t.same(differences(contact(1), { ...remoteContact, Name: 'Other', Phones: [] }), ['name', 'phones'])
t.same(differences(contact(1, { email: undefined }), remoteContact), [], 'what we leave open contradicts nothing')
t.same(differences(contact(1), {}), ['unreadable'])
t.same(
  differences(contact(1), { ...remoteContact, Addresses: [{ AddressType: 'POBOX', City: 'Auckland' }] }),
  ['addresses'],
  'a part that a person emptied is a difference',
)
t.same(
  differences(contact(1), {
    ...remoteContact,
    ContactPersons: [],
    AccountsReceivableTaxType: 'NONE',
    PaymentTerms: { Bills: { Day: 20, Type: 'DAYSAFTERBILLDATE' } },
  }),
  ['salesTaxType', 'contactPersons', 'terms'],
)
t.same(
  differences(item(1), {
    Code: 'ITEM-1',
    Name: 'Item 1',
    Description: 'A thing',
    SalesDetails: { UnitPrice: '12.34', AccountCode: '200' },
    PurchaseDetails: { UnitPrice: '7.0002', AccountCode: '310' },
  }),
  ['purchasePrice', 'expenseAccount'],
)
