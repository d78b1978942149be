// What is sent when a document is written: the frozen text, the bytes of a replay, ids, and the way back to line ids.
import fc from 'fast-check'
import t from 'tap'
import { matchLines } from '../../src/accounting/xero/lines.ts'
import type { PostedLine } from '../../src/domain/posting/posted.ts'
import { parseLossless } from '../../src/lib/json.ts'
import { bill, contact, id, invoice, item } from './support/samples.ts'
import { call, scripted } from './support/scripted.ts'

type Rows = Record<string, Record<string, unknown>[]>
const rowsOf = (body: string, list: string) => (parseLossless(body) as Rows)[list] ?? []

t.test('given a frozen call, when it is replayed, then the same bytes and the same key are sent', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ status: 503 }))
  for (const posted of [contact(1), item(1), invoice(1, { exchangeRate: '1.100000' })]) {
    asked.length = 0
    const element = { posted, remoteId: null, lineIds: {} }
    const frozen = provider.freeze(posted.list, 'create', [element])
    // Through storage and back, as after a crash.
    const stored = JSON.parse(JSON.stringify(frozen))
    await provider.write(call, frozen, [element], 'the-key')
    await provider.write(call, stored, [element], 'the-key')
    t.equal(asked.length, 2)
    t.equal(asked[0]?.body, asked[1]?.body)
    t.same(
      asked.map(({ method }) => method),
      ['PUT', 'PUT'],
    )
    t.same(
      asked.map(({ headers }) => headers['idempotency-key']),
      ['the-key', 'the-key'],
    )
    t.equal(asked[0]?.query.get('summarizeErrors'), 'false')
    t.equal(asked[0]?.query.get('unitdp'), posted.list === 'contacts' ? null : '4')
    t.equal(asked[0]?.headers['xero-tenant-id'], call.organisationId)
  }
})

t.test(
  'given the same document, when it is frozen twice, then the texts are equal whatever the order of its keys',
  async (t) => {
    const { provider } = await scripted(t, () => ({}))
    const posted = contact(1)
    const turned = Object.fromEntries(Object.entries(posted).reverse()) as unknown as typeof posted
    const freeze = (one: typeof posted) =>
      provider.freeze('contacts', 'create', [{ posted: one, remoteId: null, lineIds: {} }])
    t.same(freeze(posted), freeze(turned))
  },
)

t.test('given money as decimal text, when it is sent, then its digits arrive untouched as a number', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ status: 503 }))
  const amounts = ['12.3400', '0.1', '9007199254740993.0001', '-5.00', '0', '1234567890123.4567']
  for (const unitPrice of amounts) {
    const element = { posted: item(1, { sales: { unitPrice } }), remoteId: null, lineIds: {} }
    await provider.write(call, provider.freeze('items', 'create', [element]), [element], 'key')
    t.match(asked.at(-1)?.body, `"UnitPrice":${unitPrice}}`)
  }
})

t.test('given an update, when an id is missing in it, then it is never sent', async (t) => {
  const { provider, asked } = await scripted(t, () => ({}))
  const known = { posted: contact(1), remoteId: id(1), lineIds: {} }
  const unknown = { posted: contact(2), remoteId: null, lineIds: {} }
  t.throws(() => provider.freeze('contacts', 'update', [known, unknown]), /names the id/)
  t.throws(() => provider.freeze('items', 'create', [unknown]), /belong/)
  t.throws(() => provider.freeze('contacts', 'create', []), /elements/)
  const forged = { list: 'contacts', operation: 'update', body: '{"contacts":[{"name":"x"}]}' } as const
  await t.rejects(provider.write(call, forged, [known], 'key'), /names the id/)
  const named = { ...forged, operation: 'create', body: `{"contacts":[{"contactID":"${id(1)}"}]}` } as const
  await t.rejects(provider.write(call, named, [known], 'key'), /names none/)
  const frozen = provider.freeze('contacts', 'update', [known])
  await t.rejects(provider.write(call, frozen, [known, known], 'key'), /2 elements/)
  t.equal(asked.length, 0)
})

