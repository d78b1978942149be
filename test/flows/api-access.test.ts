// API keys: made, used, listed, ended; and what each of them may do.
import { sql } from 'kysely'
import t from 'tap'
import { bootstrapKey, openWorld } from '../support/house.ts'

const world = await openWorld(t)
const { api, send, clock, database } = world
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
const newKey = async (companyId: string, more = {}) =>
  (await api('POST', '/v1/api-keys', { companyId, name: 'backend', ...more })).body

t.test('given a company key, when it is used, then it acts for its company and its last use shows', async (t) => {
  const created = await api('POST', '/v1/api-keys', { companyId: 'keys-inc', name: 'backend' })
  t.equal(created.status, 201)
  t.equal(created.headers['cache-control'], 'no-store')
  const { secret, ...key } = created.body
  t.match(secret, /^xsk_[0-9a-f]{32}_[\w-]{43}$/)
  t.match(key, { companyId: 'keys-inc', name: 'backend', lastUsedAt: null, expiresAt: null, revokedAt: null })
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'x-company-id': 'acme' }
  const made = await send('POST', '/v1/connections', { headers, payload: '{}' })
  t.equal(made.body.companyId, 'keys-inc', 'X-Company-Id of a company key is ignored')
  const listed = await send('GET', '/v1/api-keys', { headers })
  t.same(listed.body.items, [{ ...key, lastUsedAt: clock.now().toISOString() }])
  const row = await database.db.selectFrom('api_keys').selectAll().where('id', '=', key.id).executeTakeFirstOrThrow()
  t.match(row.secret_hash, /^[0-9a-f]{64}$/)
  t.notOk(JSON.stringify(row).includes(secret.slice(-43)), 'only a hash is stored')
})

t.test('given a revoked, expired, altered or unknown key, when it is used, then all answer alike', async (t) => {
  const [revoked, expired, altered] = [
    await newKey('acme'),
    await newKey('acme', { expiresAt: new Date(clock.now().getTime() + 60_000).toISOString() }),
    await newKey('acme'),
  ]
  for (const { secret } of [revoked, expired, altered]) {
    t.equal((await send('GET', '/v1/connections', bearer(secret))).status, 200)
  }
  const removed = await api('DELETE', `/v1/api-keys/${revoked.id}`)
  t.match([removed.status, removed.text], [204, ''])
  clock.advance(60_000)
  const strangers = [
    revoked.secret,
    expired.secret,
    `${altered.secret.slice(0, -1)}${altered.secret.endsWith('A') ? 'B' : 'A'}`,
    altered.secret.replace(/^xsk_.{32}/, revoked.secret.slice(0, 36)),
    altered.secret.replace(/^xsk_.{32}/, `xsk_${'0'.repeat(32)}`),
    `${bootstrapKey}x`,
    bootstrapKey.toUpperCase(),
  ]
  const answers = await Promise.all(strangers.map((key) => send('GET', '/v1/connections', bearer(key))))
  for (const { status, headers, body } of answers) {
    t.equal(status, 401)
    t.match(headers['www-authenticate'], /^Bearer/)
    t.same({ ...body, requestId: '' }, { ...answers[0]?.body, requestId: '' })
  }
  t.equal((await send('GET', '/v1/connections', bearer(altered.secret))).status, 200, 'the others still work')
  const again = await api('DELETE', `/v1/api-keys/${revoked.id}`)
  t.equal(again.status, 204, 'revoking twice is once')
  const listed = (await api('GET', '/v1/api-keys')).body.items
  const shown = listed.find(({ id }: { id: string }) => id === revoked.id)
  t.ok(shown.revokedAt < clock.now().toISOString(), 'the first time stands')
})

