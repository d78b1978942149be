// What is read from Xero: pages, odd rows, dates, padding, and that what we write can be read back as it was.
import fc from 'fast-check'
import t from 'tap'
import { calendarDate, instant, modifiedSinceHeader } from '../../src/accounting/xero/dates.ts'
import { contactFields, contactToXero } from '../../src/accounting/xero/map/contact.ts'
import { itemFields, itemToXero } from '../../src/accounting/xero/map/item.ts'
import { canonicalDecimal } from '../../src/domain/decimal.ts'
import type { PostedContact, PostedItem } from '../../src/domain/posting/posted.ts'
import { canonicalJson, parseLossless } from '../../src/lib/json.ts'
import { id } from './support/samples.ts'
import { call, scripted } from './support/scripted.ts'

/** The SDK's names become Xero's by their first letter. */
const asXero = (model: unknown): Record<string, unknown> =>
  parseLossless(
    JSON.stringify(model).replace(/"([a-z])(\w*)":/g, (_all, first, rest) => `"${first.toUpperCase()}${rest}":`),
  ) as Record<string, unknown>

const word = fc.stringMatching(/^[A-Za-z0-9äöé#&'/.-]{1,12}( [A-Za-z0-9]{1,8})?$/)
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const oneOfEach = <T extends { kind: string }>(entries: fc.Arbitrary<T>) =>
  fc.uniqueArray(entries, { selector: ({ kind }) => kind, maxLength: 4 })

const anyContact: fc.Arbitrary<PostedContact> = fc.record({
  list: fc.constant('contacts' as const),
  contactNumber: word,
  name: word,
  firstName: some(word),
  lastName: some(word),
  email: some(fc.emailAddress()),
  accountNumber: some(word),
  taxNumber: some(word),
  currency: some(fc.constantFrom('NZD', 'EUR')),
  phones: oneOfEach(
    fc.record({
      kind: fc.constantFrom('default' as const, 'mobile' as const, 'fax' as const, 'direct_dial' as const),
      number: word,
    }),
  ),
  addresses: oneOfEach(
    fc.record({
      kind: fc.constantFrom('billing' as const, 'shipping' as const),
      lines: fc.array(word, { minLength: 1, maxLength: 4 }),
      city: some(word),
      region: some(word),
      postalCode: some(word),
      country: some(word),
    }),
  ),
  contactPersons: fc.array(fc.record({ firstName: word, lastName: some(word), email: some(fc.emailAddress()) }), {
    maxLength: 5,
  }),
  terms: some(
    fc.record({
      side: fc.constantFrom('sales' as const, 'bills' as const),
      type: fc.constantFrom('DAYSAFTERBILLDATE', 'OFCURRENTMONTH'),
      days: fc.nat(365),
    }),
  ),
  archived: fc.constant(false as boolean),
})

const kindOrder = ['default', 'mobile', 'fax', 'direct_dial', 'billing', 'shipping']
const byKind = <T extends { kind: string }>(entries: readonly T[]) =>
  [...entries].sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind))
const defined = (value: object) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>

t.test(
  'given any contact, when it is written and read back, then it is the same, on create and on update',
  async (t) => {
    fc.assert(
      fc.property(anyContact, fc.boolean(), (posted, update) => {
        const { list, contactNumber, archived, terms, phones, addresses, salesTaxType, purchaseTaxType, ...rest } =
          posted
        const row = asXero(contactToXero({ posted, remoteId: update ? id(1) : null, lineIds: {} }))
        const expected = defined({
          ...rest,
          phones: byKind(phones),
          addresses: byKind(addresses),
          [terms?.side === 'bills' ? 'billTerms' : 'salesTerms']: terms && { kind: terms.type, days: terms.days },
          salesTaxCode: salesTaxType,
          purchaseTaxCode: purchaseTaxType,
          active: true,
        })
        // The order of keys means nothing.
        return canonicalJson(contactFields(row, false)) === canonicalJson(expected)
      }),
    )
    t.pass()
  },
)

