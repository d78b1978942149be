// What is tidied while the service runs.
import { sql } from 'kysely'
import t from 'tap'
import type { Db } from '../../src/db/tables.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { upkeepService } from '../../src/services/upkeep.ts'
import { openTestDatabase } from '../support/database.ts'
import { openWorld } from '../support/house.ts'
import { customer } from '../support/records.ts'

const addKeys = (db: Db, count: number) =>
  sql`
    INSERT INTO api_keys (id, company_id, name, secret_hash, created_at)
    SELECT gen_random_uuid(), 'acme', 'key', md5(n::text), now() FROM generate_series(1, ${count}::int4) n`.execute(db)

/** How many rows there are, and how many the planner knows of. */
async function counts(db: Db): Promise<{ known: number; real: number }> {
  const { rows } = await sql<{ known: number; real: number }>`
    SELECT reltuples::float8 AS known, (SELECT count(*)::float8 FROM api_keys) AS real FROM pg_class
    WHERE oid = 'api_keys'::regclass`.execute(db)
  return rows[0] ?? { known: -1, real: -1 }
}

t.test(
  'given rows that came and went, when the database is vacuumed, then the planner knows what is left',
  async (t) => {
    const { db, close } = await openTestDatabase()
    t.teardown(close)
    await addKeys(db, 500)
    await sql`DELETE FROM api_keys WHERE secret_hash < '8'`.execute(db)
    await upkeepService({ db, clock: systemClock }).vacuum()
    const { known, real } = await counts(db)
    t.ok(real)
    t.equal(known, real)
  },
)

t.test('given a first handover, when the minute is over, then the planner knows of it', async (t) => {
  const { db, close } = await openTestDatabase()
  t.teardown(close)
  const { analyze } = upkeepService({ db, clock: systemClock })
  await addKeys(db, 500)
  // PostgreSQL itself counts changes with a delay of up to a second; this asks it to do so now.
  await sql`SELECT pg_stat_force_next_flush()`.execute(db)
  t.ok((await analyze()).includes('api_keys'))
  t.equal((await counts(db)).known, 500)
  await addKeys(db, 1)
  await sql`SELECT pg_stat_force_next_flush()`.execute(db)
  t.notOk((await analyze()).includes('api_keys'), 'a little more is no reason to count again')
})

t.test(
  'given consents that nobody finished, when a day is over, then nothing of them is left, and of others all',
  async (t) => {
    const world = await openWorld(t)
    const { clock, api, browse } = world
    const { db } = world.database
    const upkeep = upkeepService({ db, clock })
    const rows = async (table: string) =>
      (await sql<{ count: string }>`SELECT count(*) AS count FROM ${sql.table(table)}`.execute(db)).rows[0]?.count
    const connectionId = await world.connect()
    const granted = await sql<{ token_set_id: string }>`SELECT token_set_id FROM connections`.execute(db)
    world.simulator.control.seed({
      organisations: [{ name: 'Unfinished Ltd', countryCode: 'AU' }],
      users: [{ email: 'somebody@example.com', name: 'Somebody', organisations: ['Unfinished Ltd'] }],
    })
    const { body: abandoned } = await api('POST', '/v1/connections', {})
    const unopened = await api('POST', '/v1/connections', {})
    world.simulator.control.consent({
      mode: 'automatic',
      organisations: ['Unfinished Ltd'],
      user: 'somebody@example.com',
    })
    await browse(abandoned.authorizationUrl)
    t.same([await rows('connect_sessions'), await rows('token_sets')].map(Number), [3, 2])
    await upkeep.tidy()
    t.same([await rows('connect_sessions'), await rows('token_sets')].map(Number), [3, 2], 'they may still be finished')
    clock.advance(25 * 60 * 60_000)
    await upkeep.tidy()
    const left = await sql<{ id: string }>`SELECT id FROM token_sets`.execute(db)
    t.same(
      left.rows.map(({ id }) => id),
      granted.rows.map(({ token_set_id: id }) => id),
    )
    t.equal(Number(await rows('connect_sessions')), 1, 'what the consent of the connection granted')
    t.equal((await api('GET', `/v1/connections/${connectionId}`)).body.status, 'active')
    const status = async (id: string) => (await api('GET', `/v1/connections/${id}`)).body.status
    t.equal(await status(unopened.body.id), 'pending_consent')
    clock.advance(30 * 24 * 60 * 60_000)
    await upkeep.tidy()
    t.same([await status(unopened.body.id), await status(abandoned.id)], ['disconnected', 'disconnected'])
    t.equal(await status(connectionId), 'active')
  },
)

