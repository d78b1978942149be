// Idempotency-Key: a request that is sent again has its effect once, and the same answer every time.
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { bootstrapKey, openWorld, testConfig } from '../support/house.ts'
import { customer } from '../support/records.ts'

const world = await openWorld(t)
const { api, send, connect, work, house, clock, database, simulator } = world
const c = `/v1/connections/${await connect()}`
let made = 0
const newKey = () => ({ 'idempotency-key': `key ${++made}, with "signs"` })
const connections = async (): Promise<number> => (await api('GET', '/v1/connections?limit=200')).body.items.length

t.test('given an answered request, when it is sent again, then the same bytes come and nothing happens', async (t) => {
  const key = newKey()
  const first = await api('POST', '/v1/connections', {}, key)
  t.equal(first.headers['idempotency-replayed'], undefined)
  const count = await connections()
  clock.advance(24 * 3_600_000)
  const again = await api('POST', '/v1/connections', {}, key)
  t.equal(again.status, 201)
  t.equal(again.text, first.text)
  t.equal(again.headers['idempotency-replayed'], 'true')
  t.equal(again.headers.location, first.headers.location)
  t.equal(again.headers['content-type'], first.headers['content-type'])
  t.equal(await connections(), count)
  const reordered = await send('POST', '/v1/connections', {
    headers: {
      authorization: `Bearer ${bootstrapKey}`,
      'x-company-id': 'acme',
      'content-type': 'application/json',
      ...key,
    },
    payload: ' { } ',
  })
  t.equal(reordered.text, first.text, 'the content counts, not its layout')
})

t.test('given each route that takes a key, when its request is repeated, then the effect is one', async (t) => {
  await api('PUT', `${c}/customers/r1`, customer('r1'))
  const [job, requeue, reconnect] = [newKey(), newKey(), newKey()]
  const created = await api('POST', `${c}/sync-jobs`, {}, job)
  t.equal(created.status, 201)
  await work()
  const replayed = await api('POST', `${c}/sync-jobs`, {}, job)
  t.same([replayed.status, replayed.text], [201, created.text], 'as it was answered, although the job has ended')
  t.equal((await api('GET', `${c}/sync-jobs`)).body.items.length, 1)
  const queued = await api('POST', `${c}/sync-queue-items`, { recordType: 'customer' }, requeue)
  t.match(queued.body, { opened: 1 })
  const once = await api('POST', `${c}/sync-queue-items`, { recordType: 'customer' }, requeue)
  t.match([once.body, once.headers['idempotency-replayed']], [{ opened: 1, alreadyQueued: 0 }, 'true'])
  const invited = await api('POST', `${c}/reconnect`, {}, reconnect)
  t.equal((await api('POST', `${c}/reconnect`, {}, reconnect)).text, invited.text)
})

t.test('given a key that was used, when another request comes under it, then 422', async (t) => {
  const key = newKey()
  await api('POST', `${c}/sync-queue-items`, { recordType: 'customer' }, key)
  const other = await api('POST', `${c}/sync-queue-items`, { recordType: 'item' }, key)
  t.match([other.status, other.body.code], [422, 'idempotency_mismatch'])
  const sibling = (await api('POST', '/v1/connections', {})).body.id
  const elsewhere = await api('POST', `/v1/connections/${sibling}/sync-queue-items`, { recordType: 'customer' }, key)
  t.equal(elsewhere.body.code, 'idempotency_mismatch', 'another connection is another request')
  t.equal((await api('POST', '/v1/connections', {}, key)).status, 201, 'each route has keys of its own')
  const foreign = await api('POST', '/v1/connections', {}, { ...key, 'x-company-id': 'globex' })
  t.match([foreign.status, foreign.body.companyId], [201, 'globex'], 'and so has each company')
})

