// Keys that do not belong to the database are told at the start, in words that name the remedy; a database of which only some
// consents cannot be opened is served; and a key that is lost for good ends nothing but the consents that it sealed.
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openHouse } from '../../src/house.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { sealedBox } from '../../src/lib/sealed-box.ts'
import { StartRefused } from '../../src/lib/start-refused.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { bootstrapKey, openWorld, testConfig, type World } from '../support/house.ts'
import { openPausedDatabase } from '../support/paused-database.ts'
import { customer } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`
/** The one that the worlds of the tests are opened with. */
const present = key('t1', 7)
const next = key('k2', 8)

/** Readiness is found out once a second. */
let later = 0
const machine = { ...systemClock, uptime: () => systemClock.uptime() + later }

/** Another process on the database of the world, with its own keys. */
async function open(t: Test, world: World, keys: string, environment: Record<string, string> = {}, checkKeys = true) {
  const log = createLogger({ level: 'info', destination: { write: (line: string) => void world.logLines.push(line) } })
  const house = await openHouse({
    config: testConfig(world.simulator, { ...environment, ENCRYPTION_KEYS: keys }),
    log,
    clock: world.clock,
    machine,
    database: { ...world.database, close: async () => undefined },
    random: () => 0.5,
    checkKeys,
  })
  t.teardown(() => house.close())
  return house
}

const refused = (t: Test, world: World, keys: string, named: string) =>
  t.rejects(open(t, world, keys), {
    name: 'StartRefused',
    message: new RegExp(`ENCRYPTION_KEYS.*stored: ${named}.*accept-lost-keys`),
  })

t.test(
  'given a database without connections, when it is opened with other keys, then the start is refused',
  async (t) => {
    const world = await openWorld(t)
    await refused(t, world, next, 't1\\. ')
    await refused(t, world, key('t1', 8), 't1 \\(what it has as t1 is another key\\)')
    await refused(t, world, `${key('t1', 8)},${next}`, 't1')
    await open(t, world, present)
    await open(t, world, `${next},${present}`)
    t.same(
      world.logLines.filter((line) => line.includes('lacks keys')),
      [],
    )
  },
)

t.test(
  'given a rotation, when it goes its way, then every process starts, also an old one; and none too early',
  async (t) => {
    const world = await openWorld(t)
    const tenant = await openTenant(world, 'rotates')
    const rotating = await open(t, world, `${next},${present}`)
    await open(t, world, present)
    const once = { 'idempotency-key': 'of-before-the-rotation' }
    const { body: first } = await world.api('POST', '/v1/connections', {}, once)
    await refused(t, world, next, 't1')
    await refused(t, world, `${key('k2', 5)},${present}`, 'k2 \\(what')
    t.same(await rotating.rotateKeys(), { tokenSets: 1, answers: 1 })
    await refused(t, world, present, 'k2')
    const after = await open(t, world, next)
    const replayed = await world.send('POST', '/v1/connections', {
      house: after,
      headers: {
        authorization: `Bearer ${bootstrapKey}`,
        'x-company-id': 'acme',
        'content-type': 'application/json',
        ...once,
      },
      payload: '{}',
    })
    t.same(replayed.body, first, 'an answer that was stored before is given again')
    await tenant.put('customers', customer('c1'))
    const job = await tenant.startJob()
    while (await after.turn());
    t.equal((await tenant.job(job)).status, 'completed')
  },
)

t.test('given an older backup, when it is opened, then the key of its time is asked for by name', async (t) => {
  const world = await openWorld(t)
  await openTenant(world, 'of-before')
  await sql`DELETE FROM encryption_key_checks`.execute(world.database.db)
  await refused(t, world, next, 't1')
  await refused(t, world, key('t1', 8), 't1')
  t.same((await sql`SELECT * FROM encryption_key_checks`.execute(world.database.db)).rows, [])
  await open(t, world, `${next},${present}`)
  await open(t, world, present)
})

t.test('given one consent of two that no key opens, when the service starts, then it does, and says so', async (t) => {
  const world = await openWorld(t)
  const broken = await openTenant(world, 'broken', { user: 'broken@example.com' })
  await openTenant(world, 'well', { user: 'well@example.com' })
  const lost = sealedBox([{ id: 'lost', key: Buffer.alloc(32, 1) }]).seal('{}', 'elsewhere')
  await sql`UPDATE token_sets SET sealed = ${lost} WHERE id = (
    SELECT token_set_id FROM connections WHERE id = ${broken.connectionId}::uuid)`.execute(world.database.db)
  await open(t, world, present)
  const told = world.logLines.filter((line) => line.includes('lacks keys')).map((line) => JSON.parse(line))
  t.match(told, [{ level: 'warn', keys: ['lost'] }])
  const { rows } = await sql`SELECT key_id FROM encryption_key_checks`.execute(world.database.db)
  t.same(rows, [{ key_id: 't1' }])
})

t.test('given a key that is lost, when that is accepted, then reconnecting is all that is left to do', async (t) => {
  const world = await openWorld(t)
  const tenant = await openTenant(world, 'lost')
  await refused(t, world, next, 't1')
  const command = await open(t, world, next, {}, false)
  t.equal(await command.acceptLostKeys(), 1)
  t.equal(await command.acceptLostKeys(), 0)
  const house = await open(t, world, next)
  t.match((await tenant.api('GET', '')).body, { status: 'needs_reconnect' })
  const { reasons } = (await tenant.api('GET', 'health')).body
  t.match(reasons, [{ code: 'needs_reconnect', detail: /ENCRYPTION_KEYS/, action: /reconnect/ }])
  const headers = { authorization: 'Bearer bootstrap-key-of-the-tests-0123456', 'x-company-id': tenant.company }
  const url = `/v1/connections/${tenant.connectionId}`
  const again = await world.send('POST', `${url}/reconnect`, {
    house,
    headers: { ...headers, 'content-type': 'application/json' },
    payload: '{}',
  })
  t.equal(again.status, 200)
  // The loss was accepted: from then on the lost key is the wrong one.
  await refused(t, world, present, 'k2')
})

t.test('given two replicas with different keys, when they start at once, then one of them is refused', async (t) => {
  const world = await openWorld(t)
  const { database } = world
  await sql`DELETE FROM encryption_key_checks`.execute(database.db)
  if (database.url === null) {
    // One connection, so the one after the other.
    await open(t, world, present)
    await refused(t, world, next, 't1')
    return
  }
  const paused = openPausedDatabase(database.url)
  t.teardown(() => paused.close())
  // LOCK, two reads, and then what it found to be right is put on record.
  const pause = paused.pauseBefore(4)
  const first = open(t, { ...world, database: { ...paused, url: null } }, present)
  t.match(await pause.reached, /insert into "encryption_key_checks"/)
  let second: 'waits' | 'started' | 'refused' = 'waits'
  const outcome = open(t, world, next).then(
    () => {
      second = 'started'
    },
    (error) => {
      t.type(error, StartRefused)
      second = 'refused'
    },
  )
  const waits = async () => {
    const { rows } =
      await sql`SELECT 1 FROM pg_locks WHERE relation = 'encryption_key_checks'::regclass AND NOT granted`.execute(
        database.db,
      )
    return rows.length > 0
  }
  while (second === 'waits' && !(await waits()));
  pause.release()
  await first
  await outcome
  t.equal(second, 'refused')
})

t.test(
  'given a stored answer under a key that is missing, when the request is repeated, then it is not done twice',
  async (t) => {
    const world = await openWorld(t)
    const headers = { 'idempotency-key': 'once' }
    const first = await world.api('POST', '/v1/connections', {}, headers)
    t.equal(first.status, 201)
    const command = await open(t, world, next, {}, false)
    const askAgain = (house: typeof command) =>
      world.send('POST', '/v1/connections', {
        house,
        headers: {
          ...headers,
          authorization: 'Bearer bootstrap-key-of-the-tests-0123456',
          'x-company-id': 'acme',
          'content-type': 'application/json',
        },
        payload: '{}',
      })
    const again = await askAgain(command)
    t.equal(again.status, 503)
    t.match(again.body, { code: 'unavailable', action: /ENCRYPTION_KEYS.*new Idempotency-Key/ })
    t.ok(Number(again.headers['retry-after']) > 0)
    await command.acceptLostKeys()
    const lost = await askAgain(await open(t, world, next))
    t.match([lost.status, lost.body.code], [409, 'idempotency_answer_lost'])
    t.equal(lost.headers['retry-after'], undefined, 'to wait changes nothing')
    t.equal((await world.api('GET', '/v1/connections')).body.items.length, 1)
  },
)

t.test(
  'given a schema that is brought up to date later, when readiness is asked, then the keys are checked then',
  async (t) => {
    const world = await openWorld(t)
    const { db } = world.database
    const { rows } = await sql<{ name: string; timestamp: string }>`
      DELETE FROM kysely_migration WHERE name = (SELECT max(name) FROM kysely_migration) RETURNING *`.execute(db)
    const house = await open(t, world, next, { MIGRATE_ON_START: 'false' })
    const { health } = house.services
    t.match(await health.ready(), {
      ready: false,
      checks: { schema: { ok: false }, encryptionKeys: { ok: false, detail: 'not checked yet' } },
    })
    await sql`INSERT INTO kysely_migration (name, timestamp) VALUES (${rows[0]?.name}, ${rows[0]?.timestamp})`.execute(
      db,
    )
    later += 1000
    t.match(await health.ready(), {
      ready: false,
      checks: { schema: { ok: true }, encryptionKeys: { ok: false, detail: /ENCRYPTION_KEYS.*t1/ } },
    })
    await house.acceptLostKeys()
    later += 1000
    t.match(await health.ready(), { ready: true, checks: { encryptionKeys: { ok: true } } })
  },
)