t.test(
  'given a product that asks in a loop, when too many consents wait, then it is refused and nothing is stored',
  async (t) => {
    const { api, database } = await openWorld(t)
    const { body: first } = await api('POST', '/v1/connections', {})
    await sql`INSERT INTO connections (id, company_id, status, created_at, updated_at)
    SELECT gen_random_uuid(), 'acme', 'pending_consent', now(), now() FROM generate_series(1, 99)`.execute(database.db)
    const refused = await api('POST', '/v1/connections', {})
    t.match([refused.status, refused.body.code], [409, 'limit_reached'])
    t.equal((await api('POST', '/v1/connections', {}, { 'x-company-id': 'other' })).status, 201)
    t.equal((await api('POST', `/v1/connections/${first.id}/reconnect`, {})).status, 200)
    await api('DELETE', `/v1/connections/${first.id}`)
    t.equal((await api('POST', '/v1/connections', {})).status, 201)
    await sql`INSERT INTO connect_sessions (id, company_id, connection_id, link_hash, expires_at, created_at)
    SELECT gen_random_uuid(), 'acme', ${first.id}::uuid, n::text, now() + interval '1 year', now() FROM generate_series(1, 50) n`.execute(
      database.db,
    )
    const links = await api('POST', `/v1/connections/${first.id}/reconnect`, {})
    t.match([links.status, links.body.code], [409, 'limit_reached'])
  },
)

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

t.test(
  'given connections that never had an organisation, when they ended a month ago, then they go, and all others stay',
  async (t) => {
    const world = await openWorld(t)
    const { clock, api } = world
    const upkeep = upkeepService({ db: world.database.db, clock })
    const create = async (): Promise<string> => (await api('POST', '/v1/connections', {})).body.id
    const status = async (id: string) => (await api('GET', `/v1/connections/${id}`)).status
    const end = (id: string) => api('DELETE', `/v1/connections/${id}`)
    const had = await world.connect()
    const [plain, withSettings, withRecords, asked, ended] = [
      await create(),
      await create(),
      await create(),
      await create(),
      await create(),
    ]
    const settings = { company: { timezone: 'Pacific/Auckland' } }
    await api('PATCH', `/v1/connections/${withSettings}/settings`, settings, { 'if-match': '*' })
    t.equal((await api('PUT', `/v1/connections/${withRecords}/customers/c1`, customer('c1'))).status, 201)
    for (const id of [had, plain, withSettings, withRecords, asked]) t.equal((await end(id)).status, 200)
    clock.advance(29 * dayMs)
    await end(ended)
    await upkeep.tidy()
    for (const id of [had, plain, withSettings, withRecords, asked, ended]) t.equal(await status(id), 200)
    clock.advance(2 * dayMs)
    t.equal((await api('POST', `/v1/connections/${asked}/reconnect`, {})).status, 200)
    await upkeep.tidy()
    t.same(await Promise.all([plain, withSettings].map(status)), [404, 404])
    t.same(await Promise.all([had, withRecords, asked, ended].map(status)), [200, 200, 200, 200])
    t.equal((await api('POST', `/v1/connections/${plain}/reconnect`, {})).status, 404)
  },
)

