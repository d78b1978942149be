// A flood of wrong API keys, or of requests without one, costs the database little and keeps nobody out whose key is right.
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { bootstrapKey, openWorld, testClock, testConfig } from '../support/house.ts'
import { before, openWatchedHouse } from '../support/watched-house.ts'

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
/** A key of the right form that nobody was given. */
const guess = (n: number) => `xsk_${String(n).padStart(32, '0')}_${'g'.repeat(43)}`

t.test('given 60 wrong keys of one address, when the next one comes, then it costs no statement', async (t) => {
  let seconds = 0
  const slow = testClock()
  const watched = await openWorld(t, { clock: { ...slow, uptime: () => slow.uptime() + seconds * 1000 } })
  let statements = 0
  const house = await openWatchedHouse(t, watched, {
    plugin: before('', () => {
      statements += 1
    }),
  })
  const ask = async (key: string, address = '192.0.2.1') => {
    const headers = { authorization: `Bearer ${key}`, 'x-company-id': 'acme' }
    return house.app.inject({ url: '/v1/connections', headers, remoteAddress: address })
  }
  const make = async (name: string) =>
    (await watched.api('POST', '/v1/api-keys', { companyId: 'acme', name })).body as { id: string; secret: string }
  const [good, revoked, unseen] = [await make('good'), await make('revoked'), await make('unseen')]
  for (const { secret } of [good, revoked]) t.equal((await ask(secret)).statusCode, 200)
  statements = 0
  const flood = await Promise.all(Array.from({ length: 200 }, (_value, n) => ask(guess(n))))
  t.equal(flood.filter(({ statusCode }) => statusCode === 401).length, 60)
  t.equal(flood.filter(({ statusCode }) => statusCode === 429).length, 140)
  t.equal(statements, 61, 'also when they all come at once; one asks for the keys that are in use')
  const refused = await ask(guess(999))
  t.match([refused.statusCode, refused.json().code], [429, 'too_many_requests'])
  t.ok(Number(refused.headers['retry-after']) > 0)
  t.equal(statements, 61)
  t.equal((await ask('guess')).statusCode, 401, 'what is no key costs nothing anyway')

  t.equal((await ask(good.secret)).statusCode, 200, 'a good key of that address goes on')
  t.equal((await ask(bootstrapKey)).statusCode, 200, 'and so does the bootstrap key')
  t.equal((await ask(unseen.secret)).statusCode, 429, 'a key that was not seen before waits')
  t.equal((await ask(unseen.secret, '192.0.2.2')).statusCode, 200, 'but not at another address')
  t.equal((await ask(unseen.secret)).statusCode, 200, 'and then it was seen')
  await watched.api('DELETE', `/v1/api-keys/${revoked.id}`)
  t.equal((await ask(revoked.secret)).statusCode, 401)
  t.equal((await ask(revoked.secret)).statusCode, 429, 'a key that is good no more is like any other')

  seconds += 61
  t.equal((await ask(guess(1000))).statusCode, 401)
})

t.test(
  'given a flood at a process that has just started, when keys come that were used within a day, then they alone go on',
  async (t) => {
    let seconds = 0
    const slow = testClock()
    const watched = await openWorld(t, { clock: { ...slow, uptime: () => slow.uptime() + seconds * 1000 } })
    const make = async (name: string, more = {}) =>
      (await watched.api('POST', '/v1/api-keys', { companyId: 'acme', name, ...more })).body as {
        id: string
        secret: string
      }
    const day = 24 * 60 * 60_000
    const [old, used, revoked, unused, elsewhere] = await Promise.all(
      ['old', 'used', 'revoked', 'unused', 'elsewhere'].map((name) => make(name)),
    )
    if (!old || !used || !revoked || !unused || !elsewhere) throw new Error('no keys')
    const first = (secret: string) => watched.send('GET', '/v1/connections', bearer(secret))
    await first(old.secret)
    watched.clock.advance(day + 1000)
    for (const { secret } of [used, revoked]) t.equal((await first(secret)).status, 200)
    await watched.api('DELETE', `/v1/api-keys/${revoked.id}`)
    let statements = 0
    const house = await openWatchedHouse(t, watched, {
      plugin: before('', () => {
        statements += 1
      }),
    })
    const status = async (key: string) =>
      (await house.app.inject({ url: '/v1/connections', ...bearer(key), remoteAddress: '192.0.2.1' })).statusCode
    for (let n = 0; n < 60; n++) t.equal(await status(guess(n)), 401)
    t.equal(await status(used.secret), 200, 'used before this process started')
    for (const { secret } of [old, revoked, unused]) t.equal(await status(secret), 429)
    t.equal(await status(used.secret.replace(/.{43}$/, 'g'.repeat(43))), 429, 'an id alone helps nobody')
    t.equal(await status(elsewhere.secret), 429)
    t.equal((await first(elsewhere.secret)).status, 200, 'in another process')
    seconds += 30
    for (let n = 0; n < 60; n++) await status(guess(n))
    statements = 0
    t.equal(await status(elsewhere.secret), 429, 'asked for once a minute')
    t.equal(statements, 0)
    seconds += 31
    for (let n = 0; n < 60; n++) await status(guess(n))
    t.equal(await status(elsewhere.secret), 200)
  },
)

t.test(
  'given an address over its limit at a process that has just started, when a key comes that is in use, then it goes on',
  async (t) => {
    const narrow = await openWorld(t, { environment: { RATE_LIMIT_PER_MINUTE: '20' } })
    const { secret } = (await narrow.api('POST', '/v1/api-keys', { companyId: 'acme', name: 'used' })).body
    const unused = (await narrow.api('POST', '/v1/api-keys', { companyId: 'acme', name: 'unused' })).body.secret
    t.equal((await narrow.send('GET', '/v1/connections', bearer(secret))).status, 200)
    const house = await openHouse({
      config: testConfig(narrow.simulator, { RATE_LIMIT_PER_MINUTE: '20' }),
      log: createLogger({ level: 'silent' }),
      clock: narrow.clock,
      database: { ...narrow.database, close: async () => undefined },
    })
    t.teardown(() => house.close())
    const status = async (key: string) => (await house.app.inject({ url: '/v1/api-keys', ...bearer(key) })).statusCode
    for (let n = 0; n < 21; n++) await status('guess')
    t.equal(await status('guess'), 429)
    t.equal(await status(unused), 429)
    t.equal(await status(secret), 200)
    t.equal(await status(bootstrapKey), 200)
  },
)

t.test('given a hundred good keys of one address, when all come at once, then none is refused', async (t) => {
  const world = await openWorld(t)
  const make = async () => (await world.api('POST', '/v1/api-keys', { companyId: 'office', name: 'x' })).body
  const made = await Promise.all(Array.from({ length: 100 }, make))
  const house = await openWatchedHouse(t, world, {})
  const answers = await Promise.all(
    made.map(({ secret }) => house.app.inject({ url: '/v1/connections', ...bearer(secret) })),
  )
  t.same(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]))
})
