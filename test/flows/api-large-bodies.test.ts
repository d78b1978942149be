// Bodies of far too many values: refused by one look at them, before anything is validated or asked of the database, whatever
// operation they are sent to, and each record of a bulk request as if it were sent alone.
import t from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice } from '../support/records.ts'
import { turnsDuring } from '../support/turns.ts'

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

t.test('given many faulty records that are stored, when they are put again, then others have their turn', async (t) => {
  const ids = zeros(200).map((_, n) => `f${n}`)
  t.equal((await api('PUT', `${c}/customers`, { records: ids.map((id) => customer(id)) })).body.summary.created, 200)
  const records = ids.map((id) => ({ ...customer(id), color: 'red' }))
  const { turns, result } = await turnsDuring(() => api('PUT', `${c}/customers`, { records }))
  t.equal(result.body.summary.refused, 200)
  t.ok(turns >= 400, `${turns} turns while 200 records were judged alone and beside what is stored`)
})

t.test('given settings that have grown, when they are saved, then no map or list has more than it may', async (t) => {
  const patch = (body: unknown) => api('PATCH', `${c}/settings`, body, { 'if-match': '*' })
  const codes = (from: number, count: number, value: unknown) =>
    Object.fromEntries(zeros(count).map((_, n) => [`k${from + n}`, value]))
  const statuses = (count: number) => zeros(count).map((_, n) => `s${n}`)
  const maps: [string, (map: object) => object, unknown][] = [
    ['/invoices/taxMap', (taxMap) => ({ invoices: { taxMap } }), 'OUTPUT'],
    ['/vendors/taxMap', (taxMap) => ({ vendors: { taxMap } }), 'INPUT'],
    ['/items/itemGroups', (itemGroups) => ({ items: { itemGroups } }), {}],
    [
      '/invoices/trackingMap/class/options',
      (options) => ({ invoices: { trackingMap: { class: { categoryId: 'c', options } } } }),
      'North',
    ],
  ]
  for (const [pointer, within, value] of maps) {
    t.equal((await patch(within(codes(0, 1_000, value)))).status, 200, pointer)
    const refused = await patch(within(codes(1_000, 1, value)))
    const error = { pointer, detail: 'must not have more than 1000 entries', action: 'Send at most 1000 entries.' }
    t.match(refused, { status: 422, body: { code: 'settings_invalid', errors: [error] } })
    t.equal(refused.body.errors.length, 1)
    t.equal((await patch(within({ k0: null, k1000: value }))).status, 200, 'one for another')
  }
  const lists: [string, object, number][] = [
    ['/invoices/triggerStatus/invoice', { invoices: { triggerStatus: { invoice: statuses(101) } } }, 100],
    ['/vendors/triggerStatus/bill', { vendors: { triggerStatus: { bill: statuses(101) } } }, 100],
    ['/customers/matchBy', { customers: { matchBy: zeros(5_000).map(() => 'name') } }, 5],
    ['/schedule/daysOfWeek', { schedule: { daysOfWeek: zeros(5_000).map(() => 'monday') } }, 7],
  ]
  for (const [pointer, body, limit] of lists) {
    const { status, body: refused } = await patch(body)
    t.equal(status, 422, pointer)
    const expected = { pointer, action: `Send at most ${limit} entries.` }
    t.match(
      refused.errors.find((fault: { detail: string }) => /more than/.test(fault.detail)),
      expected,
    )
  }
})

t.test(
  'given settings of an older version that are larger, then they are read and reduced, and do not grow',
  async (t) => {
    const { api, connect, house, database } = await openWorld(t)
    const id = await connect()
    const at = `/v1/connections/${id}/settings`
    const stored = { invoices: { taxMap: keys(3_000, 'OUTPUT'), triggerStatus: { invoice: zeros(200).map(String) } } }
    t.equal((await api('PATCH', at, { items: { longCode: 'reject' } }, { 'if-match': '*' })).status, 200)
    await database.db
      .updateTable('settings')
      .set({ document: JSON.stringify(stored) })
      .where('connection_id', '=', id)
      .execute()
    const settings = house.services.settings
    const read = async () => (await settings.get('acme', id)).settings.invoices
    t.equal(Object.keys((await read()).taxMap).length, 3_000)
    t.strictSame(
      (await settings.check('acme', id)).filter(({ code }) => code === 'stored_value_dropped'),
      [],
    )
    const patch = async (body: unknown) => settings.patch('acme', id, body, (await settings.get('acme', id)).version)
    await patch({ items: { longCode: 'truncate_hash' } })
    await patch({ invoices: { taxMap: { k0: null, new: 'OUTPUT' } } })
    await t.rejects(patch({ invoices: { taxMap: { more: 'OUTPUT' } } }), { code: 'settings_invalid' })
    await patch({ invoices: { taxMap: keys(1_000, null) } })
    t.equal(Object.keys((await read()).taxMap).length, 2_001)
    await t.rejects(patch({ invoices: { taxMap: { k1: 'OUTPUT' } } }), { code: 'settings_invalid' })
    await patch({ invoices: { taxMap: null, triggerStatus: null } })
    t.strictSame((await read()).taxMap, {})
  },
)
