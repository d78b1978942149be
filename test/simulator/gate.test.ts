// What stands before every call: rate limits, idempotency keys, sizes, bad bodies, planned faults; and what the journal keeps.
import t from 'tap'
import { hours, messages, minutes, type Stage, sale, seconds, somerset, stage } from './support/client.ts'

async function repeat(count: number, act: () => Promise<{ status: number }>) {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) statuses.push((await act()).status)
  return statuses
}
const counters = ({ simulator, tenantId }: Stage) => simulator.control.counters()[tenantId]

t.test('given 60 calls in a minute when one more comes then it is refused until the oldest has passed', async (t) => {
  const world = await stage(t, { minuteLimit: 60 })
  const { get, clock, simulator } = world
  await repeat(10, () => get('Currencies'))
  clock.advance(seconds(30))
  t.same(new Set(await repeat(50, () => get('Currencies'))), new Set([200]))
  const refused = await get('Currencies')
  t.equal(refused.status, 429)
  t.equal(refused.text, '')
  t.equal(refused.headers.get('content-type'), null)
  t.equal(refused.headers.get('x-rate-limit-problem'), 'minute')
  t.equal(refused.headers.get('retry-after'), '30')
  t.equal(refused.headers.get('x-minlimit-remaining'), '0')
  clock.advance(seconds(29))
  t.equal((await get('Currencies')).status, 429)
  clock.advance(seconds(1))
  t.same(await repeat(11, () => get('Currencies')), [...Array(10).fill(200), 429], 'only the ten oldest have passed')
  t.match(counters(world), { calls: 70, maxInMinute: 60, refused: { minute: 3 }, early: 1 })
  t.equal(simulator.control.journal({ area: 'api' }).filter((one) => one.status === 429).length, 3)
})

t.test('given the calls of a day when they are used up then the wait is hours', async (t) => {
  const { get, clock, renew } = await stage(t, { dayLimit: 3 })
  await repeat(3, () => get('Currencies'))
  clock.advance(hours(4))
  renew()
  const refused = await get('Currencies')
  t.equal(refused.headers.get('x-rate-limit-problem'), 'day')
  t.equal(refused.headers.get('retry-after'), String(20 * 3600))
  t.equal(refused.headers.get('x-daylimit-remaining'), '0')
  clock.advance(hours(20))
  renew()
  t.equal((await get('Currencies')).status, 200)
})

t.test('given five calls under way when a sixth comes then it is refused without a time', async (t) => {
  const world = await stage(t, { latencyMs: 60 })
  const answers = await Promise.all(Array.from({ length: 7 }, () => world.get('Currencies')))
  const refused = answers.filter((one) => one.status === 429)
  t.equal(refused.length, 2)
  t.equal(refused[0]?.headers.get('x-rate-limit-problem'), 'concurrent')
  t.equal(refused[0]?.headers.get('retry-after'), null)
  t.equal(counters(world)?.maxConcurrent, 5)
  t.equal((await world.get('Currencies')).status, 200)
})

t.test('given many organisations when the app calls too often then all are refused', async (t) => {
  const { get } = await stage(t, { appMinuteLimit: 2 })
  await repeat(2, () => get('Currencies'))
  t.equal((await get('Currencies')).headers.get('x-rate-limit-problem'), 'appminute')
})

t.test(
  'given an idempotency key when the request is repeated then it is answered from memory for six minutes',
  async (t) => {
    const { put, get, simulator, clock } = await stage(t)
    const key = { 'Idempotency-Key': 'k-1' }
    const first = await put('Contacts', { Name: 'Ann' }, key)
    const again = await put('Contacts', { Name: 'Ann' }, key)
    t.equal(again.text, first.text)
    t.equal(simulator.control.read(somerset, 'Contacts').length, 1)
    t.match(simulator.control.journal({ method: 'PUT' }), [{ replayed: false }, { replayed: true, committed: [] }])
    const other = await put('Contacts', { Name: 'Bob' }, key)
    t.equal(other.status, 400)
    t.match(other.text, /Idempotency Key: k-1 is used with a different request\./)
    t.equal((await get('Contacts', key)).status, 200, 'reads ignore it')
    const tooLong = await put('Contacts', { Name: 'Bob' }, { 'Idempotency-Key': 'x'.repeat(129) })
    t.equal(tooLong.status, 400)
    clock.advance(minutes(6))
    t.match(messages(await put('Contacts', { Name: 'Ann' }, key)), [/already assigned/], 'then the key is new')
  },
)

t.test('given an error under a key when the cause is gone then the error is still repeated', async (t) => {
  const { put, simulator } = await stage(t)
  const key = { 'idempotency-key': 'k-2' }
  await put('Contacts', { Name: 'Ann' })
  t.equal((await put('Contacts', { Name: 'Ann' }, key)).status, 400)
  simulator.control.archiveContact(somerset, 'Ann')
  t.equal((await put('Contacts', { Name: 'Ann' }, key)).status, 400)
  t.equal((await put('Contacts', { Name: 'Ann' }, { 'idempotency-key': 'k-3' })).status, 200)
})