t.test(
  'given an update of a contact, when fields are absent, then they stay, and what was taken away is emptied',
  async (t) => {
    const { provider, asked } = await scripted(t, () => ({ status: 503 }))
    const bare = contact(1, {
      firstName: undefined,
      lastName: undefined,
      email: undefined,
      accountNumber: undefined,
      taxNumber: undefined,
      currency: undefined,
      salesTaxType: undefined,
      terms: undefined,
      phones: [{ kind: 'default', number: '09 555 1' }],
      addresses: [],
      contactPersons: undefined,
    })
    const created = { posted: bare, remoteId: null, lineIds: {} }
    await provider.write(call, provider.freeze('contacts', 'create', [created]), [created], 'key')
    const phone = { PhoneType: 'DEFAULT', PhoneNumber: '09 555 1', PhoneAreaCode: '', PhoneCountryCode: '' }
    t.same(rowsOf(asked[0]?.body ?? '', 'Contacts'), [
      { ContactNumber: 'customer:C-1', Name: 'Contact 1', Phones: [phone] },
    ])
    const standing = {
      fields: { name: 'Contact 1', firstName: 'Ann', email: 'ann@example.com', taxNumber: '7', active: true },
      kept: {
        ContactNumber: 'customer:C-1',
        Phones: [{ PhoneType: 'MOBILE', PhoneNumber: '555 2', PhoneAreaCode: '21', PhoneCountryCode: '64' }],
        PaymentTerms: { Bills: { Day: 20, Type: 'OFFOLLOWINGMONTH' } },
      },
    }
    const posted = contact(1, {
      firstName: undefined,
      lastName: undefined,
      email: '',
      accountNumber: undefined,
      taxNumber: '7',
      currency: undefined,
      salesTaxType: undefined,
      terms: { side: 'sales', type: 'DAYSAFTERBILLDATE', days: 7 },
      phones: [{ kind: 'default', number: '09 555 1' }],
      addresses: [],
      contactPersons: undefined,
    })
    const updated = { posted, remoteId: id(1), lineIds: {}, standing }
    await provider.write(call, provider.freeze('contacts', 'update', [updated]), [updated], 'key')
    t.equal(asked[1]?.method, 'POST')
    const mobile = { PhoneType: 'MOBILE', PhoneNumber: '555 2', PhoneAreaCode: '21', PhoneCountryCode: '64' }
    const [row] = rowsOf(asked[1]?.body ?? '', 'Contacts')
    t.same(Object.keys(row ?? {}).sort(), ['ContactID', 'EmailAddress', 'PaymentTerms', 'Phones'], 'only what differs')
    t.match(row, { ContactID: id(1), EmailAddress: '' })
    t.same(row?.Phones, [phone, mobile], 'with the parts of the others')
    const terms = row?.PaymentTerms as Record<string, { Day: unknown }>
    t.match([Number(terms.Bills?.Day), Number(terms.Sales?.Day)], [20, 7], 'the other side is given back')
  },
)

t.test('given an inactive contact, when it is updated, then only its id and status are sent', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ status: 503 }))
  const element = { posted: contact(1, { archived: true }), remoteId: id(1), lineIds: {} }
  await provider.write(call, provider.freeze('contacts', 'update', [element]), [element], 'key')
  t.same(rowsOf(asked[0]?.body ?? '', 'Contacts'), [{ ContactID: id(1), ContactStatus: 'ARCHIVED' }])
})

t.test(
  'given an invoice, when it is written, then it names its contact by id alone and its known lines by id',
  async (t) => {
    const { provider, asked } = await scripted(t, () => ({ status: 503 }))
    const element = { posted: invoice(1), remoteId: id(1), lineIds: { a: id(11) } }
    await provider.write(call, provider.freeze('invoices', 'update', [element]), [element], 'key')
    const [row] = rowsOf(asked[0]?.body ?? '', 'Invoices')
    t.match(row, {
      Type: 'ACCREC',
      InvoiceID: id(1),
      Date: '2026-10-31',
      DueDate: '2026-11-20',
      LineAmountTypes: 'Exclusive',
    })
    t.same(row?.Contact, { ContactID: id(900) })
    t.same(row?.LineItems, [
      {
        LineItemID: id(11),
        Description: 'Widget',
        Quantity: '2',
        UnitAmount: '10.1250',
        ItemCode: 'ITEM-1',
        AccountCode: '200',
        TaxType: 'OUTPUT2',
        Tracking: [{ TrackingCategoryID: id(800), Option: 'North' }],
      },
      {
        Description: 'Freight',
        Quantity: '1',
        UnitAmount: '5.00',
        DiscountRate: '10',
        AccountCode: '425',
        TaxType: 'OUTPUT2',
        TaxAmount: '0.68',
        Tracking: [],
      },
    ])
  },
)

