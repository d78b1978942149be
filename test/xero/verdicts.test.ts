// The table of answers: what each says about a write or a read. What cannot be believed is unknown, because a write that
// is wrongly called refused is sent twice, and one that is wrongly called done is lost.
import t from 'tap'
import type { AccountingProvider, Outcome } from '../../src/accounting/provider.ts'
import { inWords } from './support/outcome.ts'
import { contact, id, invoice, item, noId } from './support/samples.ts'
import { accessToken, call, type Scripted, scripted } from './support/scripted.ts'

const one = { posted: contact(1), remoteId: null, lineIds: {} }
const two = { posted: contact(2), remoteId: null, lineIds: {} }
const known = { ...one, remoteId: id(1) }
const bill = { posted: invoice(1), remoteId: null, lineIds: {} }

type Operation = (provider: AccountingProvider) => Promise<Outcome<unknown>>
const found = async (looked: ReturnType<AccountingProvider['find']>) => {
  const outcome = await looked
  return outcome.kind === 'ok' ? { ...outcome, value: outcome.value.found } : outcome
}
const operations = {
  create: (p) => p.write(call, p.freeze('contacts', 'create', [one]), [one], 'key'),
  'create two': (p) => p.write(call, p.freeze('contacts', 'create', [one, two]), [one, two], 'key'),
  update: (p) => p.write(call, p.freeze('contacts', 'update', [known]), [known], 'key'),
  invoice: (p) => p.write(call, p.freeze('invoices', 'create', [bill]), [bill], 'key'),
  archive: (p) => p.remove(call, { list: 'contacts', action: 'archive' }, id(1), 'key'),
  void: (p) => p.remove(call, { list: 'invoices', action: 'void' }, id(1), 'key'),
  'delete item': (p) => p.remove(call, { list: 'items', action: 'delete' }, id(1), 'key'),
  read: (p) => p.readContacts(call, { page: 1, pageSize: 100, modifiedSince: null }),
  'read items': (p) => p.readItems(call, null),
  find: (p) => found(p.find(call, 'contacts', [contact(1)])),
  'find item': (p) => found(p.find(call, 'items', [item(1)])),
  organisation: (p) => p.readReference(call, ['organisation']),
} satisfies Record<string, Operation>

const ok1 = { ContactID: id(1), ContactNumber: 'customer:C-1', ContactStatus: 'ACTIVE', StatusAttributeString: 'OK' }
const ok2 = { ContactID: id(2), ContactNumber: 'customer:C-2', ContactStatus: 'ACTIVE', StatusAttributeString: 'OK' }
const refusedBecause = (Message: string, more: object = {}) => ({
  ContactID: noId,
  ContactNumber: 'customer:C-1',
  StatusAttributeString: 'ERROR',
  ValidationErrors: [{ Message }],
  ...more,
})
const contacts = (...Contacts: unknown[]) => ({ Id: id(99), Status: 'OK', Contacts })
const validation = (...Elements: unknown[]) => ({
  ErrorNumber: 10,
  Type: 'ValidationException',
  Message: 'A validation exception occurred',
  Elements,
})
const problem = (Status: number, Detail: string) => ({
  Type: null,
  Title: 'Unauthorized',
  Status,
  Detail,
  Instance: id(5),
  Extensions: {},
})
const html = '<html><head><title>Gateway</title></head><body>Something went wrong</body></html>'
const ofInvoice = (more: object) => ({
  Invoices: [
    {
      Type: 'ACCREC',
      InvoiceID: id(1),
      InvoiceNumber: 'INV-1',
      Status: 'AUTHORISED',
      LineItems: [],
      StatusAttributeString: 'OK',
      ...more,
    },
  ],
})

