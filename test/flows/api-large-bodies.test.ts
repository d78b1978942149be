// Bodies of far too many values: refused by one look at them, before anything is validated or asked of the database, whatever
// operation they are sent to, and each record of a bulk request as if it were sent alone.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'

const { api, connect } = await openWorld(t)
const c = `/v1/connections/${await connect()}`
const zeros = (count: number) => Array.from({ length: count }, () => 0)
const keys = (count: number, value: unknown = 1) => Object.fromEntries(zeros(count).map((_, n) => [`k${n}`, value]))
const wide = (count: number) => zeros(count).map(() => zeros(1_000))

t.test(
  'given too many values, when they are sent, then the first place of them is named, and nothing else',
  async (t) => {
    const bodies: [string, string, unknown, string, RegExp][] = [
      ['PUT', `${c}/customers/z`, { name: 'x', contactPersons: zeros(5_001) }, '/contactPersons', /5,000 entries/],
      ['PUT', `${c}/customers/z`, { name: 'x', ...keys(1_001) }, '', /1,000 fields/],
      ['PUT', `${c}/invoices/z`, { lines: zeros(1_000).map(() => keys(30)) }, '', /25,000 values/],
      [
        'PUT',
        `${c}/customers`,
        { records: [{}, { contactPersons: zeros(5_001) }] },
        '/records/1/contactPersons',
        /5,000/,
      ],
      ['PUT', `${c}/customers`, { records: [{}, { name: 'x', ...keys(1_001) }] }, '/records/1', /1,000 fields/],
      ['PUT', `${c}/invoices`, { records: [{}, {}, { lines: wide(26) }] }, '/records/2', /25,000 values/],
      ['PATCH', `${c}/settings`, { invoices: { taxMap: keys(1_001, null) } }, '/invoices/taxMap', /1,000 fields/],
      ['PUT', `${c}/settings/items`, { itemGroups: keys(1_001, {}) }, '/itemGroups', /1,000 fields/],
      ['POST', '/v1/connections', keys(1_001), '', /1,000 fields/],
      ['POST', `${c}/confirm`, keys(1_001), '', /1,000 fields/],
      ['POST', `${c}/sync-queue-items`, { recordIds: wide(26) }, '', /25,000 values/],
    ]
    for (const [method, url, body, pointer, detail] of bodies) {
      const answer = await api(method, url, body, { 'if-match': '*' })
      const what = `${method} ${url} ${pointer}`
      t.match(
        answer,
        { status: 422, body: { code: 'validation_failed', errors: [{ pointer, detail, action: /^Send / }] } },
        what,
      )
      t.equal(answer.body.errors.length, 1, what)
    }
    t.same((await api('GET', `${c}/customers`)).body.items, [])
  },
)

t.test('given a thousand records that are large together, when they are put, then they are taken', async (t) => {
  t.equal((await api('PUT', `${c}/customers/c`, customer('c'))).status, 201)
  const records = zeros(100).map((_, n) => invoice(`i${n}`, 'c', zeros(50).map(String)))
  t.match((await api('PUT', `${c}/invoices`, { records })).body.summary, { created: 100 }, '35,000 values')
  const [first] = records
  const lines = zeros(1_000).map((_, n) => ({ ...first?.lines[0], id: String(n) }))
  t.equal((await api('PUT', `${c}/invoices/long`, { ...first, id: 'long', lines })).status, 201, 'the longest invoice')
})