const price = fc
  .tuple(fc.bigInt(0n, 10n ** 13n), fc.nat(9999))
  .map(([whole, rest]) => `${whole}.${String(rest).padStart(4, '0')}`)
const side = fc.record({
  unitPrice: some(price),
  accountCode: some(fc.constantFrom('200', '310')),
  taxType: some(word),
})

t.test('given any item, when it is written and read back, then its prices keep every digit', async (t) => {
  const anyItem: fc.Arbitrary<PostedItem> = fc.record({
    list: fc.constant('items' as const),
    code: word,
    name: word,
    description: some(word),
    purchaseDescription: some(word),
    isSold: fc.boolean(),
    isPurchased: fc.boolean(),
    sales: some(side),
    purchase: some(side),
  })
  fc.assert(
    fc.property(anyItem, fc.boolean(), (posted, update) => {
      const fields = itemFields(asXero(itemToXero({ posted, remoteId: update ? id(1) : null, lineIds: {} })))
      const sale = posted.isSold ? posted.sales?.unitPrice : undefined
      return (
        fields.code === posted.code &&
        fields.name === posted.name &&
        fields.description === posted.description &&
        fields.isSold === posted.isSold &&
        fields.isPurchased === posted.isPurchased &&
        fields.salePrice === (sale && canonicalDecimal(sale)) &&
        fields.expenseAccount === (posted.isPurchased ? posted.purchase?.accountCode : undefined)
      )
    }),
  )
  t.pass()
})

t.test(
  'given a contact as Xero reads it, when it is imported, then padding is gone and roles and merges are kept',
  async (t) => {
    const row = {
      ContactID: id(1),
      ContactNumber: '',
      ContactStatus: 'ARCHIVED',
      MergedToContactID: id(2),
      Name: 'Katherine Warren',
      FirstName: '',
      EmailAddress: 'kat@example.com',
      Website: 'https://example.com',
      Addresses: [
        { AddressType: 'STREET', City: '', Region: '', PostalCode: '', Country: '' },
        {
          AddressType: 'POBOX',
          AddressLine1: '',
          AddressLine2: 'Level 2',
          City: 'Palo Alto',
          Country: 'United States',
        },
      ],
      Phones: [
        { PhoneType: 'DDI', PhoneNumber: '', PhoneAreaCode: '', PhoneCountryCode: '' },
        { PhoneType: 'DEFAULT', PhoneNumber: '847-1294', PhoneAreaCode: '(626)', PhoneCountryCode: '' },
      ],
      PaymentTerms: { Bills: { Day: 15, Type: 'OFCURRENTMONTH' } },
      UpdatedDateUTC: '/Date(1503348544227+0000)/',
      IsSupplier: true,
      IsCustomer: false,
      ContactPersons: [{ FirstName: 'Bob', IncludeInEmails: false }, {}],
      DefaultCurrency: 'USD',
    }
    const { provider } = await scripted(t, () => ({ body: { Contacts: [row] } }))
    const outcome = await provider.readContacts(call, { page: 1, pageSize: 100, modifiedSince: null })
    t.same(outcome.kind === 'ok' && outcome.value, {
      nextPage: 2,
      unreadable: [],
      entries: [
        {
          list: 'contacts',
          remoteId: id(1),
          updatedAt: '2017-08-21T20:49:04.227Z',
          archived: true,
          mergedInto: id(2),
          roles: { customer: false, vendor: true },
          contactNumber: null,
          fields: {
            name: 'Katherine Warren',
            email: 'kat@example.com',
            phones: [{ kind: 'default', number: '(626) 847-1294' }],
            addresses: [{ kind: 'billing', lines: ['Level 2'], city: 'Palo Alto', country: 'United States' }],
            contactPersons: [{ firstName: 'Bob' }],
            website: 'https://example.com',
            currency: 'USD',
            billTerms: { kind: 'OFCURRENTMONTH', days: 15 },
            active: false,
          },
          // What the fields cannot say is kept as it is, to be given back with a change.
          kept: {
            Phones: [{ PhoneType: 'DEFAULT', PhoneNumber: '847-1294', PhoneAreaCode: '(626)' }],
            Addresses: [{ AddressType: 'POBOX', AddressLine2: 'Level 2', City: 'Palo Alto', Country: 'United States' }],
            ContactPersons: [{ FirstName: 'Bob', IncludeInEmails: false }, {}],
            PaymentTerms: { Bills: { Day: 15, Type: 'OFCURRENTMONTH' } },
          },
        },
      ],
    })
  },
)

