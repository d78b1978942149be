// One schedule: two processes of the service, a product and people that go about their work, and misfortunes at the points
// that the seed names. Then no more of them, until everything has come to rest; then the invariants.
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Passing, startSimulator } from '../../src/simulator/index.ts'
import { randomFrom } from '../simulation/random.ts'
import { serviceApiKey, serviceEncryptionKeys } from '../support/service-process.ts'
import type { Stage } from './database-proxy.ts'
import { violationsOf } from './invariants.ts'
import type { Lane } from './lane.ts'
import { drawMisfortunes, drawWeather, type Misfortune } from './misfortunes.ts'
import { openProduct, type Product } from './product.ts'
import { type Absence, openReplica, type Replica } from './replicas.ts'
import { story } from './story.ts'
import { machineOf, shown } from './time.ts'

const minuteLimit = 60
const second = 1_000
const minute = 60 * second
/** In fast time: misfortunes that have not struck by then do not. */
const faultyFor = 8 * minute
const restsWithin = 90 * minute
const roundsAtMost = 5
/** Real milliseconds that the machine may be late with anything. */
const jitterMs = 100

export interface Outcome {
  readonly seed: number
  readonly violations: readonly string[]
  /** What struck, such as "kill at before intent COMMIT" → how often. */
  readonly struck: Readonly<Record<string, number>>
  readonly documents: number
  readonly takeovers: number
  readonly lines: readonly string[]
}

