// One schedule from its seed: real processes, a real database and a simulated Xero on real sockets; misfortunes for a
// while, then none, until everything has come to rest; then the invariants.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Passing, startSimulator } from '../../src/simulator/index.ts'
import { randomFrom } from '../simulation/random.ts'
import { leaks, violationsOf } from './invariants.ts'
import type { Lane } from './lane.ts'
import { drawMisfortunes, drawWeather, type Misfortune } from './misfortunes.ts'
import { openProduct, type Product } from './product.ts'
import { type Absence, openReplica, type Replica } from './replicas.ts'
import { story } from './story.ts'
import { type Stall, shown, watchStalls } from './time.ts'

/** An hour in two minutes. */
export const speed = 30
const minute = 60_000
/** Misfortunes whose moment has not come by then do not come any more. */
const faultyForMs = 5 * minute
/** Everything must have come to its end so long after the last misfortune. */
const restWithinMs = 90 * minute
/** Jobs after the misfortunes, at most: what failed is tried again, and what waits for it follows. */
const roundsAtMost = 6
/** A process may take long to start on a busy machine, in real time. */
const startsWithinMs = 2 * minute
/** What the machine's own delays may come to, in real time. */
const realJitterMs = 500
/** A dead worker's job goes on elsewhere within this time, where there is an elsewhere. */
const takeoverWithinMs = 75_000

const apiKey = 'canary-of-the-api-key-0123456789'
const clientSecret = 'canary-of-the-client-secret-0123456789'
const encryptionKey = Buffer.alloc(32, 'canary').toString('base64')

export interface Outcome {
  readonly seed: number
  readonly violations: readonly string[]
  /** What struck: the act and its point. */
  readonly struck: readonly string[]
  readonly faults: Readonly<Record<string, number>>
  readonly reached: Readonly<Record<string, number>>
  readonly figures: Figures
  readonly trace: readonly string[]
}

export interface Figures {
  readonly documents: number
  readonly writes: number
  readonly calls: number
  readonly takeovers: number
  /** From the death or pause of a worker until another one had its job, where that one and the database were there. */
  readonly longestTakeoverMs: number
  readonly calmMs: number
  readonly realMs: number
}

const kindOf = ({ method, path }: Passing): string | null => {
  if (path === '/connect/token') return 'token'
  if (!path.startsWith('/api.xro/')) return null
  return method === 'GET' ? 'read' : 'write'
}