t.test('given a bill, when it is written, then nothing is sent that Xero has for sales alone', async (t) => {
  const { provider, asked } = await scripted(t, () => ({ status: 503 }))
  for (const remoteId of [null, id(1)]) {
    const element = { posted: bill(1), remoteId, lineIds: {} }
    const operation = remoteId === null ? 'create' : 'update'
    await provider.write(call, provider.freeze('invoices', operation, [element]), [element], 'key')
  }
  const rows = asked.flatMap(({ body }) => rowsOf(body, 'Invoices'))
  const head = { Type: 'ACCPAY', InvoiceNumber: 'B-1', Url: bill(1).url, Contact: { ContactID: id(901) } }
  t.match(rows, [head, { ...head, InvoiceID: id(1) }])
  for (const row of rows) t.notOk('Reference' in row || 'SentToContact' in row || 'BrandingThemeID' in row)
})

t.test('given bills of one number, when the answer comes in another order, then each gets its own id', async (t) => {
  const { provider } = await scripted(t, ({ body }) => {
    const rows = rowsOf(body, 'Invoices').map((row, n) => ({
      ...row,
      InvoiceID: id(n + 1),
      StatusAttributeString: 'OK',
    }))
    return { body: { Invoices: rows.reverse() } }
  })
  const elements = [1, 2].map((n) => ({ posted: bill(n), remoteId: null, lineIds: {} }))
  const outcome = await provider.write(call, provider.freeze('invoices', 'create', elements), elements, 'key')
  t.match(outcome, { kind: 'ok', value: [{ remote: { remoteId: id(1) } }, { remote: { remoteId: id(2) } }] })
})

t.test(
  'given bills whose address does not come back, when they are answered in order, then they are written',
  async (t) => {
    const { provider } = await scripted(t, ({ body }) => ({
      body: {
        Invoices: rowsOf(body, 'Invoices').map(({ Url: _, ...row }, n) => ({
          ...row,
          InvoiceID: id(n + 1),
          StatusAttributeString: 'OK',
        })),
      },
    }))
    const elements = [1, 2].map((n) => ({ posted: bill(n), remoteId: null, lineIds: {} }))
    const outcome = await provider.write(call, provider.freeze('invoices', 'create', elements), elements, 'key')
    t.match(outcome, { kind: 'ok', value: [{ remote: { remoteId: id(1) } }, { remote: { remoteId: id(2) } }] })
  },
)

t.test('given an invoice that is not approved, when it is written, then it is not marked as sent', async (t) => {
  const { provider } = await scripted(t, () => ({}))
  const body = (status: 'DRAFT' | 'AUTHORISED') =>
    provider.freeze('invoices', 'create', [{ posted: invoice(1, { status }), remoteId: null, lineIds: {} }]).body
  t.match(body('AUTHORISED'), '"sentToContact":true')
  t.notMatch(body('DRAFT'), 'sentToContact')
})

t.test(
  'given many documents at once, when the answer is in another order, then each gets its own result',
  async (t) => {
    const { provider } = await scripted(t, ({ body }) => {
      const rows = rowsOf(body, 'Invoices').map((row, index) => ({
        ...row,
        InvoiceID: id(100 + index),
        StatusAttributeString: 'OK',
        UpdatedDateUTC: '/Date(1700000000000+0000)/',
        LineItems: (row.LineItems as object[])
          .map((line, at) => ({ ...line, LineItemID: id(1000 + index * 10 + at) }))
          .reverse(),
      }))
      return { body: { Invoices: rows.reverse() } }
    })
    const elements = [1, 2, 3].map((n) => ({ posted: invoice(n), remoteId: null, lineIds: {} }))
    const outcome = await provider.write(call, provider.freeze('invoices', 'create', elements), elements, 'key')
    t.match(outcome, {
      kind: 'ok',
      value: [1, 2, 3].map((n, index) => ({
        kind: 'written',
        remote: {
          remoteId: id(100 + index),
          number: `INV-${n}`,
          status: 'AUTHORISED',
          updatedAt: '2023-11-14T22:13:20.000Z',
          lineIds: { a: id(1000 + index * 10), b: id(1001 + index * 10) },
        },
      })),
    })
  },
)

