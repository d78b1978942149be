// Records by the thousand: bulk hand-over, lists, filters, and cursors that neither skip nor repeat.
import t from 'tap'
import { type Answer, openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { turnsDuring } from '../support/turns.ts'

interface Result {
  readonly id: string | null
  readonly result: string
  readonly errors: readonly { readonly pointer: string; readonly action: string }[]
}
interface Listed {
  readonly id: string
  readonly updatedAt: string
}
const { api, send, connect, clock } = await openWorld(t)
const c = `/v1/connections/${await connect()}`
const numbered = (n: number) => `c${String(n).padStart(4, '0')}`
const idsOf = (items: readonly Listed[]) => items.map(({ id }) => id)

async function pages(path: string, between: (page: number) => Promise<unknown> = async () => {}): Promise<Listed[][]> {
  const found: Listed[][] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer: Answer<{ items: Listed[]; nextCursor: string | null }> = await api(
      'GET',
      `${path}${cursor && `&cursor=${cursor}`}`,
    )
    if (answer.status !== 200) throw new Error(answer.text)
    found.push(answer.body.items)
    cursor = answer.body.nextCursor
    await between(found.length)
  }
  return found
}

t.test(
  'given a thousand records with faulty ones among them, when they are put at once, then each is judged',
  async (t) => {
    const records: unknown[] = Array.from({ length: 1000 }, (_value, n) => customer(numbered(n)))
    records[10] = { ...customer(numbered(10)), color: 'red' }
    records[20] = { name: 'without an id' }
    records[30] = customer(numbered(29))
    records[40] = 'no object'
    records[50] = customer('x'.repeat(65))
    records[60] = { id: '..', name: 'Dots' }
    records[80] = { id: 'x'.repeat(11_000), name: 'A long id' }
    records[70] = customer(numbered(70), { name: 'half \udc00' })
    const answer = await api('PUT', `${c}/customers`, { records })
    t.equal(answer.status, 200)
    t.same(answer.body.summary, { created: 992, updated: 0, unchanged: 0, stale: 0, refused: 8 })
    const { results } = answer.body as { results: Result[] }
    t.equal(results.length, 1000)
    const refused = results.flatMap(({ result, id, errors }, index) =>
      result === 'refused' ? [[index, id, errors.map(({ pointer }) => pointer)]] : [],
    )
    t.same(refused, [
      [10, numbered(10), ['/color']],
      [20, null, ['/id']],
      [30, numbered(29), ['/id']],
      [40, null, ['']],
      [50, `${'x'.repeat(64)}…`, ['/id']],
      [60, '..', ['/id']],
      [70, numbered(70), ['/name']],
      [80, `${'x'.repeat(64)}…`, ['/id']],
    ])
    t.ok(results.every(({ errors }) => errors.every(({ action }) => action.length > 0)))
    t.equal((await api('GET', `${c}/customers/${numbered(29)}`)).body.record.name, `Customer ${numbered(29)}`)
    const { count } = (await api('GET', `${c}/sync-queue-items/count`)).body
    t.equal(count, 992, 'a queue item each')
    const again = await api('PUT', `${c}/customers`, { records: records.slice(0, 10) })
    t.same(again.body.summary, { created: 0, updated: 0, unchanged: 10, stale: 0, refused: 0 })
  },
)

t.test('given too many, too few or too large, when they are put, then the whole request is refused', async (t) => {
  const many = await api('PUT', `${c}/vendors`, { records: Array.from({ length: 1001 }, (_v, n) => customer(`v${n}`)) })
  t.match([many.status, many.body.errors?.[0]?.pointer], [422, '/records'])
  for (const body of [{ records: [] }, {}, { records: [customer('v1')], more: 1 }, [customer('v1')]]) {
    t.equal((await api('PUT', `${c}/vendors`, body)).status, 422, JSON.stringify(body).slice(0, 40))
  }
  t.same((await api('GET', `${c}/vendors`)).body.items, [])
  const memo = 'x'.repeat(3900)
  const large = Array.from({ length: 1000 }, (_v, n) => invoice(`m${n}`, 'c', ['i'], { memo, status: 'open' }))
  t.equal((await api('PUT', `${c}/invoices`, { records: large })).body.summary.created, 1000, '4 MB are taken')
  const lines = Array.from({ length: 3500 }, (_v, n) => ({ ...invoice(`n${n}`, 'c', ['i']), memo }))
  const oversize = await api('PUT', `${c}/invoices`, { records: lines })
  t.match([oversize.status, oversize.body.code], [413, 'payload_too_large'])
  const single = await api('PUT', `${c}/items/big`, item('big', { description: 'x'.repeat(1024 * 1024) }))
  t.match([single.status, single.body.code], [413, 'payload_too_large'])
})

