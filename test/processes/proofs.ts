// What is promised of processes, each in real time on a fresh database. A proof returns what it measured; it throws when
// something was lost, written twice or changed by a process that had no right to.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Product } from '../chaos/product.ts'
import type { Cluster } from '../support/postgres-cluster.ts'
import { createDatabase } from '../support/server.ts'
import { openPlant, type Plant, rowsOf } from './plant.ts'

export interface Measured {
  readonly what: string
  readonly seconds: number
  readonly atMost: number
}

const killsOfEmbedded = 5
const second = 1_000
const minute = 60 * second
const since = (start: number): number => (performance.now() - start) / second

async function until(what: string, isTrue: () => boolean | Promise<boolean>, withinMs = 3 * minute): Promise<void> {
  for (const end = performance.now() + withinMs; !(await isTrue()); await pause(50)) {
    assert.ok(performance.now() < end, `waited in vain: ${what}`)
  }
}

async function startJob(product: Product): Promise<void> {
  const { status } = await product.api('POST', 'sync-jobs', {})
  assert.equal(status, 201)
}

/** The job has ended well, and every customer stands in Xero once. */
async function ended(plant: Plant, product: Product): Promise<void> {
  await until('the job ends', async () => {
    const { body } = await product.api('GET', 'sync-jobs?limit=1')
    return body.items[0]?.completedAt !== null
  })
  const { body } = await product.api('GET', 'sync-jobs?limit=1')
  assert.equal(body.items[0].status, 'completed')
  const names = plant.simulator.control.read(product.organisation, 'Contacts').map((contact) => contact.Name)
  const wanted = [...product.wanted.values()].map((one) => one.body.name)
  assert.deepEqual(names.filter((name) => wanted.includes(name)).sort(), wanted.sort())
}

type Worker = Awaited<ReturnType<Plant['start']>>

const calls = (plant: Plant, product: Product) =>
  plant.simulator.control.journal({ area: 'api' }).filter((call) => call.headers.tenantId === product.organisationId)

/** A worker is stopped in some way while a write is under way, and another one goes on with its job. */
async function interrupted(
  plant: Plant,
  name: string,
  interrupt: (worker: Worker, answer: ReturnType<Plant['hold']>) => void,
) {
  const worker = await plant.start()
  const product = await plant.product(name, 120)
  const answer = plant.hold('carried_out', 'PUT', '/Contacts')
  await startJob(product)
  await answer.reached
  await plant.start()
  const before = calls(plant, product).length
  const start = performance.now()
  interrupt(worker, answer)
  await until('another worker goes on', () => calls(plant, product).length > before)
  const seconds = since(start)
  await ended(plant, product)
  return { worker, product, answer, seconds }
}

/** A worker is killed: another one goes on. */
async function takeover(plant: Plant): Promise<Measured> {
  const { seconds } = await interrupted(plant, 'dead', (worker, answer) => {
    worker.signal('SIGKILL')
    answer.release()
  })
  return { what: 'a job whose worker was killed goes on elsewhere', seconds, atMost: 75 }
}

/** A worker stands still, loses its job, and wakes up. */
async function paused(plant: Plant, databaseUrl: string): Promise<Measured> {
  const { worker, product, answer, seconds } = await interrupted(plant, 'paused', plant.pause)
  const rows = await rowsOf(databaseUrl)
  const called = calls(plant, product).length
  answer.release()
  worker.signal('SIGCONT')
  await worker.wrote('the job went to another worker')
  await pause(5 * second)
  assert.equal(await rowsOf(databaseUrl), rows, 'the one that woke up changed something')
  assert.equal(calls(plant, product).length, called, 'the one that woke up called Xero')
  return { what: 'a job whose worker was stopped (SIGSTOP) goes on elsewhere', seconds, atMost: 75 }
}

/** A worker is asked to stop while Xero takes its time for a write. */
async function terminated(plant: Plant): Promise<Measured> {
  const stopping = await plant.start()
  const product = await plant.product('stopped', 120)
  plant.simulator.control.faults({ kind: 'slow', delayMs: 15 * second, method: 'PUT', path: '/Contacts' })
  const arrived = plant.hold('arrived', 'PUT', '/Contacts')
  await startJob(product)
  await arrived.reached
  arrived.release()
  await plant.start()
  stopping.signal('SIGTERM')
  const start = performance.now()
  const { code, signal } = await stopping.end
  const seconds = since(start)
  assert.deepEqual({ code, signal }, { code: 0, signal: null })
  await ended(plant, product)
  const keys = calls(plant, product).flatMap(({ method, headers }) => (method === 'PUT' ? headers.idempotencyKey : []))
  assert.equal(new Set(keys).size, keys.length, 'the call under way was recorded: none was made again')
  return { what: 'a worker that is asked to stop (SIGTERM) during a slow call ends', seconds, atMost: 40 }
}

/** PostgreSQL is away for a minute while two processes work. */
async function databaseAway(plant: Plant, _: string, cluster: Cluster): Promise<Measured[]> {
  const services = [await plant.start(), await plant.start()]
  const product = await plant.product('away', 1_000)
  await startJob(product)
  await until('it works', () => calls(plant, product).some(({ method }) => method === 'PUT'))
  await cluster.crash()
  await pause(minute)
  assert.deepEqual(
    services.map(({ ended: end }) => end),
    [null, null],
    'no process ended',
  )
  const before = calls(plant, product).length
  await cluster.start()
  const start = performance.now()
  const answers = services.map(async ({ url }) => {
    await until('it is ready', async () => (await fetch(`${url}/health/ready`)).status === 200)
    return since(start)
  })
  const goesOn = until('work goes on', () => calls(plant, product).length > before).then(() => since(start))
  const [ready, working] = [Math.max(...(await Promise.all(answers))), await goesOn]
  await ended(plant, product)
  return [
    { what: 'both processes serve after PostgreSQL was away for a minute', seconds: ready, atMost: 5 },
    { what: 'and the job that they worked at goes on', seconds: working, atMost: 5 },
  ]
}

/** The one process on an embedded database is killed again and again in the middle of a write. */
async function killedEmbedded(plant: Plant): Promise<Measured> {
  let service = await plant.start()
  const product = await plant.product('embedded', 0)
  let seconds = 0
  for (let kill = 1; kill <= killsOfEmbedded; kill++) {
    const answer = plant.hold('carried_out', 'PUT', '/Contacts')
    await plant.handOver(product, `round-${kill}`, 120)
    await startJob(product)
    await answer.reached
    service.signal('SIGKILL')
    await service.end
    answer.release()
    const start = performance.now()
    const called = calls(plant, product).length
    service = await plant.start()
    await until('it goes on', () => calls(plant, product).length > called)
    seconds = Math.max(seconds, since(start))
    await ended(plant, product)
  }
  return {
    what: `a process on an embedded database that was killed ${killsOfEmbedded} times goes on`,
    seconds,
    atMost: 75,
  }
}

/** Every proof, one after the other: about ten minutes. */
export async function* proofs(cluster: Cluster): AsyncGenerator<Measured> {
  for (const [index, prove] of [takeover, paused, terminated, databaseAway].entries()) {
    const url = await createDatabase(cluster.url, `processes_${index}`)
    const plant = await openPlant({ url })
    try {
      yield* [await prove(plant, url, cluster)].flat()
    } finally {
      await plant.close()
    }
  }
  const directory = mkdtempSync(join(tmpdir(), 'accounting-sync-processes-'))
  const plant = await openPlant({ directory })
  try {
    yield await killedEmbedded(plant)
  } finally {
    await plant.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
