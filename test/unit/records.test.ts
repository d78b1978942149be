// What a record must look like, what is refused before Xero would refuse it, and its one canonical form.
import t from 'tap'
import type { RecordType } from '../../src/domain/entity-types.ts'
import {
  canonicalRecord,
  contentHash,
  parseRecord,
  recordFaults,
  recordName,
  recordProblems,
  recordStatus,
} from '../../src/domain/records/index.ts'
import { bill, customer, invoice, line, part } from './support/builders.ts'

const pointers = (type: RecordType, body: unknown): string[] => recordFaults(type, body).map((fault) => fault.pointer)

t.test('given valid records, when they are checked, then there is no fault', async (t) => {
  t.same(recordFaults('item', part()), [])
  t.same(recordFaults('customer', customer()), [])
  t.same(recordFaults('vendor', customer()), [])
  t.same(recordFaults('invoice', invoice()), [])
  t.same(recordFaults('bill', bill()), [])
})

const refused: [string, RecordType, unknown, string][] = [
  ['an item code of 51 characters', 'item', part({ code: 'x'.repeat(51) }), '/code'],
  ['an item name of 51 characters', 'item', part({ name: 'x'.repeat(51) }), '/name'],
  ['a blank item code', 'item', part({ code: '  ' }), '/code'],
  ['a description of 4001 characters', 'item', part({ description: 'x'.repeat(4001) }), '/description'],
  ['a day of the year 0', 'invoice', invoice({ date: '0000-12-31' }), '/date'],
  ['a price with an exponent', 'item', part({ salePrice: '1e3' }), '/salePrice'],
  ['a price as a number', 'item', { ...part(), salePrice: 12.5 }, '/salePrice'],
  ['an unknown field', 'item', { ...part(), proxyItemId: 'x' }, '/proxyItemId'],
  ['a control character', 'item', part({ name: 'a\u0001b' }), '/name'],
  ['a contact name of 256 characters', 'customer', customer({ name: 'x'.repeat(256) }), '/name'],
  ['angle brackets in a contact name', 'customer', customer({ name: 'Ann <Ltd>' }), '/name'],
  ['two spaces in a contact name', 'vendor', customer({ name: 'Ann  Ltd' }), '/name'],
  ['angle brackets in a last name', 'customer', customer({ lastName: '<b>' }), '/lastName'],
  ['a wrong e-mail address', 'customer', customer({ email: 'ann at example' }), '/email'],
  [
    'six contact persons',
    'customer',
    customer({ contactPersons: Array(6).fill({ firstName: 'A' }) }),
    '/contactPersons',
  ],
  ['an empty contact person', 'customer', customer({ contactPersons: [{}] }), '/contactPersons/0'],
  [
    'two numbers of one kind',
    'customer',
    customer({
      phones: [
        { kind: 'fax', number: '1' },
        { kind: 'fax', number: '2' },
      ],
    }),
    '/phones/1/kind',
  ],
  [
    'two addresses of one kind',
    'customer',
    customer({
      addresses: [
        { kind: 'billing', lines: [] },
        { kind: 'billing', lines: [] },
      ],
    }),
    '/addresses/1/kind',
  ],
  [
    'a country with digits',
    'customer',
    customer({ addresses: [{ kind: 'billing', lines: [], country: 'Area 51' }] }),
    '/addresses/0/country',
  ],
  ['a date that does not exist', 'invoice', invoice({ date: '2026-02-29' }), '/date'],
  ['a due date before the date', 'invoice', invoice({ dueDate: '2026-04-30' }), '/dueDate'],
  ['an invoice without lines', 'invoice', invoice({ lines: [] }), '/lines'],
  ['a negative quantity', 'invoice', invoice({ lines: [line({ quantity: '-1' })] }), '/lines/0/quantity'],
  ['a quantity of five decimals', 'invoice', invoice({ lines: [line({ quantity: '1.00001' })] }), '/lines/0/quantity'],
  ['a discount over 100', 'invoice', invoice({ lines: [line({ discountRate: '100.01' })] }), '/lines/0/discountRate'],
  ['two lines of one id', 'invoice', invoice({ lines: [line(), line()] }), '/lines/1/id'],
  ['two line ids that differ by a space', 'invoice', invoice({ lines: [line(), line({ id: '1 ' })] }), '/lines/1/id'],
  ['a line id with #', 'invoice', invoice({ lines: [line({ id: '#shipping' })] }), '/lines/0/id'],
  [
    'a line without item and text',
    'invoice',
    invoice({ lines: [line({ itemId: undefined, description: ' ' })] }),
    '/lines/0',
  ],
  ['a discount by amount and rate', 'invoice', invoice({ discount: { amount: '1', rate: '1' } }), '/discount'],
  ['a discount of nothing', 'invoice', invoice({ discount: {} }), '/discount'],
  ['a total that is no decimal', 'invoice', invoice({ total: 'twelve' }), '/total'],
  ['an exchange rate of zero', 'invoice', invoice({ exchangeRate: '0.000' }), '/exchangeRate'],
  ['two bill lines of one id', 'bill', bill({ lines: [bill().lines[0]!, bill().lines[0]!] }), '/lines/1/id'],
  ['a discount on a bill line', 'bill', { ...bill(), lines: [line({ discountRate: '5' })] }, '/lines/0/discountRate'],
  ['a bill due before its date', 'bill', bill({ dueDate: '2026-04-30' }), '/dueDate'],
  [
    'a charge of account and item',
    'bill',
    bill({ otherCharges: [{ amount: '1' }, { account: '300', itemId: 'fit', amount: '1' }] }),
    '/otherCharges/1',
  ],
  ['a currency in small letters', 'invoice', invoice({ currency: 'usd' }), '/currency'],
]
for (const [what, type, body, pointer] of refused) {
  t.test(`given ${what}, when it is checked, then it is refused at ${pointer}`, async (t) => {
    t.same(pointers(type, body), [pointer])
    t.throws(() => parseRecord(type, body), { code: 'validation_failed', errors: [{ pointer }] })
  })
}