t.test('given tracked and bare items, when they are imported, then each reads as what it is', async (t) => {
  const Items = [
    {
      ItemID: id(1),
      Code: 'T',
      Name: 'Tracked',
      IsTrackedAsInventory: true,
      InventoryAssetAccountCode: '630',
      SalesDetails: { UnitPrice: 5000.0, AccountCode: '200', TaxType: 'OUTPUT2' },
      PurchaseDetails: { UnitPrice: 12.5, COGSAccountCode: '310', TaxType: 'INPUT2' },
      IsSold: true,
      IsPurchased: true,
    },
    { ItemID: id(2), Code: 'B', SalesDetails: {}, PurchaseDetails: {}, IsSold: true, IsPurchased: false },
  ]
  const { provider, asked } = await scripted(t, () => ({ body: { Items } }))
  const outcome = await provider.readItems(call, '2026-11-01T10:11:12.999Z')
  t.match(outcome, {
    value: {
      nextPage: null,
      entries: [
        {
          fields: {
            kind: 'inventory',
            assetAccount: '630',
            cogsAccount: '310',
            salePrice: '5000',
            purchasePrice: '12.5',
          },
        },
        {
          code: 'B',
          fields: { kind: 'non_inventory', code: 'B', name: 'B', isSold: true, isPurchased: false, active: true },
        },
      ],
    },
  })
  t.equal(asked[0]?.headers['if-modified-since'], '2026-11-01T10:11:12')
  t.equal(asked[0]?.query.get('unitdp'), '4')
})

t.test('given odd rows, when a page is read, then they are set aside and the others come through', async (t) => {
  const body = `{"Contacts":[
    {"ContactID":"${id(1)}","Name":"Old","UpdatedDateUTC":"/Date(-62135596800000+0000)/"},
    {"ContactID":"${id(2)}"}, null, 7, "text", [], {"ContactID":"nonsense","Name":"x"},
    {"ContactID":"${id(3)}","Name":"Odd date","UpdatedDateUTC":{"at":1}},
    {"ContactID":"${id(4)}","Name":"Odd parts","Phones":7,"Addresses":{"a":1},"PaymentTerms":[],"ContactPersons":"x"}]}`
  const { provider } = await scripted(t, () => ({ body }))
  const outcome = await provider.readContacts(call, { page: 1, pageSize: 9, modifiedSince: null })
  if (outcome.kind !== 'ok') return t.fail(outcome.kind)
  t.same(
    outcome.value.entries.map(({ remoteId, updatedAt }) => [remoteId, updatedAt]),
    [
      [id(1), '0001-01-01T00:00:00.000Z'],
      [id(3), null],
      [id(4), null],
    ],
  )
  t.same(
    outcome.value.unreadable.map(({ remoteId }) => remoteId),
    [id(2), null, null, null, null, null],
  )
  t.equal(outcome.value.nextPage, 2, 'unreadable rows count for the length of the page')
  const items = await scripted(t, () => ({
    body: { Items: [{ ItemID: id(1), Code: 'A', SalesDetails: { UnitPrice: 'lots' } }] },
  }))
  t.match(await items.provider.readItems(call, null), {
    value: { entries: [], unreadable: [{ remoteId: id(1), reason: /UnitPrice/ }] },
  })
  const prices = ['1E-05', '1.5e+3', '-2.50E-1', '12E1']
  const exponents = await scripted(t, () => ({
    body: { Items: prices.map((UnitPrice, n) => ({ ItemID: id(n + 1), Code: 'A', SalesDetails: { UnitPrice } })) },
  }))
  const read = await exponents.provider.readItems(call, null)
  t.same(read.kind === 'ok' && read.value.entries.map(({ fields }) => fields.salePrice), [
    '0.00001',
    '1500',
    '-0.25',
    '120',
  ])
})