t.test('given a company key, when it manages keys, then only those of its company', async (t) => {
  const [mine, theirs] = [await newKey('initech'), await newKey('globex')]
  const headers = { ...bearer(mine.secret).headers, 'content-type': 'application/json' }
  const asMine = (method: string, url: string, body?: unknown) =>
    send(method, url, { headers, payload: body === undefined ? undefined : JSON.stringify(body) })
  const second = await asMine('POST', '/v1/api-keys', { name: 'second' })
  t.equal(second.body.companyId, 'initech')
  const foreign = await asMine('POST', '/v1/api-keys', { name: 'third', companyId: 'globex' })
  t.match([foreign.status, foreign.body.code], [403, 'forbidden'])
  const ids = (await asMine('GET', '/v1/api-keys')).body.items.map(({ id }: { id: string }) => id)
  t.same(ids.sort(), [mine.id, second.body.id].sort())
  t.equal((await asMine('DELETE', `/v1/api-keys/${theirs.id}`)).status, 404)
  t.equal((await send('GET', '/v1/api-keys', bearer(theirs.secret))).status, 200)
  t.equal((await asMine('DELETE', `/v1/api-keys/${mine.id}`)).status, 204)
  t.equal((await asMine('GET', '/v1/api-keys')).status, 401, 'at once')
})

t.test(
  'given the bootstrap key, when it names no company or another one, then it lists all, and acts for none',
  async (t) => {
    const acme = await api('POST', '/v1/connections', {})
    const other = await api('POST', '/v1/connections', {}, { 'x-company-id': 'globex' })
    const json = { ...bearer(bootstrapKey).headers, 'content-type': 'application/json' }
    const all = (await send('GET', '/v1/connections', bearer(bootstrapKey))).body.items
    for (const { body } of [acme, other]) t.ok(all.some(({ id }: { id: string }) => id === body.id))
    const c = `/v1/connections/${other.body.id}`
    const confirmation = JSON.stringify({ completionCode: 'code-of-a-consent-that-somebody-sent' })
    for (const [method, url, payload] of [
      ['GET', c],
      ['POST', '/v1/connections', '{}'],
      ['POST', `${c}/confirm`, confirmation],
      ['DELETE', c],
    ] as const) {
      const headers = payload ? json : bearer(bootstrapKey).headers
      const refused = await send(method, url, { headers, payload })
      t.match([refused.status, refused.body.errors?.[0]?.pointer], [400, 'X-Company-Id'], `${method} ${url}`)
    }
    t.equal((await api('GET', c)).status, 404, 'a named company sees only what is its own')
    t.equal((await api('POST', `${c}/confirm`, JSON.parse(confirmation))).status, 404)
    const nameless = await send('POST', '/v1/api-keys', { headers: json, payload: JSON.stringify({ name: 'x' }) })
    t.match([nameless.status, nameless.body.errors?.[0]?.pointer], [422, '/companyId'])
    const wrong = await api('GET', '/v1/connections', undefined, { 'x-company-id': 'no spaces here' })
    t.match([wrong.status, wrong.body.errors?.[0]?.pointer], [400, 'X-Company-Id'])
  },
)

t.test('given a key that ends, when it makes keys, then none outlives it, and all of them end with it', async (t) => {
  const ends = '2027-01-01T00:00:00.000Z'
  const maker = await newKey('family', { expiresAt: ends })
  const make = (secret: string, more = {}) =>
    send('POST', '/v1/api-keys', {
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ name: 'made', ...more }),
    })
  const child = await make(maker.secret)
  t.match([child.status, child.body.expiresAt], [201, ends])
  const grandchild = await make(child.body.secret, { expiresAt: '2026-12-31T00:00:00Z' })
  t.equal(grandchild.body.expiresAt, '2026-12-31T00:00:00.000Z')
  const later = await make(child.body.secret, { expiresAt: '2027-01-01T00:00:01Z' })
  t.match([later.status, later.body.errors?.[0]?.pointer], [422, '/expiresAt'])
  const other = await newKey('family')
  const status = async (secret: string) => (await send('GET', '/v1/connections', bearer(secret))).status
  t.same(await Promise.all([maker, child.body, grandchild.body].map(({ secret }) => status(secret))), [200, 200, 200])
  t.equal((await send('DELETE', `/v1/api-keys/${maker.id}`, bearer(other.secret))).status, 204)
  for (const { secret } of [maker, child.body, grandchild.body]) t.equal(await status(secret), 401)
  t.equal(await status(other.secret), 200)
})