t.test('given twenty equal requests at once in two processes, when they end, then one had an effect', async (t) => {
  const shared = { ...database, close: async () => {} }
  const log = createLogger({ level: 'silent' })
  const second = await openHouse({ config: testConfig(simulator), log, clock, database: shared })
  t.teardown(() => second.close())
  const key = newKey()
  const before = await connections()
  const headers = {
    authorization: `Bearer ${bootstrapKey}`,
    'x-company-id': 'acme',
    'content-type': 'application/json',
  }
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_value, n) =>
      send('POST', '/v1/connections', {
        headers: { ...headers, ...key },
        payload: '{}',
        house: n % 2 ? second : house,
      }),
    ),
  )
  t.equal(await connections(), before + 1)
  const done = answers.filter(({ status }) => status === 201)
  t.ok(done.length >= 1)
  t.equal(new Set(done.map(({ text }) => text)).size, 1, 'whoever got an answer got the same one')
  t.equal(done.filter(({ headers: got }) => got['idempotency-replayed'] !== 'true').length, 1)
  for (const { status, body, headers: got } of answers.filter((answer) => !done.includes(answer))) {
    t.match([status, body.code, got['retry-after']], [409, 'idempotency_in_progress', '1'])
  }
  t.equal((await api('POST', '/v1/connections', {}, key)).headers['idempotency-replayed'], 'true')
})

t.test('given a request that still runs, when it is repeated, then 409, until it is known to be dead', async (t) => {
  const key = newKey()
  await database.db
    .insertInto('idempotency_keys')
    .values({
      company_id: 'acme',
      route: 'POST /v1/connections',
      key: key['idempotency-key'],
      fingerprint: (await storedFingerprint()) ?? '',
      created_at: clock.now().toISOString(),
    })
    .execute()
  const busy = await api('POST', '/v1/connections', {}, key)
  t.match([busy.status, busy.body.code, busy.headers['retry-after']], [409, 'idempotency_in_progress', '1'])
  clock.advance(2 * 60_000 + 1)
  t.equal((await api('POST', '/v1/connections', {}, key)).status, 201)
})

/** What the service stored for a POST /v1/connections with an empty body. */
async function storedFingerprint(): Promise<string | undefined> {
  const row = await database.db
    .selectFrom('idempotency_keys')
    .select('fingerprint')
    .where('route', '=', 'POST /v1/connections')
    .where('response', 'is not', null)
    .executeTakeFirst()
  return row?.fingerprint
}

t.test(
  'given a refusal, when the request is repeated, then it is kept only if it cannot change by itself',
  async (t) => {
    const [lasting, passing] = [newKey(), newKey()]
    const refused = await api('POST', '/v1/connections', { returnUrl: 'https://evil.example.com/' }, lasting)
    t.equal(refused.status, 422)
    const again = await api('POST', '/v1/connections', { returnUrl: 'https://evil.example.com/' }, lasting)
    t.match([again.status, again.headers['idempotency-replayed']], [422, 'true'])
    await api('POST', `${c}/sync-jobs`, {})
    const busy = await api('POST', `${c}/sync-jobs`, {}, passing)
    t.equal(busy.body.code, 'job_in_progress')
    await work()
    t.equal((await api('POST', `${c}/sync-jobs`, {}, passing)).status, 201, 'the same key works once there is no job')
    await work()
  },
)

t.test('given a request that failed inside, when it is repeated, then it is tried anew', async (t) => {
  const key = newKey()
  const { connections: service } = house.services
  const { create } = service
  service.create = async () => {
    throw new Error('the disk is full')
  }
  const failed = await api('POST', '/v1/connections', {}, key)
  service.create = create
  t.match([failed.status, failed.body.code], [500, 'internal_error'])
  t.notMatch(failed.text, 'disk', 'the cause stays in the log')
  t.ok(world.logLines.some((line) => line.includes('the disk is full')))
  t.equal((await api('POST', '/v1/connections', {}, key)).status, 201)
})

t.test('given a faulty key, when it is sent, then it is refused', async (t) => {
  for (const value of ['', ' ', 'ключ', 'x'.repeat(256), 'a\tb']) {
    const { status, body } = await api('POST', '/v1/connections', {}, { 'idempotency-key': value })
    t.match([status, body.errors?.[0]?.pointer], [400, 'Idempotency-Key'], JSON.stringify(value))
  }
})