type Row = readonly [operation: keyof typeof operations, answer: Scripted, expected: string, why?: string]
const table: readonly Row[] = [
  // Done.
  ['create', { body: contacts(ok1) }, 'ok written'],
  [
    'create',
    { body: contacts({ ...ok1, StatusAttributeString: 'WARNING', Warnings: [{ Message: 'w' }] }) },
    'ok written',
  ],
  ['create', { body: contacts({ ...ok1, StatusAttributeString: undefined }) }, 'ok written'],
  ['create', { status: 201, body: contacts(ok1) }, 'ok written'],
  ['create two', { body: contacts(ok1, ok2) }, 'ok written, written'],
  ['create two', { body: contacts(ok2, ok1) }, 'ok written, written', 'the order is not believed, the marker is'],
  ['update', { body: contacts(ok1) }, 'ok written'],
  ['update', { body: contacts({ ...ok1, ContactNumber: undefined }) }, 'ok written', 'the id is enough'],
  ['invoice', { body: ofInvoice({}) }, 'ok written'],
  ['archive', { body: contacts({ ...ok1, ContactStatus: 'ARCHIVED' }) }, 'ok written'],
  ['void', { body: ofInvoice({ Status: 'VOIDED' }) }, 'ok written'],
  ['delete item', { status: 204 }, 'ok written'],
  ['delete item', { status: 200, body: {} }, 'unknown outcome_unknown', 'a deletion answers 204'],
  ['delete item', { status: 200, body: html }, 'unknown outcome_unknown'],
  ['delete item', { status: 404, headers: { 'content-type': 'text/html' }, body: '' }, 'ok written', 'gone is done'],
  ['read', { body: contacts() }, 'ok value'],
  ['read', { status: 304 }, 'ok value', 'nothing changed'],
  ['read items', { body: { Items: [] } }, 'ok value'],
  ['find', { body: contacts(ok1) }, 'ok value'],
  ['find', { body: contacts() }, 'ok'],
  ['find item', { status: 404, body: '' }, 'ok', 'an item asked for by its code is absent'],

  // Definite rejections of an element.
  ['create', { body: contacts(refusedBecause('Email address must be valid.')) }, 'ok rejected email_invalid'],
  [
    'create',
    {
      body: contacts(
        refusedBecause(
          'The contact name Contact 1 is already assigned to another contact. The contact name must be unique.',
        ),
      ),
    },
    'ok rejected contact_name_taken',
  ],
  ['create', { body: contacts(refusedBecause('x', { StatusAttributeString: undefined })) }, 'ok rejected rejected'],
  [
    'create',
    {
      body: contacts(
        refusedBecause('x', { ValidationErrors: [{ Description: 'Another contact has this contact number' }] }),
      ),
    },
    'ok rejected duplicate_number',
    'Description instead of Message',
  ],
  ['create', { body: contacts(refusedBecause('x', { ContactNumber: undefined })) }, 'ok rejected rejected', 'by index'],
  [
    'create',
    { body: contacts({ ...refusedBecause('x'), ValidationErrors: [] }) },
    'ok rejected rejected',
    'no reason given',
  ],
  [
    'create two',
    { body: contacts(ok1, refusedBecause('x', { ContactNumber: 'customer:C-2' })) },
    'ok written, rejected rejected',
  ],
  ['create two', { body: contacts(refusedBecause('x'), ok2) }, 'ok rejected rejected, written'],
  [
    'update',
    {
      body: contacts(
        refusedBecause('Archived contacts cannot currently be edited via the API.', {
          ContactID: id(1),
          ValidationErrors: [
            {
              Message:
                'The contact matched an archived contact. Archived contacts cannot currently be edited via the API.',
            },
          ],
        }),
      ),
    },
    'ok rejected contact_archived',
  ],
  [
    'invoice',
    {
      body: ofInvoice({
        InvoiceID: noId,
        StatusAttributeString: 'ERROR',
        ValidationErrors: [{ Message: 'Invoice # must be unique.' }],
      }),
    },
    'ok rejected duplicate_number',
  ],
  [
    'invoice',
    {
      body: ofInvoice({
        InvoiceID: noId,
        StatusAttributeString: 'ERROR',
        LineItems: [{ ValidationErrors: [{ Message: "Account code '999' is not a valid code for this document." }] }],
      }),
    },
    'ok rejected account_invalid',
    'nested in a line',
  ],
  [
    'invoice',
    {
      body: ofInvoice({
        InvoiceID: noId,
        StatusAttributeString: 'ERROR',
        Contact: { ValidationErrors: [{ Message: 'The contact is archived.' }] },
      }),
    },
    'ok rejected contact_archived',
    'nested in the contact',
  ],
  [
    'invoice',
    {
      status: 400,
      body: validation({
        InvoiceNumber: 'INV-1',
        ValidationErrors: [
          { Message: 'The document date cannot be before the period lock date, currently set at 31/03/2026' },
        ],
      }),
    },
    'ok rejected period_locked',
  ],
  [
    'create',
    { status: 400, body: validation(refusedBecause('Email address must be valid.')) },
    'ok rejected email_invalid',
  ],
  [
    'create two',
    { status: 400, body: validation(refusedBecause('x', { ContactNumber: 'customer:C-2' })) },
    'ok rejected rejected, rejected rejected',
    'nothing was saved, the first only because of the second',
  ],
  [
    'create two',
    { status: 400, body: validation({ Name: 'stranger', ValidationErrors: [{ Message: 'odd' }] }) },
    'refused rejected rejected',
  ],
  [
    'archive',
    {
      status: 400,
      body: validation({
        ValidationErrors: [{ Message: 'Archived contacts cannot currently be edited via the API. (archived contact)' }],
      }),
    },
    'ok written',
    'it already is archived',
  ],
  [
    'void',
    {
      status: 400,
      body: validation({ ValidationErrors: [{ Message: 'Invoice not of valid status for modification' }] }),
    },
    'ok rejected not_modifiable',
  ],
  [
    'void',
    {
      body: ofInvoice({
        StatusAttributeString: 'ERROR',
        ValidationErrors: [
          {
            Message:
              'The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.',
          },
        ],
      }),
    },
    'ok rejected not_modifiable',
  ],
  [
    'delete item',
    { status: 400, body: validation({ ValidationErrors: [{ Message: 'No.' }] }) },
    'ok rejected item_in_use',
  ],
  [
    'delete item',
    { status: 400, body: { Type: 'PostDataInvalidException', Message: 'No.' } },
    'ok rejected item_in_use',
  ],

  // Refusals of the whole call.
  [
    'create',
    { status: 400, body: { ErrorNumber: 14, Type: 'PostDataInvalidException', Message: 'JSON is malformed' } },
    'refused rejected rejected',
  ],
  [
    'create',
    {
      status: 400,
      body: {
        Type: 'NoDataProcessedException',
        ErrorNumber: 17,
        Message: 'No data has been processed for this endpoint.',
      },
    },
    'refused rejected rejected',
  ],
  ['read', { status: 400, body: { Type: 'QueryParseException', Message: 'No property' } }, 'refused rejected rejected'],
  ['read', { status: 400, body: validation({ ValidationErrors: [{ Message: 'odd' }] }) }, 'refused rejected rejected'],
  ['create', { status: 413, body: '' }, 'refused rejected too_large'],
  ['create', { status: 413, body: html }, 'refused rejected too_large'],
  ['create', { status: 414, body: html }, 'refused rejected too_large'],
  [
    'create',
    { status: 501, body: { ErrorNumber: 20, Type: 'ApiMethodNotImplementedException', Message: 'No.' } },
    'refused rejected rejected',
  ],
  ['update', { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '' }, 'refused not_found'],
  ['archive', { status: 404, body: '' }, 'refused not_found'],
  ['find', { status: 404, body: '' }, 'refused not_found', 'a list that is not there is not an empty list'],
  [
    'create',
    { status: 401, body: problem(401, 'TokenExpired: token expired at 01/23/2026 18:21:16') },
    'refused token_expired',
  ],
  ['read', { status: 401, body: { detail: 'TokenExpired: token expired' } }, 'refused token_expired', 'lower-case key'],
  ['create', { status: 401, body: problem(401, 'AuthenticationUnsuccessful') }, 'refused token_expired'],
  ['create', { status: 401, body: '' }, 'refused token_expired'],
  ['create', { status: 401, body: problem(401, 'AuthorizationUnsuccessful') }, 'refused not_permitted'],
  [
    'read',
    { status: 401, body: { title: 'Unauthorized', detail: 'AuthorizationUnsuccessful' } },
    'refused not_permitted',
  ],
  ['read', { status: 401, body: 'You need the reporting role or higher privileges' }, 'refused not_permitted'],
  ['create', { status: 403, body: problem(403, 'AuthenticationUnsuccessful') }, 'refused disconnected'],
  ['organisation', { status: 403, body: { detail: 'AuthenticationUnsuccessful' } }, 'refused disconnected'],
  ['create', { status: 403, body: problem(403, 'AuthorizationUnsuccessful') }, 'refused not_permitted'],
  ['read', { status: 403, body: { Title: 'Forbidden', Detail: 'insufficient_scope' } }, 'refused not_permitted'],
  [
    'create',
    { status: 429, headers: { 'retry-after': '26', 'x-rate-limit-problem': 'minute', 'x-minlimit-remaining': '0' } },
    'refused minute 26',
  ],
  ['read', { status: 429, headers: { 'retry-after': '66975', 'x-rate-limit-problem': 'day' } }, 'refused day 66975'],
  ['create', { status: 429, headers: { 'x-rate-limit-problem': 'concurrent' } }, 'refused concurrent -'],
  ['create', { status: 429, headers: { 'x-rate-limit-problem': 'appminute' } }, 'refused app_minute -'],
  ['create', { status: 429, headers: { 'x-daylimit-remaining': '0' } }, 'refused day -'],
  ['create', { status: 429, body: html }, 'refused minute -'],

  // Not to be believed, or no answer.
  ['create', { body: {} }, 'unknown outcome_unknown'],
  ['create', { body: '' }, 'unknown outcome_unknown'],
  ['create', { body: html }, 'unknown outcome_unknown'],
  ['create', { body: '{"Contacts":[{"ContactID":"0' }, 'unknown outcome_unknown', 'cut short'],
  ['create', { body: 'null' }, 'unknown outcome_unknown'],
  ['create', { body: '[]' }, 'unknown outcome_unknown'],
  ['create', { status: 204 }, 'unknown outcome_unknown'],
  ['create', { status: 202, body: { Status: 'OK' } }, 'unknown outcome_unknown'],
  ['create', { body: { Contacts: ok1 } }, 'unknown outcome_unknown', 'not an array'],
  ['create', { body: contacts() }, 'unknown outcome_unknown'],
  ['create', { body: contacts(ok1, ok2) }, 'unknown outcome_unknown', 'one too many'],
  ['create two', { body: contacts(ok1) }, 'unknown outcome_unknown', 'one too few'],
  ['create two', { body: contacts(ok1, ok1) }, 'unknown outcome_unknown', 'one document twice'],
  ['create two', { body: contacts(ok1, null) }, 'unknown outcome_unknown'],
  ['create', { body: contacts({ ...ok1, ContactID: noId }) }, 'unknown outcome_unknown', 'OK without an id'],
  ['create', { body: contacts({ ...ok1, ContactID: undefined }) }, 'unknown outcome_unknown'],
  ['create', { body: contacts({ ...ok1, ContactID: 'abc' }) }, 'unknown outcome_unknown'],
  ['create', { body: contacts(ok2) }, 'unknown outcome_unknown', 'another document'],
  [
    'create',
    { body: contacts({ ...ok1, ContactNumber: undefined }) },
    'unknown outcome_unknown',
    'written, but which?',
  ],
  ['create', { body: contacts({ ...ok1, StatusAttributeString: 'MAYBE' }) }, 'unknown outcome_unknown'],
  [
    'create',
    { body: contacts({ ...ok1, ValidationErrors: [{ Message: 'x' }] }) },
    'unknown outcome_unknown',
    'OK with an error',
  ],
  [
    'create',
    { body: contacts({ ...ok1, StatusAttributeString: 'ERROR' }) },
    'unknown outcome_unknown',
    'error with a new id',
  ],
  ['update', { body: contacts({ ...ok1, ContactID: id(7) }) }, 'unknown outcome_unknown', 'another id than was sent'],
  ['archive', { body: contacts(ok1) }, 'unknown outcome_unknown', 'still active'],
  ['void', { body: ofInvoice({}) }, 'unknown outcome_unknown', 'still authorised'],
  [
    'create',
    { status: 400, body: { Message: 'Idempotency Key: key is used with a different request.' } },
    'unknown outcome_unknown',
  ],
  ['create', { status: 500, body: { ErrorNumber: 1, Message: 'An error occurred' } }, 'unknown outcome_unknown'],
  ['create', { status: 500, body: contacts(ok1) }, 'unknown outcome_unknown', 'a 500 is a 500'],
  ['create', { status: 502, body: html }, 'unknown outcome_unknown'],
  ['create', { status: 503, body: 'The Xero API is currently offline for maintenance' }, 'unknown outcome_unknown'],
  ['create', { status: 504, body: '' }, 'unknown outcome_unknown'],
  ['create', { status: 307, headers: { location: 'http://localhost:1/' } }, 'unknown outcome_unknown'],
  ['create', { status: 301, headers: { location: '/elsewhere' }, body: html }, 'unknown outcome_unknown'],
  ['create', { status: 403, body: html }, 'unknown outcome_unknown', 'from something in front of Xero'],
  ['create', { status: 408, body: '' }, 'unknown outcome_unknown'],
  // A 4xx without Xero's JSON: from a gateway, which may have passed the request on.
  ['create', { status: 400, body: '' }, 'unknown outcome_unknown'],
  ['create', { status: 400, body: html }, 'unknown outcome_unknown'],
  ['create', { status: 404, body: html }, 'unknown outcome_unknown'],
  ['delete item', { status: 404, body: html }, 'unknown outcome_unknown', 'a page is not the empty 404 of Xero'],
  ['delete item', { status: 400, body: html }, 'unknown outcome_unknown'],
  ['archive', { status: 405, body: html }, 'unknown outcome_unknown'],
  ...[400, 401, 404, 405, 406, 410, 411, 412, 413, 414, 415, 417, 422, 431].map(
    (status): Row => ['read', { status, body: html }, 'unknown unreachable'],
  ),
  ['read', { status: 400, body: '' }, 'unknown unreachable'],
  ['read', { status: 400, body: { message: 'Bad Request' } }, 'unknown unreachable', 'JSON of a gateway'],
  ['read', { status: 412, body: 'Precondition failed' }, 'unknown unreachable'],
  ['find', { status: 400, body: html }, 'unknown unreachable'],
  ['find item', { status: 404, body: html }, 'unknown unreachable', 'not absent: nobody asked Xero'],
  ['find item', { status: 414, body: html }, 'unknown unreachable', 'one code is never too long'],
  ['read items', { status: 304 }, 'unknown unreachable', 'all of the list was asked for'],
  ['delete item', { status: 500, body: '' }, 'unknown outcome_unknown'],
  ['read', { status: 503, body: 'Organisation is offline' }, 'unknown unreachable'],
  ['read', { body: html }, 'unknown unreachable'],
  ['read', { body: {} }, 'unknown unreachable'],
  ['read', { body: { Contacts: {} } }, 'unknown unreachable'],
  ['read items', { status: 302, headers: { location: '/login' } }, 'unknown unreachable'],
  ['find', { body: {} }, 'unknown unreachable', 'not an empty list'],
  ['find item', { body: '' }, 'unknown unreachable'],
  ['organisation', { body: { Organisations: [] } }, 'unknown unreachable'],

  // Echoes of the token, wherever a proxy might put it.
  ['create', { status: 500, body: `<pre>Authorization: Bearer ${accessToken}</pre>` }, 'unknown outcome_unknown'],
  ['create', { status: 503, body: `Bearer ${accessToken}` }, 'unknown outcome_unknown'],
  ['create', { status: 400, body: { Message: `bad header Bearer ${accessToken}` } }, 'refused rejected rejected'],
  ['create', { body: contacts(refusedBecause(`Bearer ${accessToken}`)) }, 'ok rejected rejected'],
  ['read', { status: 403, body: problem(403, `no rights for ${accessToken}`) }, 'refused not_permitted'],
  ['read', { body: { Contacts: [{ ContactID: id(1), Name: accessToken }] } }, 'ok value'],
]

