// A database that answers but cannot be used says why: to the caller, at readiness, and at the start.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/db/open.ts'
import { openHouse } from '../../src/house.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { DatabaseGone, databaseTrouble, describeTrouble, endOfTrouble } from '../../src/lib/database-trouble.ts'
import { startTrouble } from '../../src/lib/start-trouble.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { bootstrapKey, testConfig } from '../support/house.ts'
import { type Cluster, findBinaries, startCluster } from '../support/postgres-cluster.ts'

async function openCluster(t: Test): Promise<Cluster | null> {
  const binaries = findBinaries()
  const cluster = binaries ? await startCluster(binaries) : null
  if (cluster) t.teardown(() => cluster.stop())
  return cluster
}

async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

t.test('given PostgreSQL that is set to read only, then callers and readiness say so until it is not', async (t) => {
  const cluster = await openCluster(t)
  if (!cluster) return t.plan(0, 'no PostgreSQL is installed here')
  await execute(cluster.url, 'CREATE DATABASE books')
  const url = cluster.url.replace(/\/[^/]*$/, '/books')
  const simulator = await startSimulator()
  t.teardown(() => simulator.close())
  let seconds = 0
  const machine = { ...systemClock, uptime: () => systemClock.uptime() + seconds * 1000 }
  const config = testConfig(simulator, { DATABASE_URL: url })
  const house = await openHouse({ config, log: createLogger({ level: 'silent' }), machine })
  t.teardown(() => house.close())
  const ask = (path: string, key = bootstrapKey) =>
    house.app.inject({ url: path, headers: { authorization: `Bearer ${key}` } })
  const { secret } = await house.services.access.createKey({ companyId: 'acme', name: 'test', expiresAt: null })
  const ready = () => {
    seconds += 1
    return ask('/health/ready')
  }
  t.equal((await ask('/v1/connections', secret)).statusCode, 200)
  t.equal((await ready()).statusCode, 200)

  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'books' AND pid <> pg_backend_pid()`
  await execute(cluster.url, 'ALTER DATABASE books SET default_transaction_read_only = on', cut)
  await ask('/v1/connections', secret)
  const refused = await ask('/v1/connections', secret)
  t.equal(refused.statusCode, 503)
  t.match(refused.json(), {
    code: 'unavailable',
    detail: /^The database answers, but takes no writes: .*\(25006\)\.$/,
    action: /the operator of this service: .*primary.*default_transaction_read_only/,
  })
  for (let time = 0; time < 2; time++) {
    const answer = await ready()
    t.equal(answer.statusCode, 503)
    t.match(answer.json().checks, { database: { ok: false, detail: /takes no writes.*25006/ }, schema: { ok: true } })
  }

  await execute(cluster.url, 'ALTER DATABASE books RESET default_transaction_read_only')
  await pause(1_000)
  await ready()
  t.equal((await ready()).statusCode, 200, 'sessions of before are not used any more')
  t.equal((await ask('/v1/connections', secret)).statusCode, 200)
})

t.test('given a database that cannot be opened, then the start says which of the reasons it is', async (t) => {
  const cluster = await openCluster(t)
  if (!cluster) return t.plan(0, 'no PostgreSQL is installed here')
  const why = async (url: string): Promise<string | null> => {
    const database = await openDatabase({ kind: 'postgres', url, poolSize: 2 }).catch(startTrouble)
    if (database === null || typeof database === 'string') return database
    await database.close()
    return 'opened'
  }
  const { url } = cluster
  t.match(
    await why(url.replace(/\/[^/]*$/, '/nowhere')),
    /^The database that DATABASE_URL names does not exist \(3D000\)\. /,
  )
  t.match(await why(url.replace('test@', 'nobody@')), /^The database does not let this service in \(28000\)\. .*user/)
  t.match(await why(`${url}?sslmode=verify-full`), /^The server of the database offers no TLS\. .*sslmode/)
  await cluster.crash()
  t.match(await why(url), /^The database does not answer \(ECONNREFUSED\)\. /)
})

t.test('given an error of a certificate, or of too many connections, then it is told as such', async (t) => {
  const told = (error: unknown): string => {
    const trouble = databaseTrouble(error)
    return trouble ? `${describeTrouble(trouble)} ${endOfTrouble(trouble)}` : 'none'
  }
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
    const error = new DatabaseGone(Object.assign(new Error('not accepted'), { code }))
    t.match(told(error), new RegExp(`^The certificate of the database is not accepted \\(${code}\\)\\. .*sslrootcert`))
  }
  const crowded = Object.assign(new Error('too many'), { code: '53300', severity: 'FATAL' })
  t.match(told(new DatabaseGone(crowded)), /no connection left \(53300\)\. .*DATABASE_POOL_SIZE/)
})