t.test(
  'given keys that were revoked or expired, when 90 days have passed, then they go, and their makers',
  async (t) => {
    const { clock, api, send, database } = await openWorld(t)
    const upkeep = upkeepService({ db: database.db, clock })
    const make = async (more = {}) =>
      (await api('POST', '/v1/api-keys', { companyId: 'acme', name: 'x', ...more })).body
    const ids = async () => (await api('GET', '/v1/api-keys')).body.items.map(({ id }: { id: string }) => id).sort()
    const maker = await make()
    const headers = { authorization: `Bearer ${maker.secret}`, 'content-type': 'application/json' }
    const child = (await send('POST', '/v1/api-keys', { headers, payload: '{"name": "child"}' })).body
    const expiring = await make({ expiresAt: new Date(clock.now().getTime() + hourMs).toISOString() })
    const live = await make()
    t.equal((await api('DELETE', `/v1/api-keys/${maker.id}`)).status, 204)
    clock.advance(89 * dayMs)
    const late = await make()
    await api('DELETE', `/v1/api-keys/${late.id}`)
    await upkeep.tidy()
    t.same(await ids(), [maker.id, child.id, expiring.id, live.id, late.id].sort())
    clock.advance(2 * dayMs)
    await upkeep.tidy()
    t.same(await ids(), [live.id, late.id].sort())
  },
)

t.test('given a product that creates and ends in a loop, when it goes on, then it is refused for a day', async (t) => {
  const { clock, api, database } = await openWorld(t)
  const at = clock.now().toISOString()
  await sql`INSERT INTO connections (id, company_id, status, created_at, updated_at)
    SELECT gen_random_uuid(), 'acme', 'disconnected', ${at}::timestamptz, ${at}::timestamptz FROM generate_series(1, 99)`.execute(
    database.db,
  )
  await sql`INSERT INTO api_keys (id, company_id, name, secret_hash, created_at, revoked_at, expires_at)
    SELECT gen_random_uuid(), 'acme', 'x', n::text, ${at}::timestamptz, CASE WHEN n < 250 THEN ${at}::timestamptz END,
      CASE WHEN n >= 250 THEN ${at}::timestamptz END FROM generate_series(1, 499) n`.execute(database.db)
  const create = () => api('POST', '/v1/connections', {})
  const makeKey = () => api('POST', '/v1/api-keys', { companyId: 'acme', name: 'x' })
  await api('DELETE', `/v1/connections/${(await create()).body.id}`)
  await api('DELETE', `/v1/api-keys/${(await makeKey()).body.id}`)
  for (const call of [create, makeKey]) t.match(await call(), { status: 409, body: { code: 'limit_reached' } })
  t.equal((await api('POST', '/v1/connections', {}, { 'x-company-id': 'other' })).status, 201)
  clock.advance(dayMs)
  for (const call of [create, makeKey]) t.equal((await call()).status, 201)
})

t.test('given the choice of an organisation that nobody made, when a month is over, then it has ended', async (t) => {
  const { clock, api, browse, database, simulator } = await openWorld(t)
  const upkeep = upkeepService({ db: database.db, clock })
  simulator.control.seed({
    organisations: [
      { name: 'One Ltd', countryCode: 'AU' },
      { name: 'Two Ltd', countryCode: 'AU' },
    ],
    users: [{ email: 'somebody@example.com', name: 'Somebody', organisations: ['One Ltd', 'Two Ltd'] }],
  })
  const { body } = await api('POST', '/v1/connections', {})
  simulator.control.consent({ mode: 'automatic', organisations: ['One Ltd', 'Two Ltd'], user: 'somebody@example.com' })
  const completionCode = (await browse(body.authorizationUrl)).searchParams.get('code')
  const confirmed = await api('POST', `/v1/connections/${body.id}/confirm`, { completionCode })
  t.equal(confirmed.body.status, 'select_organisation')
  clock.advance(31 * dayMs)
  await upkeep.tidy()
  t.equal((await api('GET', `/v1/connections/${body.id}`)).body.status, 'disconnected')
  clock.advance(31 * dayMs)
  await upkeep.tidy()
  t.equal((await api('GET', `/v1/connections/${body.id}`)).status, 404)
  await upkeep.tidy()
  const tokens = await sql`SELECT 1 FROM token_sets`.execute(database.db)
  t.equal(tokens.rows.length, 0)
})