t.test('given bodies that are none when they are sent then their refusal says so', async (t) => {
  const { put } = await stage(t)
  t.match((await put('Contacts', '{"Name":')).json, { Type: 'PostDataInvalidException' })
  t.match((await put('Contacts', '[1]')).json, { Type: 'PostDataInvalidException' })
  t.match((await put('Contacts', { Contacts: [] })).json, {
    ErrorNumber: 17,
    Type: 'NoDataProcessedException',
    Message: /No data has been processed for this endpoint/,
  })
  t.match(
    (
      await put(
        'Items',
        Array.from({ length: 501 }, (_, n) => ({ Code: `C${n}` })),
      )
    ).json,
    {
      Type: 'PostDataInvalidException',
    },
  )
  t.equal((await put('Items', { Code: 'A', Description: 'x'.repeat(10 * 1024 * 1024) })).status, 413)
})

t.test(
  'given planned faults when requests meet them then what is saved and what is seen differ as planned',
  async (t) => {
    const { put, simulator } = await stage(t)
    const { control } = simulator
    const saved = () => control.read(somerset, 'Contacts').length
    const act = (kind: Parameters<typeof control.faults>[0]) => {
      control.faults(kind)
      return put('Contacts', { Name: `C${control.journal().length}` })
    }
    await t.rejects(act({ kind: 'lost_request' }))
    t.equal(saved(), 0)
    await t.rejects(act({ kind: 'lost_response' }))
    t.equal(saved(), 1)
    t.match(control.journal().at(-1), { status: null, fault: 'lost_response', committed: [{ type: 'Contact' }] })
    t.equal((await act({ kind: 'http_500_before' })).status, 500)
    t.equal(saved(), 1)
    t.equal((await act({ kind: 'http_500_after' })).status, 500)
    t.equal(saved(), 2)
    const offline = await act({ kind: 'http_503' })
    t.equal(offline.status, 503)
    t.match(offline.headers.get('content-type'), /text\/plain/)
    const limited = await act({ kind: 'http_429', problem: 'day', retryAfter: 66_975 })
    t.equal(limited.status, 429)
    t.equal(limited.headers.get('retry-after'), '66975')
    t.equal(limited.headers.get('x-rate-limit-problem'), 'day')
    t.equal(saved(), 2)
    const page = await act({ kind: 'html_200' })
    t.match(page.text, /<html>/)
    t.equal(page.status, 200)
    const empty = await act({ kind: 'empty_200' })
    t.equal(empty.text, '')
    t.equal(saved(), 4)
    await t.rejects(act({ kind: 'truncated' }))
    t.equal(saved(), 5)
    t.equal((await act({ kind: 'slow', delayMs: 5 })).status, 200)
    t.equal(saved(), 6)
    await act({ kind: 'html_200', stage: 'before' })
    t.equal(saved(), 6)
    t.equal(control.pendingFaults().length, 0)
  },
)

t.test('given fault plans when they name method, path, count and skip then they strike only there', async (t) => {
  const { get, put, simulator } = await stage(t)
  simulator.control.faults([{ kind: 'http_503', method: 'put', path: '/Items', times: 2, skip: 1 }])
  t.equal((await get('Items')).status, 200)
  t.equal((await put('Contacts', { Name: 'A' })).status, 200)
  t.same(
    [
      (await put('Items', { Code: 'A' })).status,
      (await put('Items', { Code: 'B' })).status,
      (await put('Items', { Code: 'B' })).status,
      (await put('Items', { Code: 'B' })).status,
    ],
    [200, 503, 503, 200],
  )
})

t.test('given an error after saving when the key is used again then the cached error comes back', async (t) => {
  const { put, simulator } = await stage(t)
  const key = { 'idempotency-key': 'k-4' }
  simulator.control.faults({ kind: 'http_500_after' })
  t.equal((await put('Invoices', sale(), key)).status, 500)
  t.equal((await put('Invoices', sale(), key)).status, 500)
  simulator.control.faults({ kind: 'lost_response' })
  const lost = { 'idempotency-key': 'k-5' }
  await t.rejects(put('Invoices', sale(), lost))
  t.equal((await put('Invoices', sale(), lost)).status, 200)
  t.equal(simulator.control.read(somerset, 'Invoices').length, 2)
})

t.test(
  'given parameters and members that Xero does not know when they are sent then the journal names them',
  async (t) => {
    const { put, get, simulator, tenantId } = await stage(t)
    await put('Invoices?summariseErrors=false', {
      Invoices: [sale({ Notes: 'x', LineItems: [{ Description: 'a', AccountCode: '200', Qty: 1 }] })],
      Extra: 1,
    })
    await get('Items?page=1', { 'if-modified-since': 'whenever', 'idempotency-key': 'k' })
    const [written, read] = simulator.control.journal({ area: 'api', tenantId })
    t.same(
      new Set(written?.unknown),
      new Set(['?summariseErrors', 'body.Extra', 'Invoices[0].Notes', 'Invoices[0].LineItems[0].Qty']),
    )
    t.match(written, {
      method: 'PUT',
      path: '/api.xro/2.0/Invoices',
      status: 200,
      body: { Extra: 1 },
      headers: { tenantId },
    })
    t.match(written?.committed, [{ type: 'Contact' }, { type: 'Invoice', number: 'INV-0001' }])
    t.same(new Set(read?.unknown), new Set(['?page', 'If-Modified-Since']))
    t.match(read?.headers, { ifModifiedSince: 'whenever', idempotencyKey: 'k' })
    t.equal(read?.at, '2026-11-23T02:00:00.500Z')
  },
)