t.test('given an answer of Xero, when it is judged, then the table says what it means', async (t) => {
  let answer: Scripted = {}
  const { provider } = await scripted(t, () => answer)
  for (const [operation, scriptedAnswer, expected, why] of table) {
    answer = scriptedAnswer
    const outcome = await operations[operation](provider)
    const said = JSON.stringify(scriptedAnswer).slice(0, 90)
    t.equal(inWords(outcome), expected, `${operation}: ${said}${why ? ` (${why})` : ''}`)
    t.notMatch(JSON.stringify(outcome), accessToken, 'no outcome holds the access token')
  }
  t.ok(table.length >= 120, `${table.length} answers`)
})

/** What a creation may be answered with, whatever the status. */
const bodies: Readonly<Record<string, Scripted>> = {
  whole: { body: contacts(ok1) },
  errors: { body: validation(refusedBecause('Email address must be valid.')) },
  problem: { body: problem(0, 'AuthenticationUnsuccessful') },
  '{}': { body: {} },
  html: { body: html, headers: { 'content-type': 'text/html' } },
  empty: { body: '' },
  cut: { body: '{"Contacts":[{"ContactID":"0' },
  'no gzip': { body: '{"Contacts":[]}', headers: { 'content-encoding': 'gzip' } },
}

/**
 * One letter a body, in the order above. W written, E rejected with its reason, R refused as a whole, T throttled, t token
 * expired, D disconnected, P not permitted, N not found, L too large, u unknown: perhaps written.
 */
