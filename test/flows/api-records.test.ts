// Records, one at a time: what a hand-over does, what is refused, and how a record stands with Xero.
import t from 'tap'
import { somerset } from '../../src/simulator/index.ts'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item, settingsForDemoOrganisation } from '../support/records.ts'

const world = await openWorld(t)
const { api, connect, simulator, work, clock } = world
const c = `/v1/connections/${await connect()}`
await api('PATCH', `${c}/settings`, settingsForDemoOrganisation, { 'if-match': '*' })

interface Entry {
  readonly id: string
  readonly recordId: string
  readonly action: string
}
const queueOf = async (recordId: string): Promise<Entry[]> =>
  (await api('GET', `${c}/sync-queue-items?recordId=${encodeURIComponent(recordId)}`)).body.items
const pointersOf = (body: { errors?: readonly { pointer: string }[] }) =>
  body.errors?.map(({ pointer }) => pointer).sort()
async function sync(): Promise<void> {
  await api('POST', `${c}/sync-jobs`, {})
  await work()
}

t.test('given a new record, when it is put again and again, then the answers say what came of it', async (t) => {
  const url = `${c}/customers/life`
  const created = await api('PUT', url, customer('life', { version: 5 }))
  t.match([created.status, created.body.result], [201, 'created'])
  t.match(created.body, { type: 'customer', id: 'life', origin: 'product', deletedAt: null })
  t.match(created.body.sync, { state: 'pending', xero: null, lastSyncedAt: null, lastError: null })
  const same = await api('PUT', url, customer('life', { version: 6 }))
  t.match([same.status, same.body.result], [200, 'unchanged'])
  clock.advance(1000)
  const updated = await api('PUT', url, customer('life', { name: 'Renamed', version: 7 }))
  t.match([updated.status, updated.body.result, updated.body.record.name], [200, 'updated', 'Renamed'])
  t.ok(updated.body.updatedAt > created.body.updatedAt)
  t.equal(updated.body.createdAt, created.body.createdAt)
  const stale = await api('PUT', url, customer('life', { name: 'Old', version: 6 }))
  t.match([stale.status, stale.body.result, stale.body.record.name], [200, 'stale', 'Renamed'])
  const { result: _result, ...stored } = updated.body
  t.same((await api('GET', url)).body, stored)
  const queued = await queueOf('life')
  t.match(queued, [{ action: 'create' }], 'one open item, however often it changed')
})