t.test('given records, when they are listed, then filters narrow and faulty ones are refused', async (t) => {
  clock.advance(60_000)
  const since = clock.now().toISOString()
  await api('PUT', `${c}/customers/${numbered(7)}`, customer(numbered(7), { name: 'Özgür & 100% Co_' }))
  const list = async (query: string) => idsOf((await api('GET', `${c}/customers?${query}`)).body.items)
  t.same(await list(`updatedSince=${since}`), [numbered(7)])
  t.same(await list(`updatedSince=${since.replace('Z', '%2B00:00')}`), [numbered(7)], 'with an offset too')
  t.same(await list('search=özgür'), [numbered(7)])
  t.same(await list('search=100%25%20co_'), [numbered(7)], 'no wildcards')
  t.same(await list(`search=customer%20${numbered(123)}`), [numbered(123)])
  t.equal((await list('state=pending&limit=200')).length, 200)
  t.same(await list('state=synced'), [])
  t.same(await list(`state=pending&search=özgür&updatedSince=${since}`), [numbered(7)])
  const faulty: [string, string][] = [
    ['state=lost', 'state'],
    ['updatedSince=yesterday', 'updatedSince'],
    ['updatedSince=2026-02-30T00:00:00Z', 'updatedSince'],
    ['updatedSince=2026-11-25', 'updatedSince'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1.5', 'limit'],
    ['search=', 'search'],
    ['search=%00', 'search'],
    ['serach=x', 'serach'],
    ['cursor=nonsense', 'cursor'],
    ['state=pending&state=synced', 'state'],
  ]
  for (const [query, name] of faulty) {
    const answer = await api('GET', `${c}/customers?${query}`)
    t.match([answer.status, answer.body.code, answer.body.errors?.[0]?.pointer], [400, 'invalid_request', name], query)
  }
})

t.test(
  'given records that come while a list is paged, when all pages are read, then none is skipped or repeated',
  async (t) => {
    const before = (await pages(`${c}/customers?limit=200`)).flat()
    t.equal(before.length, 992)
    t.equal(new Set(idsOf(before)).size, 992)
    let added = 0
    const insert = async () => {
      clock.advance(1)
      const records = Array.from({ length: 5 }, () => customer(`new${added++}`))
      await api('PUT', `${c}/customers`, { records })
      await api('PUT', `${c}/customers/${numbered(added)}`, customer(numbered(added), { name: `Changed ${added}` }))
    }
    const seen = (await pages(`${c}/customers?limit=100`, (page) => (page <= 10 ? insert() : Promise.resolve()))).flat()
    const ids = idsOf(seen)
    t.equal(new Set(ids).size, ids.length, 'none twice')
    for (const id of idsOf(before)) if (!ids.includes(id)) t.fail(`${id} was skipped`)
    t.ok(ids.filter((id) => id.startsWith('new')).length > 0, 'new ones come at the end')
  },
)

t.test('given a cursor, when it is used for another list, filter or type, then it is refused', async (t) => {
  const { nextCursor } = (await api('GET', `${c}/customers?limit=1&state=pending`)).body
  t.equal(
    (await api('GET', `${c}/customers?limit=7&state=pending&cursor=${nextCursor}`)).status,
    200,
    'limit may change',
  )
  for (const url of [
    `${c}/customers?limit=1&cursor=${nextCursor}`,
    `${c}/customers?limit=1&state=synced&cursor=${nextCursor}`,
    `${c}/invoices?limit=1&state=pending&cursor=${nextCursor}`,
    `${c}/sync-queue-items?limit=1&cursor=${nextCursor}`,
    `/v1/connections?cursor=${nextCursor}`,
    `${c}/customers?limit=1&state=pending&cursor=${nextCursor.slice(1)}`,
  ]) {
    const answer = await api('GET', url)
    t.match([answer.status, answer.body.errors?.[0]?.pointer], [400, 'cursor'], url)
  }
  const link = String((await api('GET', `${c}/customers?limit=1&search=customer%20c`)).headers.link)
  const next = /^<([^>]+)>; rel="next"$/.exec(link)?.[1] ?? ''
  const followed = await api('GET', next)
  t.match([followed.status, followed.body.items.length], [200, 1], 'the link can be followed as it is')
  t.equal((await send('GET', next)).status, 401)
})

t.test(
  'given a request of many lines, when it is taken, then others have their turn, and no id is taken twice',
  async (t) => {
    const lines = Array.from({ length: 60 }, (_value, n) => ({
      id: String(n),
      description: 'Line',
      quantity: '1',
      unitPrice: '2',
    }))
    const records: object[] = Array.from({ length: 150 }, (_value, n) => ({ ...invoice(`long${n}`, 'c1', []), lines }))
    records.push({ ...invoice('long0', 'c1', []), lines })
    const { turns, result } = await turnsDuring(() => api('PUT', `${c}/invoices`, { records }))
    const { body } = result
    t.same(body.summary, { created: 150, updated: 0, unchanged: 0, stale: 0, refused: 1 })
    t.match(
      body.results[150],
      { id: 'long0', errors: [{ pointer: '/id' }] },
      'also where the first one was stored before',
    )
    t.ok(turns > 25, `${turns} turns while 9,000 lines were taken`)
  },
)