export async function playSchedule(lane: Lane, seed: number): Promise<Outcome> {
  const begunAt = Date.now()
  const { time, cluster } = lane
  const random = randomFrom(seed, 'chaos')
  const clock = { now: () => new Date(shown(time)) }
  const begun = shown(time)
  const trace: string[] = []
  const violations: string[] = []
  const note = (line: string) => void trace.push(`${((shown(time) - begun) / 1000).toFixed(1).padStart(7)} ${line}`)
  const real = (milliseconds: number) => milliseconds / time.speed
  const armed: (Misfortune & { left: number })[] = []
  const struck: string[] = []
  const absences: Absence[] = []
  const lines: string[] = []
  const replicas: Replica[] = []
  let database: pg.Client | null = null
  let databaseAway: Promise<void> | null = null
  const outages: { from: number; until: number }[] = []
  const stalls: Stall[] = []
  const { stop: stopWatching } = watchStalls(time, (stall) => stalls.push(stall))

  function stopDatabase(forMs: number): Promise<void> {
    if (databaseAway) return Promise.resolve()
    const stopped = cluster.crash()
    const outage = { from: shown(time), until: Number.POSITIVE_INFINITY }
    outages.push(outage)
    databaseAway = stopped.then(async () => {
      note('the database is away')
      await pause(real(forMs))
      await cluster.start()
      note('the database is back')
      outage.until = shown(time)
      databaseAway = null
    })
    return stopped
  }

  /** Does what is due at this moment; false when the one who waits for it is gone or cut off. */
  async function strike(point: string, replica: Replica): Promise<boolean> {
    const due = armed.find((one) => one.point === point && --one.left === 0)
    if (!due) return true
    const { act, forMs } = due
    note(`${act} for ${Math.round(forMs / 1000)} s of ${replica.name} at "${point}"`)
    struck.push(`${act} at ${point}`)
    switch (act) {
      case 'kill':
        replica.kill(forMs)
        return false
      case 'pause':
        replica.pause(forMs)
        return true
      case 'terminate':
        replica.terminate(forMs)
        return true
      case 'cut':
        replica.cut()
        return false
      case 'silence':
        replica.silence(forMs)
        return true
      case 'database':
        await stopDatabase(forMs)
        return false
    }
  }

  /** I7: at the moment when a write arrives its intent is on record, in a transaction that has ended. */
  async function checkIntent({ path, idempotencyKey }: Passing): Promise<void> {
    if (!idempotencyKey || !database || databaseAway) return
    const query = 'SELECT 1 FROM write_batches WHERE idempotency_key = $1'
    const found = await database.query(query, [idempotencyKey]).catch(() => null)
    if (found && found.rowCount === 0) violations.push(`I7: a write to ${path} arrived before its intent was on record`)
  }

  const simulator = await startSimulator({
    clock,
    clientSecret,
    host: '0.0.0.0',
    seed: { organisations: [], users: [] },
    async watch(passing) {
      const kind = kindOf(passing)
      const replica = replicas.find(({ host }) => passing.host.startsWith(`${host}:`))
      if (!kind || !replica) return
      if (kind === 'write' && passing.moment === 'arrived') await checkIntent(passing)
      await strike(`${kind} ${passing.moment}`, replica)
    },
  })
  const name = `chaos_${seed}`
  const url = await lane.freshDatabase(name)

  const minuteLimit = random.chance(0.25) ? random.between(8, 20) : 60
  const environment = {
    API_KEY: apiKey,
    // One address for both, as behind a load balancer.
    PUBLIC_URL: 'http://localhost:4000',
    ENCRYPTION_KEYS: `k1:${encryptionKey}`,
    XERO_MINUTE_LIMIT: String(minuteLimit),
    WORKER_CONCURRENCY: '1',
    NODE_COMPILE_CACHE: lane.cache,
  }
  for (const index of [0, 1]) {
    replicas.push(
      await openReplica({
        index,
        time,
        databaseUrl: url,
        simulator,
        environment,
        // What the machine's clock shows must not matter.
        skewMs: random.between(-10, 10) * minute,
        strike: (stage, statement) => {
          const self = replicas[index]
          return self ? strike(`${stage} ${statement}`, self) : Promise.resolve(true)
        },
        trace: note,
        violation: (line) => violations.push(line),
        absences,
        lines,
      }),
    )
  }

  async function until(isTrue: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
    const end = shown(time) + withinMs
    while (!(await isTrue())) {
      if (shown(time) > end) return false
      await pause(100)
    }
    return true
  }
  const allReady = () => replicas.every(({ isReady }) => isReady) && databaseAway === null

  async function live(product: Product): Promise<void> {
    const from = shown(time)
    for (const { at, deed } of product.story.deeds) {
      await pause(Math.max(0, real(from + at - shown(time))))
      note(`${product.story.tag}: ${JSON.stringify(deed).slice(0, 90)}`)
      await product.perform(deed)
    }
  }

  const openItems = async (product: Product): Promise<string> =>
    (await product.all('sync-queue-items'))
      .map((item) => `${item.recordType} ${item.recordId} ${item.action} ${item.status} ${item.lastError?.code}`)
      .sort()
      .join('\n')

  const isIdle = async (product: Product): Promise<boolean> =>
    (await product.api('GET', 'sync-jobs?limit=5')).body.items.every(
      (job: { completedAt: string | null }) => job.completedAt !== null,
    )

  /** Runs jobs until nothing is left that another one would bring over. */
  async function settle(product: Product): Promise<void> {
    if (product.lostConsent) await product.reconnect()
    let seen = ''
    for (let round = 0; round < roundsAtMost; round++) {
      if (!(await until(() => isIdle(product), restWithinMs))) {
        violations.push(`${product.story.tag} did not come to rest`)
        return
      }
      const open = await openItems(product)
      if (round > 0 && (open === '' || open === seen)) return
      seen = open
      await product.api('POST', 'sync-jobs', { kind: 'incremental' })
    }
  }

  async function sweep(client: pg.Client): Promise<void> {
    const asked = clock.now().toISOString()
    const ids = products.map(({ connectionId }) => connectionId)
    // Asked for until one has begun after this: one that was under way, or that a limit put off, would come again in an hour.
    const due = `INSERT INTO sweeps (company_id, connection_id, due_at)
      SELECT company_id, id, '2020-01-01' FROM connections WHERE id = ANY ($1)
      ON CONFLICT (connection_id) DO UPDATE SET due_at = '2020-01-01'
      WHERE sweeps.watermark IS NULL OR sweeps.watermark < $2`
    const swept = await until(async () => (await client.query(due, [ids, asked])).rowCount === 0, 20 * minute)
    if (!swept) violations.push('the sweep did not run')
  }

  async function watchDatabase(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {
      if (database === client) database = null
    })
    await client.connect()
    return client
  }

  const products: Product[] = []
  try {
    if (!(await until(allReady, startsWithinMs * time.speed))) throw new Error('the replicas did not start')
    for (const letter of random.chance(0.2) ? ['a', 'b'] : ['a']) {
      const tag = `s${seed}${letter}`
      products.push(
        openProduct({ story: story(randomFrom(seed, tag), tag, letter === 'a'), apiKey, simulator, replicas }),
      )
    }
    for (const product of products) await product.open()
    database = await watchDatabase()

    const misfortunes = drawMisfortunes(random.fork('misfortunes'))
    armed.push(...misfortunes.map((one) => ({ ...one, left: one.nth })))
    simulator.control.weather(drawWeather(random.fork('weather'), time.speed))
    note('misfortunes begin')
    const from = shown(time)
    await Promise.all(products.map(live))
    // Some moments come only with more work.
    let rounds = 0
    while (armed.some(({ left }) => left > 0) && shown(time) - from < faultyForMs) {
      for (const product of products) {
        if (!(await isIdle(product))) continue
        const deed = product.story.more[rounds]
        if (deed) await product.perform(deed)
        await product.perform({ kind: 'job', full: false })
      }
      rounds += 1
      await pause(real(5_000))
    }
    for (const one of armed) one.left = 0
    simulator.control.weather(null)
    simulator.control.clearFaults()
    note('misfortunes end')
    const calmAt = shown(time)
    if (!(await until(allReady, startsWithinMs * time.speed))) violations.push('a replica did not come back')
    database = await watchDatabase()
    await Promise.all(products.map(settle))
    await until(() => simulator.control.underWay() === 0, 10 * minute)
    await sweep(database)
    note('at rest')
    const takeovers = await takeoversOf(database, absences, outages)
    const jitterMs = realJitterMs * time.speed
    const longestTakeoverMs = Math.max(0, ...takeovers.flatMap(({ waited }) => waited ?? []))
    if (longestTakeoverMs > takeoverWithinMs + jitterMs)
      violations.push(`a job waited ${Math.round(longestTakeoverMs / 1000)} s for another worker`)
    const excused: string[] = []
    const evidence = {
      simulator,
      products,
      database,
      canaries: [apiKey, clientSecret, encryptionKey],
      minuteLimit,
      absences,
      stalls: [...stalls, ...replicas.flatMap((replica) => replica.stalls)],
      jitterMs,
      note: (what: string) => excused.push(what),
    }
    const calmMs = shown(time) - calmAt
    const adopted = await database.query("SELECT 1 FROM attempts WHERE outcome = 'adopted'")
    const documents = products.reduce((sum, { wanted }) => sum + wanted.size, 0)
    // The logs are whole only when the processes have ended; until then the API is asked.
    const found = await violationsOf(evidence)
    await Promise.all(replicas.map((replica) => replica.close()))
    found.push(...leaks(lines, evidence.canaries))
    const journal = simulator.control.journal({ area: 'api' })
    const writes = journal.filter(({ method }) => method !== 'GET')
    return {
      seed,
      violations: [...violations, ...found],
      struck,
      faults: tally(journal.flatMap(({ fault }) => fault ?? [])),
      reached: {
        'replay hit the key cache': writes.filter(({ replayed }) => replayed).length,
        'look-up adopted a document': adopted.rowCount ?? 0,
        'lease takeover': takeovers.length,
        'fenced write': lines.filter((line) => line.includes('the job went to another worker')).length,
        'request made again by the product': products.reduce((sum, { repeated }) => sum + repeated.broken, 0),
        '5xx seen by the product': products.reduce((sum, { repeated }) => sum + repeated.faulty, 0),
        'access token refreshed': lines.filter((line) => line.includes('access token refreshed')).length,
        ...tally(excused),
      },
      figures: {
        documents,
        writes: writes.length,
        calls: journal.length,
        takeovers: takeovers.length,
        longestTakeoverMs,
        calmMs,
        realMs: Date.now() - begunAt,
      },
      trace: [...trace, ...lines],
    }
  } catch (error) {
    await Promise.all(replicas.map((replica) => replica.close()))
    const problem = `the schedule failed: ${error instanceof Error ? error.stack : String(error)}`
    const figures = { documents: 0, writes: 0, calls: 0, takeovers: 0, longestTakeoverMs: 0, calmMs: 0 }
    return {
      seed,
      violations: [...violations, problem],
      struck,
      faults: {},
      reached: {},
      figures: { ...figures, realMs: Date.now() - begunAt },
      trace: [...trace, ...lines],
    }
  } finally {
    stopWatching()
    await Promise.all(replicas.map((replica) => replica.close()))
    await databaseAway
    await database?.end().catch(() => undefined)
    await simulator.close()
    await lane.dropDatabase(name)
  }
}

function tally(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const name of names) counted[name] = (counted[name] ?? 0) + 1
  return counted
}

interface Takeover {
  /** How long the job waited for another worker; null where that one or the database was away as well. */
  readonly waited: number | null
}

async function takeoversOf(
  database: pg.Client,
  absences: readonly Absence[],
  outages: readonly { from: number; until: number }[],
): Promise<Takeover[]> {
  const { rows } = await database.query('SELECT from_owner, at FROM chaos.takeovers ORDER BY at')
  return rows.map(({ from_owner: owner, at }) => {
    const takenAt = at.getTime()
    const own = absences.filter(({ pid, from }) => owner.includes(`-${pid}-`) && from <= takenAt).at(-1)
    if (!own) return { waited: null }
    const isMeanwhile = (one: { from: number; until: number }) => one.from <= takenAt && one.until >= own.from
    const others = absences.filter(({ pid }) => pid !== own.pid)
    return { waited: [...others, ...outages].some(isMeanwhile) ? null : takenAt - own.from }
  })
}
