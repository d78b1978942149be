// The last place under a cap, wanted by two requests at one moment: one gets it. On PostgreSQL, where two transactions really
// overlap, one stands before each of its statements while the other one goes as far as it can; on the embedded database they come together.
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { type House, openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { databaseKind } from '../support/database.ts'
import { bootstrapKey, openWorld, testConfig, type World } from '../support/house.ts'
import { openPausedDatabase } from '../support/paused-database.ts'

const stuckMs = 5_000

interface Cap {
  readonly most: number
  /** The call that takes a place. */
  readonly path: (connectionId: string) => string
  readonly body: object
  /** Takes so many places of a company, and counts those that are taken. */
  readonly fill: (world: World, company: string, connectionId: string, places: number) => Promise<unknown>
  readonly count: (world: World, company: string, connectionId: string) => Promise<number>
}

const counted = async (world: World, query: ReturnType<typeof sql<{ count: number }>>): Promise<number> =>
  (await query.execute(world.database.db)).rows[0]?.count ?? -1

const caps: Record<string, Cap> = {
  'API keys': {
    most: 500,
    path: () => '/v1/api-keys',
    body: { name: 'One more' },
    fill: ({ database, clock }, company, _, places) =>
      sql`INSERT INTO api_keys (id, company_id, name, secret_hash, created_at)
        SELECT gen_random_uuid(), ${company}, 'Old', gen_random_uuid()::text, ${clock.now().toISOString()}::timestamptz
        FROM generate_series(1, ${places}::int)`.execute(database.db),
    count: (world, company) =>
      counted(world, sql`SELECT count(*)::int4 AS count FROM api_keys WHERE company_id = ${company}`),
  },
  'pending connections': {
    most: 100,
    path: () => '/v1/connections',
    body: {},
    fill: ({ database }, company, connectionId, places) =>
      sql`INSERT INTO connections (id, company_id, status, created_at, updated_at)
        SELECT gen_random_uuid(), company_id, 'pending_consent', created_at, created_at
        FROM connections, generate_series(2, ${places}::int) WHERE id = ${connectionId} AND company_id = ${company}`.execute(
        database.db,
      ),
    count: (world, company) =>
      counted(
        world,
        sql`SELECT count(*)::int4 AS count FROM connections WHERE company_id = ${company} AND status = 'pending_consent'`,
      ),
  },
  'links to a consent': {
    most: 50,
    path: (connectionId) => `/v1/connections/${connectionId}/reconnect`,
    body: {},
    fill: ({ database }, company, connectionId, places) =>
      sql`INSERT INTO connect_sessions (id, company_id, connection_id, link_hash, expires_at, created_at)
        SELECT gen_random_uuid(), company_id, connection_id, gen_random_uuid()::text, expires_at, created_at
        FROM connect_sessions, generate_series(2, ${places}::int)
        WHERE connection_id = ${connectionId} AND company_id = ${company}`.execute(database.db),
    count: (world, _, connectionId) =>
      counted(world, sql`SELECT count(*)::int4 AS count FROM connect_sessions WHERE connection_id = ${connectionId}`),
  },
}

async function isBlocked({ database }: World): Promise<boolean> {
  const { rows } = await sql<{ blocked: boolean }>`SELECT EXISTS (SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`.execute(database.db)
  return rows[0]?.blocked === true
}

/** A company that has one place left, and its request for it. */
async function almostFull(world: World, { most, path, body, fill }: Cap, company: string) {
  const created = await world.api('POST', '/v1/connections', {}, { 'x-company-id': company })
  await fill(world, company, created.body.id, most - 1)
  const headers = {
    authorization: `Bearer ${bootstrapKey}`,
    'x-company-id': company,
    'content-type': 'application/json',
  }
  const request = (house: House) =>
    house.app
      .inject({ method: 'POST', url: path(created.body.id), headers, payload: JSON.stringify(body) })
      .then(({ statusCode }) => (statusCode < 300 ? 'placed' : statusCode))
  return { connectionId: created.body.id as string, request }
}

t.test('given one place under a cap', async (t) => {
  const world = await openWorld(t)
  const { database, clock, simulator, logLines, house } = world

  for (const [name, cap] of Object.entries(caps)) {
    t.test(`when several requests for ${name} come together, then one of them gets it`, async (t) => {
      const company = `together-${cap.most}`
      const { connectionId, request } = await almostFull(world, cap, company)
      t.equal(await cap.count(world, company, connectionId), cap.most - 1)
      const ends = await Promise.all(Array.from({ length: 4 }, () => request(house)))
      t.strictSame(ends.toSorted(), [409, 409, 409, 'placed'])
      t.equal(await cap.count(world, company, connectionId), cap.most)
    })
  }

  t.test(
    'when one request stands still and another one overtakes it, then one of both gets it',
    {
      skip: databaseKind !== 'postgres' && 'one connection, so no two transactions overlap',
    },
    async (t) => {
      const paused = openPausedDatabase(database.url ?? '')
      const log = createLogger({ level: 'info', destination: { write: (line: string) => void logLines.push(line) } })
      const slow = await openHouse({ config: testConfig(simulator), log, clock, database: paused, random: () => 0.5 })
      t.teardown(() => slow.close())
      for (const [name, cap] of Object.entries(caps)) {
        for (let n = 1; ; n++) {
          const company = `paused-${cap.most}-${n}`
          const { connectionId, request } = await almostFull(world, cap, company)
          const stop = paused.pauseBefore(n)
          const first = request(slow)
          const statement = await Promise.race([stop.reached, first.then(() => null)])
          if (statement === null) {
            stop.release()
            t.ok(n > 4, `${name}: ${n - 1} places`)
            break
          }
          let isDone = false
          const second = request(house).finally(() => {
            isDone = true
          })
          for (const begun = performance.now(); !isDone && performance.now() - begun < stuckMs; await pause(2)) {
            if (await isBlocked(world)) break
          }
          stop.release()
          t.strictSame([await first, await second].toSorted(), [409, 'placed'], `${name}, before ${statement}`)
          t.equal(await cap.count(world, company, connectionId), cap.most)
        }
      }
    },
  )
})