export async function play(lane: Lane, seed: number): Promise<Outcome> {
  const { time, cluster } = lane
  const random = randomFrom(seed)
  const misfortunes = new Set(drawMisfortunes(random.fork('misfortunes')))
  const weather = drawWeather(random.fork('weather'), time.speed)
  const stories = (random.chance(0.15) ? ['a', 'b'] : ['a']).map((letter) =>
    story(random.fork(`story ${letter}`), `x${seed}${letter}`),
  )
  const real = (milliseconds: number) => milliseconds / time.speed
  const [lines, traced, violations]: [string[], string[], string[]] = [[], [], []]
  const absences: Absence[] = []
  const struck: Record<string, number> = {}
  const seen = new Map<string, number>()
  const replicas: Replica[] = []
  const trace = (line: string) => void traced.push(`${new Date(shown(time)).toISOString().slice(11, 23)} ${line}`)
  let isFaulty = false
  let databaseIsBack: Promise<void> = Promise.resolve()
  let databaseIsAway = false

  async function crashDatabase(forMs: number): Promise<void> {
    if (databaseIsAway) return
    databaseIsAway = true
    databaseIsBack = (async () => {
      await cluster.crash()
      await pause(real(forMs))
      await cluster.start()
      databaseIsAway = false
      trace('the database is back')
    })()
    await databaseIsBack.catch((error: unknown) => violations.push(`the database did not start: ${error}`))
  }

  /** True when what passes the point may go on. */
  function befall(replica: Replica, { act, forMs }: Misfortune): boolean {
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
        void crashDatabase(forMs)
        return false
    }
  }

  function pass(index: number, point: string): boolean {
    const replica = replicas[index]
    if (!isFaulty || !replica) return true
    const nth = (seen.get(point) ?? 0) + 1
    seen.set(point, nth)
    const misfortune = [...misfortunes].find((one) => one.point === point && one.nth === nth)
    if (!misfortune) return true
    misfortunes.delete(misfortune)
    trace(`${misfortune.act} of ${replica.name} at ${point} (${nth})`)
    struck[misfortune.act] = (struck[misfortune.act] ?? 0) + 1
    struck[`  at ${point}`] = (struck[`  at ${point}`] ?? 0) + 1
    return befall(replica, misfortune)
  }

  const callOf = ({ method, path }: Passing): string => {
    if (path.includes('/connect/token')) return 'token'
    return method === 'GET' ? 'read' : 'write'
  }
  const simulator = await startSimulator({
    host: '0.0.0.0',
    clock: machineOf(time),
    minuteLimit,
    seed: { organisations: [], users: [] },
    watch(passing) {
      const index = Number(/^127\.0\.0\.(\d+)/.exec(passing.host)?.[1]) - 2
      pass(index, `${callOf(passing)} ${passing.moment}`)
    },
  })
  const name = `chaos_${seed}`
  const databaseUrl = await lane.freshDatabase(name)
  for (const index of [0, 1]) {
    const dice = random.fork(`replica ${index}`)
    replicas.push(
      await openReplica({
        index,
        time,
        databaseUrl,
        simulator,
        // One address for both, as behind a load balancer.
        environment: { NODE_COMPILE_CACHE: lane.cache, PUBLIC_URL: 'http://localhost:4000' },
        skewMs: dice.between(-10 * minute, 10 * minute),
        strike: async (stage: Stage, statement) => pass(index, `${stage} ${statement}`),
        trace,
        violation: (line) => void violations.push(line),
        absences,
        lines,
      }),
    )
  }
  const products = stories.map((one) => openProduct({ story: one, apiKey: serviceApiKey, simulator, replicas }))
  let takeovers = 0
  let documents = 0
  try {
    await until(() => replicas.every(({ isReady }) => isReady), 60 * second, 'the processes did not start')
    for (const product of products) await product.open()
    isFaulty = true
    simulator.control.weather(weather)
    await Promise.all(products.map((product) => live(product, real)))
    const calmAt = Date.now() + real(faultyFor)
    for (const product of products) {
      while (misfortunes.size > 0 && Date.now() < calmAt) {
        if (await hasNoJob(product)) await product.api('POST', 'sync-jobs', { kind: 'full' })
        await pause(real(5 * second))
      }
    }
    isFaulty = false
    simulator.control.weather(null)
    simulator.control.clearFaults()
    trace('no more misfortunes')
    await databaseIsBack
    await until(() => replicas.every(({ isReady }) => isReady), 60 * second, 'a process did not come back')
    for (const product of products) {
      if (product.lostConsent) await product.reconnect()
      await comeToRest(product, real)
    }
    const database = new pg.Client({ connectionString: databaseUrl })
    await database.connect()
    try {
      const secret = serviceEncryptionKeys.split(':')[1] ?? ''
      const canaries = [serviceApiKey, secret, simulator.clientSecret]
      const margin = jitterMs * time.speed
      violations.push(
        ...(await violationsOf({
          ...{ simulator, products, database, canaries, minuteLimit, absences, jitterMs: margin },
          lines,
        })),
      )
      takeovers = Number((await database.query('SELECT count(*) FROM chaos.takeovers')).rows[0].count)
      documents = Number((await database.query('SELECT count(*) FROM links')).rows[0].count)
    } finally {
      await database.end()
    }
  } catch (error) {
    violations.push(`the schedule broke off: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    isFaulty = false
    await databaseIsBack
    for (const replica of replicas) await replica.close()
    await simulator.close()
    await lane.dropDatabase(name)
  }
  return { seed, violations, struck, documents, takeovers, lines: [...traced, ...lines] }
}

async function until(holds: () => boolean | Promise<boolean>, patienceMs: number, otherwise: string): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(otherwise)
    await pause(25)
  }
}

/** Each deed at its time, or as soon as the one before it is done. */
async function live(product: Product, real: (milliseconds: number) => number): Promise<void> {
  const begun = Date.now()
  for (const { at, deed } of product.story.deeds) {
    await pause(Math.max(0, begun + real(at) - Date.now()))
    await product.perform(deed)
  }
}

const hasNoJob = async (product: Product): Promise<boolean> =>
  (await product.all('sync-jobs')).every(({ completedAt }) => completedAt !== null)

/** Jobs until the queue stays as it is. */
async function comeToRest(product: Product, real: (milliseconds: number) => number): Promise<void> {
  const patience = real(restsWithin) + 20 * second
  const noJob = () => hasNoJob(product)
  let before = ''
  for (let round = 0; round < roundsAtMost; round++) {
    await until(noJob, patience, 'I14: a job did not end')
    const items = await product.all('sync-queue-items')
    const left = items.filter(({ status }) => !['synced', 'cancelled', 'superseded'].includes(status))
    const now = JSON.stringify(left.map(({ id, status, lastError }) => [id, status, lastError?.code]).sort())
    if (round > 0 && (left.length === 0 || now === before)) return
    before = now
    await product.api('POST', 'sync-jobs', { kind: 'incremental' })
  }
  await until(noJob, patience, 'I14: a job did not end')
}