t.test('given as many keys as a company may have, when one more is wanted, then one has to be revoked', async (t) => {
  const first = await newKey('crowd')
  await sql`INSERT INTO api_keys (id, company_id, name, secret_hash, created_at)
    SELECT 'crowd-' || n, 'crowd', 'x', 'x', now() FROM generate_series(1, 499) n`.execute(database.db)
  const refused = await api('POST', '/v1/api-keys', { companyId: 'crowd', name: 'one more' })
  t.match([refused.status, refused.body.code], [409, 'limit_reached'])
  t.equal((await api('DELETE', `/v1/api-keys/${first.id}`, undefined, { 'x-company-id': 'crowd' })).status, 204)
  t.equal((await api('POST', '/v1/api-keys', { companyId: 'crowd', name: 'one more' })).status, 201)
})

t.test('given faulty wishes for a key, when it is created, then every fault is named', async (t) => {
  const faults: [object, string[]][] = [
    [{ name: '', companyId: 'a b' }, ['/name', '/companyId']],
    [{ companyId: 'acme' }, ['/name']],
    [{ name: 'x', expiresAt: 'tomorrow' }, ['/expiresAt']],
    [{ name: 'x', expiresAt: '2027-02-30T00:00:00Z' }, ['/expiresAt']],
    [{ name: 'x', companyId: 'acme', expiresAt: '2020-01-01T00:00:00Z' }, ['/expiresAt']],
    [{ name: 'x', scope: 'all' }, ['/scope']],
  ]
  for (const [body, pointers] of faults) {
    const answer = await api('POST', '/v1/api-keys', body)
    t.equal(answer.status, 422, JSON.stringify(body))
    t.same(answer.body.errors?.map(({ pointer }: { pointer: string }) => pointer).sort(), pointers.sort())
  }
})

t.test(
  'given a limit of requests, when a company exceeds it, then it waits with every key, and others do not',
  async (t) => {
    const narrow = await openWorld(t, { environment: { RATE_LIMIT_PER_MINUTE: '20' } })
    const { secret } = (await narrow.api('POST', '/v1/api-keys', { companyId: 'acme', name: 'busy' })).body
    const answers = []
    for (let n = 0; n < 21; n++) answers.push(await narrow.send('GET', '/v1/connections', bearer(secret)))
    // The key was made for the same company.
    t.same(new Set(answers.slice(0, 19).map(({ status }) => status)), new Set([200]))
    const refused = answers.at(-1)
    t.match([refused?.status, refused?.body.code], [429, 'too_many_requests'])
    t.ok(Number(refused?.headers['retry-after']) > 0)
    t.equal((await narrow.api('GET', '/v1/connections')).status, 429, 'a further key is no further budget')
    t.equal((await narrow.api('GET', '/v1/connections', undefined, { 'x-company-id': 'other' })).status, 200)
    for (let n = 0; n < 20; n++) await narrow.send('GET', '/v1/connections', bearer('guess'))
    t.equal((await narrow.send('GET', '/v1/connections', bearer('guess-too'))).status, 429, 'guessing keys is limited')
    const other = { 'x-company-id': 'other' }
    t.equal((await narrow.api('GET', '/v1/connections', undefined, other)).status, 200, 'a key that was right just now')
  },
)

t.test('given a company over its limit, when it asks on, then its key is not looked up any more', async (t) => {
  const narrow = await openWorld(t, { environment: { RATE_LIMIT_PER_MINUTE: '5' } })
  const { secret } = (await narrow.api('POST', '/v1/api-keys', { companyId: 'busy', name: 'busy' })).body
  for (let n = 0; n < 6; n++) await narrow.send('GET', '/v1/connections', bearer(secret))
  await sql`ALTER TABLE api_keys RENAME TO away`.execute(narrow.database.db)
  t.equal((await narrow.send('GET', '/v1/connections', bearer(secret))).status, 429)
  await sql`ALTER TABLE away RENAME TO api_keys`.execute(narrow.database.db)
})