t.test(
  'given two invoices that Xero numbers under one reference, when they come back in order, then they are told apart',
  async (t) => {
    const answer = (ids: number[]) => ({
      body: {
        Invoices: ids.map((n) => ({
          InvoiceID: id(n),
          InvoiceNumber: `X-${n}`,
          Reference: 'same',
          StatusAttributeString: 'OK',
        })),
      },
    })
    const { provider } = await scripted(t, () => answer([1, 2]))
    const element = { posted: invoice(1, { number: undefined, reference: 'same' }), remoteId: null, lineIds: {} }
    const elements = [element, element]
    const outcome = await provider.write(call, provider.freeze('invoices', 'create', elements), elements, 'key')
    t.match(outcome, { kind: 'ok', value: [{ remote: { number: 'X-1' } }, { remote: { number: 'X-2' } }] })
  },
)

const line = fc.record({
  lineId: fc.uuid(),
  description: fc.constantFrom('Widget', 'Freight', 'Discount'),
  quantity: fc.constantFrom('1', '2', '2.5000'),
  unitAmount: fc.constantFrom('1.00', '2.5', '10.1250'),
  tracking: fc.constant([]),
})
const lines: fc.Arbitrary<PostedLine[]> = fc.uniqueArray(line, { maxLength: 8, selector: (one) => one.lineId })

t.test(
  'given lines in any order, when they are matched back, then every line gets one id of a line with its content',
  async (t) => {
    const shuffled = lines.chain((ours) =>
      fc.tuple(fc.constant(ours), fc.shuffledSubarray([...ours.keys()], { minLength: ours.length })),
    )
    fc.assert(
      fc.property(shuffled, ([ours, order]) => {
        const remote = order.map((at) => ({
          LineItemID: id(at + 1),
          Description: ` ${ours[at]?.description} `,
          Quantity: ours[at]?.quantity,
          UnitAmount: ours[at]?.unitAmount,
        }))
        const found = matchLines(ours, remote)
        const same = ours.every((one) => {
          const row = remote.find((candidate) => candidate.LineItemID === found[one.lineId])
          return (
            row?.Description.trim() === one.description &&
            row.UnitAmount === one.unitAmount &&
            row.Quantity === one.quantity
          )
        })
        return same && new Set(Object.values(found)).size === ours.length
      }),
    )
    t.pass()
  },
)

t.test('given lines that nobody knows, when they are matched, then no line is guessed', (t) => {
  const [ours] = invoice(1).lines
  if (!ours) throw new Error('no line')
  const strangers = [1, 2].map((n) => ({ LineItemID: id(n), Description: `x${n}`, Quantity: '9', UnitAmount: '9' }))
  t.same(matchLines([ours], strangers), {})
  t.same(matchLines([ours], strangers.slice(0, 1)), { a: id(1) }, 'the only one left is it')
  t.same(matchLines([ours], strangers, { a: id(2) }), { a: id(2) }, 'a known id decides')
  t.end()
})

t.test(
  'given a description that is too long for Xero, when it does not say of which line, then it is named',
  async (t) => {
    const refusal = {
      StatusAttributeString: 'ERROR',
      ValidationErrors: [{ Message: 'Description cannot be longer than 4000 characters' }],
    }
    const { provider } = await scripted(t, () => ({
      status: 200,
      body: { Invoices: [{ InvoiceNumber: 'INV-1', ...refusal }] },
    }))
    const [first, second] = invoice(1).lines as [PostedLine, PostedLine]
    const long = 'x'.repeat(4001)
    for (const [lines, field] of [
      [[first, { ...second, description: long }], '/lines/1/description'],
      [[first, { ...second, lineId: '#shipping', description: long }], '/lines'],
    ] as const) {
      const element = { posted: invoice(1, { lines }), remoteId: null, lineIds: {} }
      const outcome = await provider.write(call, provider.freeze('invoices', 'create', [element]), [element], 'key')
      t.match(outcome, { kind: 'ok', value: [{ kind: 'rejected', error: { code: 'text_too_long', field } }] })
    }
  },
)