t.test(
  'given a body that fits its schema, when its rules are broken, then recordProblems tells cause and remedy',
  async (t) => {
    t.match(recordProblems('invoice', invoice({ lines: [line(), line()] })), [
      { pointer: '/lines/1/id', detail: /twice/, action: /own/ },
    ])
  },
)

t.test(
  'given two writings of one content, when made canonical, then they are the same and hash the same',
  async (t) => {
    const one = canonicalRecord(
      'invoice',
      invoice({ id: 'a', version: 1, total: '22.000', lines: [line({ unitPrice: '010.50' })] }),
    )
    const two = canonicalRecord(
      'invoice',
      invoice({ total: '22', memo: undefined, number: ' 100 ', lines: [line({ unitPrice: '10.5' })] }),
    )
    t.equal(one.lines[0]?.unitPrice, '10.5')
    t.equal(one.total, '22')
    t.equal(two.number, '100')
    t.notOk('memo' in two)
    t.equal(contentHash(one), contentHash(two), 'id and version are no content')
    const changed = canonicalRecord('invoice', invoice({ total: '22.01', lines: [line({ unitPrice: '10.5' })] }))
    t.not(contentHash(changed), contentHash(two))
  },
)

t.test('given optional texts that are blank, when made canonical, then they count as left out', async (t) => {
  const body = customer({ taxNumber: '', accountNumber: '  ', currency: undefined })
  t.same(recordFaults('customer', body), [])
  t.same(canonicalRecord('customer', body), canonicalRecord('customer', customer()))
})

t.test('given codes that look like decimals, when made canonical, then they stay as they are', async (t) => {
  const item = canonicalRecord('item', part({ code: '007.10', incomeAccount: '0200', salePrice: '007.10' }))
  t.match(item, { code: '007.10', incomeAccount: '0200', salePrice: '7.1' })
})

t.test(
  'given omitted fields with defaults, when made canonical, then they equal the defaults written out',
  async (t) => {
    const short = canonicalRecord('item', part())
    const long = canonicalRecord('item', part({ isSold: true, isPurchased: true, active: true }))
    t.same(short, long)
    t.match(short, { isSold: true, isPurchased: true, active: true })
    const contact = canonicalRecord('customer', customer())
    t.match(contact, { phones: [], addresses: [], contactPersons: [], active: true })
    contact.phones?.push({ kind: 'fax', number: '1' })
    t.same(canonicalRecord('customer', customer()).phones, [], 'a default is not shared')
  },
)

