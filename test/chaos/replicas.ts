// The two processes of a schedule: they are ended, paused and cut off, and come back after a while, as an orchestrator
// would bring them back.
import { setTimeout as pause } from 'node:timers/promises'
import type { Simulator } from '../../src/simulator/index.ts'
import { freePort } from '../support/free-port.ts'
import { type ServiceProcess, spawnService } from '../support/service-process.ts'
import { type DatabaseProxy, databaseProxy, type Strike } from './database-proxy.ts'
import { type FastTime, type Stall, shown } from './time.ts'

/** Of the service, in its own time: src/db/open.ts, and a limit for calls to Xero that fits the lease of a refresh. */
const databaseLimitMs = 30_000
const callLimitMs = 10_000

export interface Absence {
  readonly pid: number
  readonly from: number
  /** Open while it lasts. */
  until: number
  readonly kind: 'dead' | 'paused'
}

export interface Replica {
  readonly name: string
  /** The address by which it calls Xero. */
  readonly host: string
  readonly url: string
  readonly isAlive: boolean
  readonly isPaused: boolean
  readonly isReady: boolean
  /** When it did not get its turn in time. */
  readonly stalls: readonly Stall[]
  kill(backAfterMs: number): void
  terminate(backAfterMs: number): void
  pause(forMs: number): void
  cut(): void
  silence(forMs: number): void
  close(): Promise<void>
}

export interface ReplicaParts {
  readonly index: number
  readonly time: FastTime
  readonly databaseUrl: string
  readonly simulator: Simulator
  readonly environment: Readonly<Record<string, string>>
  readonly skewMs: number
  readonly strike: Strike
  /** Told of whatever happens to it. */
  readonly trace: (line: string) => void
  /** Told of what must not happen. */
  readonly violation: (line: string) => void
  readonly absences: Absence[]
  readonly lines: string[]
}

/** What a process said of itself (replica.ts). */
const stallsIn = (log: readonly string[]): Stall[] =>
  log.filter((line) => line.startsWith('{"stall":')).map((line) => JSON.parse(line).stall)

export async function openReplica(parts: ReplicaParts): Promise<Replica> {
  const { index, time, databaseUrl, simulator, environment, skewMs, strike, trace, violation, absences, lines } = parts
  const name = `replica ${index + 1}`
  const host = `127.0.0.${index + 2}`
  const real = (milliseconds: number) => milliseconds / time.speed
  const target = new URL(databaseUrl)
  const proxy: DatabaseProxy = await databaseProxy({ host: target.hostname, port: Number(target.port) }, strike)
  const limit = String(Math.round(real(databaseLimitMs)))
  const through = new URL(databaseUrl)
  through.port = String(proxy.port)
  through.searchParams.set('statement_timeout', limit)
  through.searchParams.set('idle_in_transaction_session_timeout', limit)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const xero = new URL(simulator.url)
  xero.hostname = host
  const there = xero.origin

  const processes: ServiceProcess[] = []
  let service: ServiceProcess | null = null
  let absence: Absence | null = null
  let expected = false
  let ready = false
  let backAfterMs = 1_000
  let closing = false

  function leave(kind: Absence['kind']): void {
    if (absence) {
      if (absence.kind === kind) return
      absence.until = shown(time)
    }
    absence = { pid: service?.pid ?? 0, from: shown(time), until: Number.POSITIVE_INFINITY, kind }
    absences.push(absence)
  }

  function comeBack(): void {
    if (absence) absence.until = shown(time)
    absence = null
  }

  async function start(): Promise<void> {
    const born = await spawnService({
      entry: 'test/chaos/replica.ts',
      databaseUrl: through.toString(),
      simulator: { ...simulator, identityUrl: there, apiUrl: there },
      port,
      environment: {
        ...environment,
        CHAOS_TIME: JSON.stringify({ ...time, skewMs }),
        XERO_TIMEOUT_MS: String(Math.max(100, Math.round(real(callLimitMs)))),
        MIGRATE_ON_START: 'false',
        RATE_LIMIT_PER_MINUTE: '1000000',
      },
    })
    if (closing) return born.signal('SIGKILL')
    service = born
    processes.push(born)
    expected = false
    ready = false
    trace(`${name} starts (${born.pid})`)
    void born.wrote('"msg":"ready"').then(
      () => {
        trace(`${name} is ready`)
        ready = true
        comeBack()
      },
      () => undefined,
    )
    void born.end.then(({ code, signal }) => {
      service = null
      lines.push(...born.log.map((line) => `${name} ${line}`))
      trace(`${name} ended (${signal ?? code})`)
      // A start while the database is away ends, and an orchestrator tries again.
      if (!expected && ready) violation(`${name} ended by itself (${signal ?? code}): ${born.log.slice(-3).join(' ')}`)
      if (expected && signal === null && code !== 0) violation(`${name} was asked to stop and ended with ${code}`)
      ready = false
      leave('dead')
      if (!closing) void pause(real(backAfterMs)).then(() => (closing ? undefined : start()))
    })
  }

  await start()
  return {
    name,
    host,
    url,
    get isAlive() {
      return service !== null
    },
    get isPaused() {
      return absence?.kind === 'paused'
    },
    get isReady() {
      return ready && absence === null
    },
    get stalls() {
      return processes.flatMap(({ log }) => stallsIn(log))
    },
    kill(after) {
      if (!service) return
      expected = true
      backAfterMs = after
      leave('dead')
      service.signal('SIGKILL')
    },
    terminate(after) {
      // A second signal ends a process at once, as Ctrl-C twice does.
      if (!service || !ready || expected) return
      expected = true
      backAfterMs = after
      service.signal('SIGTERM')
    },
    pause(forMs) {
      if (!service || absence) return
      const paused = service
      leave('paused')
      paused.signal('SIGSTOP')
      void pause(real(forMs)).then(() => {
        if (paused.ended) return
        trace(`${name} goes on`)
        comeBack()
        paused.signal('SIGCONT')
      })
    },
    cut: proxy.cut,
    silence: (forMs) => proxy.silence(real(forMs)),
    async close() {
      closing = true
      expected = true
      const last = service
      if (last) {
        last.signal('SIGKILL')
        await last.end
      }
      proxy.close()
    },
  }
}
