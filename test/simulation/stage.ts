// The stage of one schedule: two processes that come and go, a product that never fails, a database and a Xero that do.
import type { Logger } from '../../src/observability/logger.ts'
import { type Agenda, agenda } from './agenda.ts'
import type { SimulationDatabase } from './database.ts'
import { type Engine, engine } from './engine.ts'
import { calm, type Mix } from './mixes.ts'
import { type Observer, observer } from './observer.ts'
import { type Random, randomFrom } from './random.ts'
import { replica } from './replica.ts'
import { databaseOf, type Server, server } from './session.ts'
import { type Model, modelOfXero } from './xero/model.ts'
import { providerOf } from './xero/provider.ts'

/** A record, and whether its contact is that of another record as well. */
export interface Held {
  readonly body: Readonly<Record<string, unknown>>
  readonly isShared: boolean
}

const heldRecords = `SELECT r.id, r.body, o.record_id IS NOT NULL AS "isShared" FROM records r
  LEFT JOIN links l ON l.connection_id = r.connection_id AND l.type = r.type AND l.record_id = r.id
  LEFT JOIN links o ON o.connection_id = l.connection_id AND o.remote_id = l.remote_id AND (o.type, o.record_id) <> (l.type, l.record_id)
  WHERE r.connection_id = $1 AND r.type = $2 AND r.deleted_at IS NULL`

export interface Stage {
  readonly agenda: Agenda
  readonly random: Random
  readonly model: Model
  readonly observer: Observer
  readonly server: Server
  readonly limits: { minute: number; day: number; concurrent: number; appMinute: number }
  readonly newId: () => string
  readonly engines: Engine[]
  readonly front: Engine
  readonly violations: string[]
  readonly reached: Map<string, number>
  /** Faults begin or end. */
  setFaulty(faulty: boolean): void
  isFaulty(): boolean
  wakeAll(): void
  /** Records as they are, asked of nobody and in no time. */
  held(connectionId: string, type: string): Promise<Map<string, Held>>
  resting(): boolean
  start(processes: number, hasSchedule: boolean): void
  stop(): void
}

const startsAt = Date.parse('2026-11-25T08:00:00.000Z')

/** Time-ordered, as lib/ids.ts makes them, out of the seed's dice. */
function idsFrom(random: Random, now: () => number): () => string {
  let counter = 0
  return () => {
    counter += 1
    const time = now().toString(16).padStart(12, '0')
    const low = (counter & 0xfff).toString(16).padStart(3, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${low}-8${random.hex(3)}-${counter.toString(16).padStart(8, '0')}${random.hex(4)}`
  }
}

export function openStage(database: SimulationDatabase, seed: number, mix: Mix, verbose: boolean): Stage {
  const random = randomFrom(seed)
  const time = agenda(startsAt, verbose)
  const violations: string[] = []
  const reached = new Map<string, number>()
  const reach = (what: string) => {
    reached.set(what, (reached.get(what) ?? 0) + 1)
    time.trace(() => `(${what})`)
  }
  let faults: Mix = calm
  const watch = observer(time.now, reach)
  const shared = server()
  const model = modelOfXero({ agenda: time, random: random.fork('xero'), mix: () => faults, reached: reach })
  const newId = idsFrom(random.fork('ids'), time.now)
  const limits = {
    minute: random.chance(0.25) ? random.between(4, 12) : 60,
    day: 5_000,
    concurrent: random.chance(0.2) ? 2 : 5,
    appMinute: 10_000,
  }
  const engines: Engine[] = []
  let born = 0
  let stopped = false
  let ticking = false

  function logOf(name: string): Logger {
    const line = (level: string) => (fields: unknown, message?: string) => {
      const { error, ...rest } = (typeof fields === 'object' && fields !== null ? fields : {}) as { error?: unknown }
      const text = `${JSON.stringify(rest)} ${error instanceof Error ? `${error.name}: ${error.message}` : ''}`
      time.trace(() => `${name} ${level}: ${message ?? ''} ${text}`)
      if (text.includes('secret-')) violations.push(`I12: a secret stands in the log: ${message}`)
      if (message === 'the job went to another worker') reach('fenced write')
      if (error instanceof Error && !/Connection terminated/.test(error.message)) {
        violations.push(`an unexpected fault: ${message}: ${verbose ? error.stack : error.message}`)
      }
    }
    const log = {
      fatal: line('fatal'),
      error: line('error'),
      warn: line('warn'),
      info: line('info'),
      debug: line('debug'),
    }
    return log as unknown as Logger
  }

  function spawn(name: string, mortal: boolean): Engine {
    const dice = random.fork(name)
    const process = replica(time, name, mortal ? dice.between(-400, 400) : 0)
    const around = { agenda: time, database, server: shared, observer: watch, random: dice.fork('database') }
    const db = databaseOf(process, { ...around, mix: () => (mortal ? faults : null) })
    const line = { agenda: time, random: dice.fork('network'), mix: () => (mortal ? faults : calm), replica: process }
    const parts = { agenda: time, replica: process, db, provider: providerOf(model, line, watch), newId, limits }
    return engine({
      ...parts,
      random: dice.fork('engine'),
      log: logOf(name),
      afterTurn() {
        for (const other of engines) if (other.replica !== process && dice.chance(0.2)) other.wake()
      },
    })
  }

  function bear(): void {
    if (stopped) return
    born += 1
    const fresh = spawn(`worker-${born}`, true)
    engines.push(fresh)
    time.trace(() => `${fresh.replica.name} starts`)
    fresh.replica.onDeath(() => {
      reach('crash')
      engines.splice(engines.indexOf(fresh), 1)
      time.at(time.now() + random.between(1_000, faults === calm ? 5_000 : 300_000), bear)
    })
    void fresh.work()
    void fresh.finishRefreshes()
    if (ticking) void fresh.tickSchedule(random.between(20_000, 60_000))
  }

  return {
    agenda: time,
    random,
    model,
    observer: watch,
    server: shared,
    limits,
    newId,
    engines,
    front: spawn('product', false),
    violations,
    reached,
    setFaulty(faulty) {
      faults = faulty ? mix : calm
      time.trace(() => (faulty ? `faults begin: ${mix.name}` : 'faults end'))
    },
    isFaulty: () => faults !== calm,
    async held(connectionId, type) {
      const { rows } = await time.busy(database.execute(heldRecords, [connectionId, type]))
      return new Map(rows.map((row) => [String(row.id), row as unknown as Held]))
    },
    wakeAll() {
      for (const each of engines) each.wake()
    },
    resting: () => engines.length > 0 && engines.every((each) => each.isResting()),
    start(processes, hasSchedule) {
      ticking = hasSchedule
      for (let count = 0; count < processes; count++) bear()
    },
    stop() {
      stopped = true
      for (const each of [...engines]) each.replica.kill('at the end')
    },
  }
}