t.test('given a synced record, when the same content comes again, then nothing is queued', async (t) => {
  await api('PUT', `${c}/items/s1`, item('s1', { kind: 'service' }))
  await sync()
  const synced = (await api('GET', `${c}/items/s1`)).body.sync
  t.match(synced, { state: 'synced', lastError: null, lastSyncedAt: clock.now().toISOString() })
  const [remote] = simulator.control.read(somerset, 'Items').filter(({ Code }) => Code === 'SKU-s1')
  t.equal(synced.xero.id, remote?.ItemID)
  t.match(synced.xero.url, /^https:\/\/go\.xero\.com\//)
  const reordered = Object.fromEntries(Object.entries(item('s1', { kind: 'service', version: 9 })).reverse())
  const same = await api('PUT', `${c}/items/s1`, { ...reordered, salePrice: '12.5000', name: ' Item s1 ' })
  t.equal(same.body.result, 'unchanged', 'order, zeros and blanks are no change')
  t.same(await queueOf('s1'), [])
  await api('PUT', `${c}/items/s1`, item('s1', { kind: 'service', salePrice: '13' }))
  t.match(await queueOf('s1'), [{ action: 'update' }])
  await sync()
  const attempts = (await api('GET', `${c}/items/s1/attempts`)).body.items
  t.match(attempts, [
    { action: 'update', outcome: 'written', error: null },
    { action: 'create', outcome: 'written', error: null },
  ])
  t.match((await api('GET', `${c}/items/s1/attempts?limit=1`)).body.items, [{ id: attempts[0].id }])
})

t.test('given faulty bodies, when they are put, then every fault has its pointer and nothing is stored', async (t) => {
  const cases: [string, unknown, string[]][] = [
    [
      'customers',
      { ...customer('f'), emial: 'x', addresses: [{ kind: 'billing', lines: ['1'], zip: '1' }] },
      ['/addresses/0/zip', '/emial'],
    ],
    ['customers', { id: 'other', name: 'A <b>', foo: 1 }, ['/foo', '/id', '/name']],
    [
      'customers',
      {
        name: 'a <b>  c',
        phones: [
          { kind: 'mobile', number: '1' },
          { kind: 'mobile', number: '2' },
        ],
      },
      ['/name', '/name', '/phones/1/kind'],
    ],
    ['items', { kind: 'thing', name: '', salePrice: 12.5, code: 'x' }, ['/kind', '/name', '/salePrice']],
    ['invoices', invoice('f', 'c', ['i'], { date: '2026-02-30', lines: [] }), ['/date', '/lines']],
    [
      'invoices',
      invoice('f', 'c', [], {
        dueDate: '2026-11-01',
        exchangeRate: '0.00',
        discount: {},
        lines: [
          { id: '1', quantity: '1', unitPrice: '1' },
          { id: '1', description: 'x', quantity: '1', unitPrice: '1' },
        ],
      }),
      ['/discount', '/dueDate', '/exchangeRate', '/lines/0', '/lines/1/id'],
    ],
    ['vendors', [], ['']],
    ['vendors', null, ['']],
    ['customers', { name: 'control \u0000 sign' }, ['/name']],
    ['customers', { name: 'half a sign \ud800' }, ['/name']],
    ['items', { ...item('f'), version: -1 }, ['/version']],
  ]
  for (const [path, body, pointers] of cases) {
    const answer = await api('PUT', `${c}/${path}/f`, body)
    t.match([answer.status, answer.body.code], [422, 'validation_failed'], `${path} ${JSON.stringify(body)}`)
    t.same(pointersOf(answer.body), pointers, `${path} ${JSON.stringify(body)}`)
    t.equal((await api('GET', `${c}/${path}/f`)).status, 404)
  }
})

t.test('given ids of every kind, when records are put and got, then each keeps its own', async (t) => {
  const ids = [
    'a/b',
    '50%',
    '%2F',
    'ключ',
    '漢字',
    'with space',
    'a+b&c=d',

    '?x#y',
    '"quoted"',
    'x'.repeat(64),
    '€'.repeat(64),
  ]
  for (const id of ids) {
    const url = `${c}/vendors/${encodeURIComponent(id)}`
    const created = await api('PUT', url, { id, name: `Vendor ${ids.indexOf(id)}` })
    t.match([created.status, created.body.id, created.body.record?.id], [201, id, id], id)
    t.equal((await api('GET', url)).body.id, id, id)
    t.match(await queueOf(id), [{ recordId: id }], id)
  }
  const long = await api('PUT', `${c}/vendors/${'x'.repeat(65)}`, { name: 'long' })
  t.match([long.status, long.body.code], [400, 'invalid_request'])
  const longer = await api('GET', `${c}/vendors/${'x'.repeat(700)}`)
  t.match([longer.status, longer.body.code], [400, 'invalid_request'])
  const broken = await api('GET', `${c}/vendors/%E0%A4%A`)
  t.match([broken.status, broken.body.code], [400, 'invalid_request'])
  for (const id of ['%00', 'a%00b']) {
    const nul = await api('PUT', `${c}/vendors/${id}`, { name: 'nul' })
    t.match([nul.status, nul.body.code], [400, 'invalid_request'], id)
    t.equal((await api('GET', `${c}/vendors/${id}`)).status, 400, id)
  }
})

t.test('given an invoice, when its status changes, then it waits only once it is shipped', async (t) => {
  const url = `${c}/invoices/trig`
  await api('PUT', url, invoice('trig', 'life', ['s1'], { status: 'open' }))
  t.same(await queueOf('trig'), [])
  t.equal((await api('GET', url)).body.sync.state, 'never_synced')
  await api('PUT', url, invoice('trig', 'life', ['s1'], { status: ' Shipped ' }))
  t.match(await queueOf('trig'), [{ action: 'create' }], 'letter case does not matter')
  await api('PUT', url, invoice('trig', 'life', ['s1'], { status: 'open' }))
  t.same(await queueOf('trig'), [], 'and it is withdrawn when it falls back')
  const renamed = { invoices: { triggerStatus: { invoice: ['versendet', 'verbucht'] } } }
  await api('PATCH', `${c}/settings`, renamed, { 'if-match': '*' })
  await api('PUT', url, invoice('trig', 'life', ['s1'], { status: 'shipped' }))
  t.same(await queueOf('trig'), [], 'the product calls it otherwise now')
  await api('PUT', url, invoice('trig', 'life', ['s1'], { status: 'verbucht' }))
  t.match(await queueOf('trig'), [{ action: 'create' }])
  await api('PATCH', `${c}/settings`, { invoices: { triggerStatus: null } }, { 'if-match': '*' })
})

t.test('given an inventory item, when inventory is not synced, then it is excluded', async (t) => {
  const excluded = await api('PUT', `${c}/items/inv`, item('inv'))
  t.equal(excluded.body.sync.state, 'excluded')
  t.same(await queueOf('inv'), [])
})

t.test(
  'given records, when they are deleted, then what Xero holds is queued and the rest is gone at once',
  async (t) => {
    await api('PUT', `${c}/items/d1`, item('d1', { kind: 'service' }))
    await sync()
    await api('PUT', `${c}/items/d2`, item('d2', { kind: 'service' }))
    const never = await api('DELETE', `${c}/items/d2`)
    t.match(
      [never.status, never.body.sync.state, never.body.deletedAt],
      [200, 'never_synced', clock.now().toISOString()],
    )
    t.same(await queueOf('d2'), [])
    t.equal((await api('PUT', `${c}/items/d2`, item('d2', { kind: 'service' }))).status, 201, 'it may come anew')
    const held = await api('DELETE', `${c}/items/d1`)
    t.equal(held.body.sync.state, 'pending')
    t.match(await queueOf('d1'), [{ action: 'delete' }])
    t.same((await api('DELETE', `${c}/items/d1`)).body, held.body, 'deleting twice is once')
    const late = await api('PUT', `${c}/items/d1`, item('d1', { kind: 'service', name: 'Back' }))
    t.match([late.status, late.body.code], [409, 'delete_irreversible'])
    const bulk = await api('PUT', `${c}/items`, { records: [item('d1', { kind: 'service' })] })
    t.match(bulk.body.results, [{ id: 'd1', result: 'refused', sync: null, errors: [{ pointer: '' }] }])
    await sync()
    t.same(
      simulator.control.read(somerset, 'Items').filter(({ Code }) => Code === 'SKU-d1'),
      [],
    )
    const ids = (await api('GET', `${c}/items?limit=200`)).body.items.map(({ id }: Entry) => id)
    t.notOk(ids.includes('d1'), 'deleted records are not listed')
    t.ok((await api('GET', `${c}/items/d1`)).body.deletedAt, 'but can be got')
    t.equal((await api('DELETE', `${c}/items/unknown`)).status, 404)
  },
)

t.test(
  'given a contact in Xero, when it is linked to a record, then it is that one until it is unlinked',
  async (t) => {
    const [found, other] = ['Found Ltd', 'Other Ltd'].map((Name) =>
      simulator.control.createContact(somerset, {
        Name,
        EmailAddress: `post@${Name.slice(0, 5).toLowerCase()}.example`,
      }),
    )
    await sync()
    const waiting = (await api('GET', `${c}/unassigned-contacts?limit=200`)).body.items
    t.ok(waiting.some(({ xeroId }: { xeroId: string }) => xeroId === found?.ContactID))
    for (const [search, name] of [
      ['oUND l', 'Found Ltd'],
      ['POST@OTHER', 'Other Ltd'],
    ] as const) {
      const { items } = (await api('GET', `${c}/unassigned-contacts?search=${encodeURIComponent(search)}`)).body
      t.strictSame(
        items.map((one: { name: string }) => one.name),
        [name],
        search,
      )
    }
    const linked = await api('PUT', `${c}/customers/adopted/link`, { xeroId: found?.ContactID })
    t.match(linked.body, {
      id: 'adopted',
      record: { name: 'Found Ltd' },
      sync: { state: 'synced', xero: { id: found?.ContactID } },
    })
    const left = (await api('GET', `${c}/unassigned-contacts?limit=200`)).body.items
    t.notOk(
      left.some(({ xeroId }: { xeroId: string }) => xeroId === found?.ContactID),
      'it waits no more',
    )
    const taken = await api('PUT', `${c}/customers/life/link`, { xeroId: found?.ContactID })
    t.match([taken.status, taken.body.code, taken.body.recordId], [409, 'already_linked', 'adopted'])
    const second = await api('PUT', `${c}/customers/adopted/link`, { xeroId: other?.ContactID })
    t.equal(second.body.code, 'already_linked')
    const unknown = await api('PUT', `${c}/customers/life/link`, { xeroId: '01936f5a-0000-7000-8000-000000000000' })
    t.match([unknown.status, pointersOf(unknown.body)], [422, ['/xeroId']])
    t.same(pointersOf((await api('PUT', `${c}/customers/life/link`, { xeroId: 'x' })).body), ['/xeroId'])
    t.same(pointersOf((await api('PUT', `${c}/invoices/trig/link`, { xeroId: found?.ContactID })).body), ['/xeroId'])
    const unlinked = await api('DELETE', `${c}/customers/adopted/link`)
    t.match(unlinked.body.sync, { state: 'never_synced', xero: null })
    t.equal((await api('DELETE', `${c}/customers/unknown/link`)).status, 404)
    await api('PUT', `${c}/customers/adopted/link`, { xeroId: other?.ContactID })
    await api('PUT', `${c}/customers/adopted`, customer('adopted', { name: 'Other Ltd' }))
    await api('POST', `${c}/sync-jobs`, {})
    const busy = await api('PUT', `${c}/customers/adopted/link`, { xeroId: found?.ContactID })
    t.match([busy.status, busy.body.code], [409, 'queue_item_locked'], 'not while a job holds it')
    t.equal((await api('DELETE', `${c}/customers/adopted/link`)).body.code, 'queue_item_locked')
    await work()
  },
)