const letters: Readonly<Record<string, string>> = {
  W: 'ok written',
  E: 'ok rejected email_invalid',
  R: 'refused rejected rejected',
  T: 'refused minute 7',
  t: 'refused token_expired',
  D: 'refused disconnected',
  P: 'refused not_permitted',
  N: 'refused not_found',
  L: 'refused rejected too_large',
  u: 'unknown outcome_unknown',
}
const byStatus: Readonly<Record<number, string>> = {
  200: 'W u u u u u u u',
  201: 'W u u u u u u u',
  202: 'W u u u u u u u',
  206: 'W u u u u u u u',
  302: 'u u u u u u u u',
  307: 'u u u u u u u u',
  400: 'u E R u u u u u',
  401: 't t t t u t u u',
  403: 'P P D P u u u u',
  404: 'u N N u u N u u',
  408: 'u u u u u u u u',
  409: 'u R R u u u u u',
  412: 'u R R u u u u u',
  413: 'L L L L L L L u',
  414: 'L L L L L L L u',
  415: 'u R R u u u u u',
  425: 'u u u u u u u u',
  429: 'T T T T T T T u',
  500: 'u u u u u u u u',
  502: 'u u u u u u u u',
  503: 'u u u u u u u u',
  504: 'u u u u u u u u',
  520: 'u u u u u u u u',
}

