// Processes of the service as they run in production, their database and a simulated Xero, all in real time.
import { openDatabase } from '../../src/db/open.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { openProduct, type Product } from '../chaos/product.ts'
import { type HeldRequests, heldRequests } from '../support/held-requests.ts'
import { settingsForDemoOrganisation } from '../support/records.ts'
import { type ServiceProcess, serviceApiKey, startService } from '../support/service-process.ts'

const publicUrl = 'http://localhost:3999'

export interface Plant {
  readonly simulator: Simulator
  /** Holds a request at the simulated Xero. */
  readonly hold: HeldRequests['hold']
  /** One more process of the service; resolves when it serves. */
  start(): Promise<ServiceProcess>
  /** Stops it (SIGSTOP) in the middle of whatever it does. */
  pause(service: ServiceProcess): void
  /** A company that is connected and has handed over so many customers. */
  product(tag: string, customers: number): Promise<Product>
  /** So many customers more, whose ids begin with the tag. */
  handOver(product: Product, tag: string, customers: number): Promise<void>
  close(): Promise<void>
}

async function handOver(product: Product, tag: string, customers: number): Promise<void> {
  if (customers === 0) return
  const bodies = Array.from({ length: customers }, (_, n) => ({ id: `${tag}-c${n}`, name: `Customer ${tag} ${n}` }))
  await product.perform({ kind: 'put', type: 'customer', bodies })
}

/** `database`: a PostgreSQL by its URL, or the embedded one by its directory. */
export async function openPlant(database: { url: string } | { directory: string }): Promise<Plant> {
  const { watch, hold } = heldRequests()
  const simulator = await startSimulator({ watch })
  const services: ServiceProcess[] = []
  const stopped = new Set<ServiceProcess>()
  /** Where the product asks: a process that was ended or stands still answers nothing. */
  const replicas: { readonly url: string; readonly isAlive: boolean }[] = []
  return {
    simulator,
    hold,
    async start() {
      const service = await startService({
        databaseUrl: 'url' in database ? database.url : null,
        simulator,
        environment: { PUBLIC_URL: publicUrl, ...('directory' in database && { DATA_DIR: database.directory }) },
      })
      services.push(service)
      replicas.push({
        url: service.url,
        get isAlive() {
          return service.ended === null && !stopped.has(service)
        },
      })
      return service
    },
    pause(service) {
      stopped.add(service)
      service.signal('SIGSTOP')
    },
    async product(tag, customers) {
      const story = { tag, deeds: [], more: [], numberedByXero: false, settings: settingsForDemoOrganisation }
      const product = openProduct({ story, apiKey: serviceApiKey, simulator, replicas })
      await product.open()
      await handOver(product, tag, customers)
      return product
    },
    handOver,
    async close() {
      for (const service of services) service.signal('SIGKILL')
      await Promise.all(services.map(({ end }) => end))
      await simulator.close()
    },
  }
}

/** Every row that a worker could change, as text: two that are equal show that nothing was changed. */
export async function rowsOf(databaseUrl: string): Promise<string> {
  const { db, close } = await openDatabase({ kind: 'postgres', url: databaseUrl, poolSize: 1 })
  const tables = [
    'sync_jobs',
    'sync_queue_items',
    'records',
    'links',
    'write_batches',
    'attempts',
    'token_sets',
    'changes',
  ] as const
  const rows = await Promise.all(
    tables.map(async (table) =>
      (await db.selectFrom(table).selectAll().execute()).map((row) => JSON.stringify(row)).sort(),
    ),
  )
  await close()
  return rows.flat().join('\n')
}