const row = (n: number) => ({ ContactID: id(n), Name: `C${n}` })
for (const [name, body, page, next] of [
  ['a pagination block before the last page', { pagination: { page: 1, pageCount: 3 }, Contacts: [row(1)] }, 1, 2],
  ['the last page of the block', { pagination: { page: 3, pageCount: 3 }, Contacts: [row(1), row(2)] }, 3, null],
  ['a page past the end', { pagination: { page: 4, pageCount: 9 }, Contacts: [] }, 4, null],
  ['no block and a full page', { Contacts: [row(1), row(2)] }, 1, 2],
  ['no block and a short page', { Contacts: [row(1)] }, 1, 2],
  ['no block and an empty page', { Contacts: [] }, 2, null],
  ['an odd block', { pagination: 'yes', Contacts: [row(1)] }, 1, 2],
  ['a block that contradicts the rows', { pagination: { page: 2, pageCount: 1 }, Contacts: [row(1)] }, 2, 3],
] as const) {
  t.test(`given ${name}, when contacts are read, then the next page is ${next}`, async (t) => {
    const { provider, asked } = await scripted(t, () => ({ body }))
    const outcome = await provider.readContacts(call, { page, pageSize: 2, modifiedSince: null })
    t.match(outcome, { kind: 'ok', value: { nextPage: next } })
    t.same(Object.fromEntries(asked[0]?.query ?? []), {
      page: String(page),
      pageSize: '2',
      includeArchived: 'true',
      order: 'ContactID ASC',
    })
    t.notOk(asked[0]?.headers['if-modified-since'])
  })
}

t.test('given a page size beyond Xero, when contacts are read, then it is cut to what Xero takes', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ body: { Contacts: [] } }))
  await provider.readContacts(call, { page: 1, pageSize: 5000, modifiedSince: '2026-11-23T01:02:03.456Z' })
  t.equal(asked[0]?.query.get('pageSize'), '1000')
  t.equal(asked[0]?.headers['if-modified-since'], '2026-11-23T01:02:03')
})

t.test('given any instant, when it is written as a stamp of Xero and read, then it is the same instant', (t) => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(-8e14), max: new Date(8e14) }), (at) => {
      const iso = at.toISOString()
      return instant(`/Date(${at.getTime()})/`) === iso && instant(`/Date(${at.getTime()}+0000)/`) === iso
    }),
  )
  t.end()
})

for (const [given, expected] of [
  ['/Date(1439434356790)/', '2015-08-13T02:52:36.790Z'],
  ['/Date(-1000+0000)/', '1969-12-31T23:59:59.000Z'],
  ['2026-04-20T11:47:10.3365440', '2026-04-20T11:47:10.336Z'],
  ['2019-03-11T17:58:46Z', '2019-03-11T17:58:46.000Z'],
  ['2019-03-11T17:58:46+13:00', '2019-03-11T04:58:46.000Z'],
  ['/Date(99999999999999999)/', null],
  ['/Date(9999999999999999)/', null],
  ['yesterday', null],
  ['', null],
  [undefined, null],
  [5, null],
] as const) {
  t.equal(instant(given), expected, `the instant of ${given}`)
}
t.equal(calendarDate('/Date(1552262400000+0000)/', '2019-03-12T00:00:00'), '2019-03-12', 'the text twin decides')
t.equal(calendarDate('/Date(1552262400000+0000)/'), '2019-03-11')
t.equal(calendarDate('2019-03-11'), '2019-03-11')
t.equal(calendarDate('x', 'y'), null)
t.equal(modifiedSinceHeader('2026-11-23T13:00:00.999+13:00'), '2026-11-23T00:00:00')
