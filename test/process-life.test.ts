// The service as a process: every line that it writes is JSON, a start that cannot succeed says why in one, and whoever asks
// it to stop gets a proper end, at whatever moment.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startSimulator } from '../src/simulator/index.ts'
import { freePort } from './support/free-port.ts'
import {
  type ServiceOptions,
  serviceApiKey,
  spawnService,
  startService,
  stopService,
} from './support/service-process.ts'

const simulator = await startSimulator()
t.teardown(() => simulator.close())

/** On the embedded database, in a directory of its own. */
function embedded(t: Test, environment: Record<string, string> = {}): ServiceOptions {
  const directory = mkdtempSync(join(tmpdir(), 'accounting-sync-process-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return { databaseUrl: null, simulator, environment: { DATA_DIR: directory, ...environment } }
}

/** Runs in the process before the service does. */
const before = (script: string) => `--import=data:text/javascript,${encodeURIComponent(script)}`

t.test('given libraries that write to the console, then every line of the process is a JSON object', async (t) => {
  const library = `const ready = setInterval(() => {
    if (process.listenerCount('warning') === 0 || process.listenerCount('SIGTERM') === 0) return
    clearInterval(ready)
    setTimeout(() => { console.log('written by %s', 'a library'); process.emitWarning('that is old') }, 500)
  }, 10)`
  const service = await startService(embedded(t, { NODE_OPTIONS: before(library), LOG_LEVEL: 'info' }))
  // node-cron says so when its timer came late.
  service.signal('SIGSTOP')
  await pause(3_500)
  service.signal('SIGCONT')
  await service.wrote('node-cron')
  await service.wrote('that is old')
  service.signal('SIGTERM')
  t.same(await service.end, { code: 0, signal: null })
  const lines = service.log.map((line) => JSON.parse(line))
  for (const line of lines) t.match(line, { level: String, time: String, msg: String })
  t.ok(lines.some(({ from, msg }) => from === 'console' && msg === 'written by a library'))
  t.ok(lines.some(({ from }) => from === 'node-cron'))
  const warned = lines.find(({ msg }) => msg === 'a warning of the runtime')
  t.match(warned, { warning: 'Warning: that is old' })
  t.notMatch(JSON.stringify(warned), /\bat .*:\d+/, 'without a stack')
})

t.test('given a start that waits for its database, when it is asked to stop, then it ends with code 0', async (t) => {
  const silent = createServer()
  const asked = new Promise((connected) => silent.once('connection', connected))
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const service = await spawnService({ databaseUrl: `postgres://test@127.0.0.1:${port}/none`, simulator })
  await asked
  service.signal('SIGTERM')
  t.same(await service.end, { code: 0, signal: null })
  for (const line of service.log) t.match(JSON.parse(line), { msg: 'stopping' })
})

t.test('given a start that still loads, when it is asked to stop, then it ends with code 0', async (t) => {
  const hears = `const hears = setInterval(() => {
    if (process.listenerCount('SIGTERM') === 0) return
    clearInterval(hears)
    process.stdout.write('{"msg":"it hears"}\\n')
  }, 1)`
  const service = await spawnService(embedded(t, { NODE_OPTIONS: before(hears) }))
  await service.wrote('it hears')
  service.signal('SIGTERM')
  t.same(await service.end, { code: 0, signal: null })
  t.notOk(service.log.some((line) => line.includes('"msg":"ready"')))
})

t.test(
  'given a process that is asked to stop, while it drains, then requests get 503 and connections end',
  async (t) => {
    const service = await startService(embedded(t, { DRAIN_MS: '4000' }))
    const get = (path: string) =>
      fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${serviceApiKey}` } })
    t.equal((await get('/v1/connections')).status, 200)
    service.signal('SIGTERM')
    await service.wrote('"msg":"stopping"')
    const refused = await get('/v1/connections')
    t.equal(refused.status, 503)
    t.equal(refused.headers.get('connection'), 'close')
    t.ok(Number(refused.headers.get('retry-after')) > 0)
    t.match(await refused.json(), { code: 'unavailable', status: 503 })
    const ready = await get('/health/ready')
    t.equal(ready.status, 503)
    t.equal(ready.headers.get('connection'), 'close')
    t.match(await ready.json(), { ready: false, checks: { draining: { ok: false } } })
    t.equal((await get('/health/live')).status, 200)
    t.same(await service.end, { code: 0, signal: null })
  },
)

t.test(
  'given a database that is not there, when the process starts, then one line says so and it ends with code 1',
  async (t) => {
    const databaseUrl = `postgres://test:not-told@127.0.0.1:${await freePort()}/none`
    const service = await spawnService({ databaseUrl, simulator })
    t.same(await service.end, { code: 1, signal: null })
    t.equal(service.log.length, 1)
    t.match(JSON.parse(service.log[0] ?? ''), { level: 'fatal', msg: /^not started: .*ECONNREFUSED.*DATABASE_URL/ })
    t.notMatch(service.log.join(), /not-told/)
  },
)

t.test('given a wrong configuration, when the process starts, then one line names every fault', async (t) => {
  for (const LOG_LEVEL of ['info', 'silent']) {
    const service = await spawnService(embedded(t, { PORT: 'none', DRAIN_MS: '-1', LOG_LEVEL }))
    t.same(await service.end, { code: 1, signal: null })
    t.equal(service.log.length, 1, LOG_LEVEL)
    t.match(JSON.parse(service.log[0] ?? ''), { level: 'fatal', msg: /PORT.*DRAIN_MS/s })
  }
})

t.test(
  'given a port that is taken, or a file for a directory, when the process starts, then one line says it',
  async (t) => {
    const taken = createServer().listen(0, '127.0.0.1')
    t.teardown(() => taken.close())
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const file = join(t.testdir({ taken: 'a file' }), 'taken')
    for (const [environment, words] of [
      [{ PORT: String(port), HOST: '127.0.0.1' }, new RegExp(`port ${port} .*set PORT`)],
      [{ DATA_DIR: file }, /DATA_DIR .*a file stands where/],
      [{ DATA_DIR: join(file, 'below') }, /DATA_DIR .*a file stands where/],
    ] as const) {
      const service = await spawnService(embedded(t, environment))
      t.same(await service.end, { code: 1, signal: null })
      const last = JSON.parse(service.log.at(-1) ?? '')
      t.match(last, { level: 'fatal', msg: words })
      t.notMatch(last.msg, /\n/)
    }
  },
)

t.test('given other keys than before, when the process starts, then one line names them and the way out', async (t) => {
  const options = embedded(t)
  const withKeys = (id: string): ServiceOptions => ({
    ...options,
    environment: { ...options.environment, ENCRYPTION_KEYS: `${id}:${Buffer.alloc(32, 3).toString('base64')}` },
  })
  const first = await startService(options)
  t.same(await stopService(first), { code: 0, signal: null })

  const refused = await spawnService(withKeys('other'))
  t.same(await refused.end, { code: 1, signal: null })
  t.equal(refused.log.length, 1)
  const { level, msg } = JSON.parse(refused.log[0] ?? '')
  t.equal(level, 'fatal')
  t.match(msg, /^not started: ENCRYPTION_KEYS .*: p1\. .*accept-lost-keys/)
  t.notMatch(msg, Buffer.alloc(32, 3).toString('base64'))

  const run = (command: string) =>
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/cli.ts', command], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        XERO_CLIENT_ID: 'id',
        XERO_CLIENT_SECRET: 'secret',
        ...withKeys('other').environment,
      },
    })
  const rotation = run('rotate-keys')
  t.equal(rotation.status, 1)
  t.match(rotation.stderr, /^ENCRYPTION_KEYS .*accept-lost-keys[^\n]*\n$/)
  t.equal(run('migrate').status, 0, 'a command that seals nothing may have any key')
  const accepted = run('accept-lost-keys')
  t.equal(accepted.status, 0)
  t.match(accepted.stdout, /^0 connection/)
  t.same(await stopService(await startService(withKeys('other'))), { code: 0, signal: null })
})