t.test(
  'given records, when named for people, then items and contacts have names, documents numbers and a status',
  async (t) => {
    t.equal(recordName('item', part()), 'Bolt')
    t.equal(recordName('vendor', customer()), 'Ann Ltd')
    t.equal(recordName('invoice', invoice()), '100')
    t.equal(recordStatus('invoice', invoice()), 'shipped')
    t.equal(recordName('bill', bill()), 'R-100')
    t.equal(recordStatus('bill', bill()), 'received')
    t.equal(recordStatus('item', part()), null)
  },
)

t.test('given errors of form and of sense in one body, when it is checked, then all are told, each once', async (t) => {
  const twice = invoice({ lines: [line(), line()], dueDate: '2000-01-01' })
  const cases: [string, RecordType, unknown, string[]][] = [
    ['an unknown field', 'invoice', { ...twice, foo: 1 }, ['/dueDate', '/foo', '/lines/1/id']],
    ['a missing field', 'invoice', { ...twice, number: undefined }, ['/dueDate', '/lines/1/id', '/number']],
    [
      'a faulty line between',
      'invoice',
      { ...twice, lines: [line(), 7, line()] },
      ['/dueDate', '/lines/1', '/lines/2/id'],
    ],
    [
      'a line whose description is no text',
      'invoice',
      { ...twice, lines: [{ ...line(), itemId: undefined, description: 7 }] },
      ['/dueDate', '/lines/0/description'],
    ],
    [
      'a line whose description is misspelt',
      'invoice',
      { ...twice, lines: [{ ...line(), itemId: undefined, description: undefined, descripton: 'x' }] },
      ['/dueDate', '/lines/0', '/lines/0/descripton'],
    ],
    ['no lines', 'bill', { ...bill({ dueDate: '2000-01-01' }), lines: 'none' }, ['/dueDate', '/lines']],
    ['a date that is none', 'bill', { ...bill({ dueDate: '2000-01-01' }), date: 'today' }, ['/date']],
    [
      'a discount of both kinds, one of them a number',
      'invoice',
      { ...invoice(), discount: { amount: 1, rate: '5' } },
      ['/discount/amount'],
    ],
    ['brackets and an unknown field', 'vendor', { ...customer({ name: '<b>' }), foo: 1 }, ['/foo', '/name']],
    [
      'a contact person whose address is wrong',
      'customer',
      customer({ contactPersons: [{ email: 'x' }] }),
      ['/contactPersons/0/email'],
    ],
    [
      'half of an emoji and an unknown field',
      'invoice',
      { ...invoice({ memo: 'a\ud83d' }), foo: 1 },
      ['/foo', '/memo'],
    ],
    ['a long text and an unknown field', 'item', { ...part({ name: 'x'.repeat(51) }), foo: 1 }, ['/foo', '/name']],
  ]
  for (const [name, type, body, expected] of cases) t.same(pointers(type, body).sort(), expected, name)
})

t.test(
  'given any part of a body replaced or left out, when it is checked, then it is refused or taken, never more',
  async (t) => {
    const whole: [RecordType, Record<string, unknown>][] = [
      ['item', part()],
      ['customer', customer({ phones: [{ kind: 'fax', number: '1' }], contactPersons: [{ firstName: 'A' }] })],
      ['invoice', invoice({ discount: { rate: '5' }, lines: [line(), line({ id: '2' })] })],
      ['bill', bill({ otherCharges: [{ amount: '1', description: 'x' }] })],
    ]
    const odd = [undefined, null, 7, true, '', 'x', '\0', [], [null], {}, { lines: 7 }]
    function* broken(value: unknown): Generator<unknown> {
      yield* odd
      if (value === null || typeof value !== 'object') return
      for (const [key, inner] of Object.entries(value))
        for (const one of broken(inner))
          yield Array.isArray(value) ? value.with(Number(key), one) : { ...value, [key]: one }
    }
    for (const [type, body] of whole)
      for (const one of broken(body)) {
        const faults = recordFaults(type, { ...(one as object), foo: 1 })
        t.ok(faults.length > 0)
      }
  },
)
