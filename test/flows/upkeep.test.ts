// What is tidied while the service runs.
import { sql } from 'kysely'
import t from 'tap'
import type { Db } from '../../src/db/tables.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { upkeepService } from '../../src/services/upkeep.ts'
import { openTestDatabase } from '../support/database.ts'
import { openWorld } from '../support/house.ts'

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
