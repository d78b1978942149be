// A database that is away or full is no defect of a request: the caller is told to come back, and readiness says it, too.
import { sql } from 'kysely'
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { bootstrapKey, openWorld, testConfig } from '../support/house.ts'
import { findBinaries, startCluster } from '../support/postgres-cluster.ts'
import { customer, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

const headers = { authorization: `Bearer ${bootstrapKey}` }

t.test('given PostgreSQL that went away, when a request comes, then it is 503 until the server is back', async (t) => {
  const binaries = findBinaries()
  const cluster = binaries && (await startCluster(binaries, { durable: true }))
  if (!cluster) return t.plan(0, 'no PostgreSQL is installed here')
  t.teardown(() => cluster.stop())
  const simulator = await startSimulator()
  t.teardown(() => simulator.close())
  const config = testConfig(simulator, { DATABASE_URL: cluster.url })
  let seconds = 0
  const machine = { ...systemClock, uptime: () => systemClock.uptime() + seconds * 1000 }
  const house = await openHouse({ config, log: createLogger({ level: 'silent' }), machine })
  t.teardown(() => house.close())
  const get = (url: string) => house.app.inject({ url, headers })
  t.equal((await get('/v1/connections')).statusCode, 200)
  t.equal((await get('/health/ready')).statusCode, 200)

  await cluster.crash()
  t.equal((await get('/health/ready')).statusCode, 200, 'within a second the database is not asked again')
  // The first finds a connection that was cut, the next one none.
  for (const attempt of ['cut', 'refused']) {
    const answer = await get('/v1/connections')
    t.equal(answer.statusCode, 503, attempt)
    t.ok(Number(answer.headers['retry-after']) > 0)
    t.match(answer.json(), { code: 'unavailable', detail: /database/ })
  }
  seconds += 1
  const ready = await get('/health/ready')
  t.equal(ready.statusCode, 503)
  t.ok(Number(ready.headers['retry-after']) > 0)
  t.match(ready.json(), { ready: false, checks: { database: { ok: false } } })

  await cluster.start()
  seconds += 1
  t.equal((await get('/v1/connections')).statusCode, 200)
  t.equal((await get('/health/ready')).statusCode, 200)
})

t.test(
  'given a database that is full, when a record is handed over, then it is 503, and reading goes on',
  async (t) => {
    const world = await openWorld(t)
    const { db } = world.database
    const tenant = await openTenant(world, 'full')
    const full = async () => {
      await sql`CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$`.execute(db)
      await sql`CREATE TRIGGER disk_full BEFORE INSERT ON records EXECUTE FUNCTION disk_full()`.execute(db)
    }
    const drop = () => sql`DROP FUNCTION IF EXISTS disk_full CASCADE`.execute(db)
    t.teardown(drop)
    const asked = () => world.house.app.inject('/health/ready')
    t.equal((await asked()).statusCode, 200)
    await full()
    const { id, ...body } = item('i1')
    const answer = await tenant.api('PUT', `items/${id}`, body)
    t.equal(answer.status, 503)
    t.ok(Number(answer.headers['retry-after']) > 0)
    t.match(answer.body, { code: 'unavailable', detail: /53100/ })
    const ready = await asked()
    t.equal(ready.statusCode, 503)
    t.match(ready.json().checks.database, { ok: false, detail: /53100/ })
    t.equal((await tenant.api('GET', 'items')).status, 200)
    await drop()
    t.equal((await tenant.api('PUT', `items/${id}`, body)).status, 201)
  },
)

t.test(
  'given a job that Xero kept waiting, when the database refuses one turn, then the job goes on by itself',
  async (t) => {
    const world = await openWorld(t)
    const { db } = world.database
    const { control } = world.simulator
    const tenant = await openTenant(world, 'patient')
    await tenant.put('customers', customer('c1'))
    control.faults({ kind: 'http_503', times: 1_000_000 })
    const id = await tenant.startJob()
    await world.work({ forMs: 15 * 60_000 })
    t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'unreachable' })

    control.clearFaults()
    await sql`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the server is shutting down' USING ERRCODE = '57P01'; END $$`.execute(db)
    await sql`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON reference_lists EXECUTE FUNCTION refuse()`.execute(db)
    t.teardown(() => sql`DROP FUNCTION IF EXISTS refuse CASCADE`.execute(db))
    await world.work({ forMs: 60_000 })
    t.match(await tenant.job(id), { status: 'waiting', waitingReason: 'internal' })

    await sql`DROP FUNCTION refuse CASCADE`.execute(db)
    await world.work()
    t.match(await tenant.job(id), { status: 'completed' })
    t.equal(tenant.xero('Contacts').length, 1)
    tenant.checkXero(t)
  },
)