t.test('given any status with any body, when it answers a creation, then only the certain is certain', async (t) => {
  let answer: Scripted = {}
  const { provider } = await scripted(t, () => answer)
  let seen = 0
  for (const [status, row] of Object.entries(byStatus)) {
    for (const [index, [name, { headers, body }]] of Object.entries(bodies).entries()) {
      answer = { status: Number(status), body, headers: { ...headers, 'retry-after': '7' } }
      const expected = letters[row.split(' ')[index] ?? '']
      t.equal(inWords(await operations.create(provider)), expected, `${status} with ${name}`)
      seen += 1
    }
  }
  t.equal(seen, 23 * 8)
})

t.test('given any answer, when it carries limits, then every kind of outcome reports them', async (t) => {
  const headers = { 'x-minlimit-remaining': '41', 'x-daylimit-remaining': '4321', 'X-AppMinLimit-Remaining': '9876' }
  let answer: Scripted = {}
  const { provider } = await scripted(t, () => answer)
  for (const status of [200, 400, 401, 403, 404, 429, 500]) {
    answer = { status, headers, body: contacts(ok1) }
    const { limits } = await operations.create(provider)
    t.same(limits, { minuteRemaining: 41, dayRemaining: 4321, appMinuteRemaining: 9876 }, String(status))
  }
  answer = { status: 200, body: contacts(ok1), headers: { 'x-minlimit-remaining': 'many' } }
  const { limits } = await operations.create(provider)
  t.same(limits, { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null })
})

t.test(
  'given one bad document in a refused call, when it is settled, then only the other one may be retried',
  async (t) => {
    const body = validation(refusedBecause('Email address must be valid.', { ContactNumber: 'customer:C-2' }))
    const { provider } = await scripted(t, () => ({ status: 400, body }))
    const outcome = await operations['create two'](provider)
    t.match(outcome, {
      kind: 'ok',
      value: [
        { error: { code: 'rejected', retryable: true } },
        { error: { code: 'email_invalid', retryable: false, field: '/email', xero: ['Email address must be valid.'] } },
      ],
    })
  },
)

t.test('given an error in a line, when it is settled, then the field points to that line', async (t) => {
  const LineItems = [
    {},
    { ValidationErrors: [{ Message: "The TaxType code 'OUTPUT' cannot be used with account code '630'." }] },
  ]
  const body = ofInvoice({ InvoiceID: noId, StatusAttributeString: 'ERROR', LineItems })
  const { provider } = await scripted(t, () => ({ body }))
  const outcome = await operations.invoice(provider)
  t.match(outcome, { value: [{ error: { code: 'tax_not_allowed', field: '/lines/1' } }] })
})
