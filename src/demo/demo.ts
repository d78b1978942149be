// `npm run demo`: the service at work on a simulated Xero, as a product would use it, over real sockets and redirects.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '../config.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import type { Change } from '../domain/change.ts'
import type { QueueItem } from '../domain/queue-item.ts'
import type { SyncJob } from '../domain/sync-job.ts'
import { type House, openHouse } from '../house.ts'
import { namedPort } from '../lib/named-port.ts'
import { StartRefused } from '../lib/start-refused.ts'
import { createLogger } from '../observability/logger.ts'
import { type Simulator, startSimulator } from '../simulator/index.ts'
import { walkConsent } from './browser.ts'
import { type Client, client } from './client.ts'
import { endOfProgress, heading, jobTable, line, progress, table } from './display.ts'
import { bills, customers, faultyInvoiceId, invoices, items, settings, vendors } from './records.ts'

const host = '127.0.0.1'

/** Runs the demo. Without `exit` it stays up until it is interrupted. Throws when something is not as it should be. */
export async function runDemo({ exit }: { exit: boolean }): Promise<void> {
  const startedAt = performance.now()
  const simulatorPort = await portFor('SIMULATOR_PORT', 3001)
  const simulator = await startSimulator({ port: simulatorPort, host, appName: 'Inventory demo' })
  let house: House | null = null
  // The simulator would keep the process alive, whatever of the rest fails.
  const close = async (): Promise<void> => {
    await house?.close()
    await simulator.close()
  }
  try {
    const port = await portFor('PORT', 3000)
    const url = `http://localhost:${port}`
    const bootstrapKey = randomBytes(24).toString('base64url')
    const config = demoConfig(simulator, port, bootstrapKey)
    const database = await openDatabase({ kind: 'memory' })
    await migrateToLatest(database.db)
    house = await openHouse({ config, log: createLogger({ level: config.logLevel }), database })
    await house.app.listen({ port, host })
    house.startWork()
    line(`service ${url} · simulated Xero ${simulator.url} · embedded database in memory`)
    // The operator's part: from here on everything is done with the key of one company, as its backend would.
    const { secret: key } = await client(url, bootstrapKey).call('POST', '/v1/api-keys', newKey)
    const connectionId = await tour(client(url, key), simulator, url)
    heading(`Done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
    if (exit) return await close()
    // From now on a person answers: another organisation is free, and the consent page offers it.
    simulator.control.consent({ mode: 'manual' })
    showNextCalls(url, key, connectionId, simulator)
  } catch (error) {
    await close()
    throw error
  }
  process.once('SIGINT', () => void close().then(() => process.exit(0)))
  process.once('SIGTERM', () => void close().then(() => process.exit(0)))
}

const newKey = { companyId: 'demo', name: 'backend of the demo' }

const demoConfig = (simulator: Simulator, port: number, bootstrapKey: string) =>
  readConfig({
    PORT: String(port),
    PUBLIC_URL: `http://localhost:${port}`,
    XERO_CLIENT_ID: simulator.clientId,
    XERO_CLIENT_SECRET: simulator.clientSecret,
    XERO_LOGIN_URL: simulator.loginUrl,
    XERO_IDENTITY_URL: simulator.identityUrl,
    XERO_API_URL: simulator.apiUrl,
    ENCRYPTION_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    API_KEY: bootstrapKey,
    DRAIN_MS: '0',
    LOG_LEVEL: process.env.LOG_LEVEL || 'fatal',
  })

async function tour(api: Client, simulator: Simulator, url: string): Promise<string> {
  heading('1. Connect an organisation')
  const organisation = simulator.control.organisations()[0]
  if (!organisation) throw new Error('the simulator has no organisation')
  simulator.control.consent({ mode: 'automatic', organisations: [organisation.id] })
  const created = await api.call('POST', '/v1/connections', {})
  const end = await walkConsent(created.authorizationUrl, url)
  const c = `/v1/connections/${created.id}`
  const connection = await api.call('POST', `${c}/confirm`, { completionCode: end.searchParams.get('code') })
  line(`${connection.status}: ${connection.organisation.name}`)

  heading('2. Save settings')
  await api.call('PATCH', `${c}/settings`, settings, { 'if-match': '*' })
  line('inventory items are synced; sales to account 200, purchases to 300; tax code GST → OUTPUT and INPUT')

  heading('3. Create records')
  const today = new Date().toISOString().slice(0, 10)
  const handovers = { customers, vendors, items, invoices: invoices(today), bills: bills(today) }
  for (const [path, records] of Object.entries(handovers)) {
    const { summary } = await api.call('PUT', `${c}/${path}`, { records })
    line(`${String(records.length).padStart(3)} ${path.padEnd(10)} ${JSON.stringify(summary)}`)
  }

  heading('4. Run a sync job')
  const first = await runJob(api, c)
  jobTable(first)

  heading('5. The one that failed')
  const errors: QueueItem[] = (await api.call('GET', `${c}/sync-jobs/${first.id}/errors`)).items
  for (const { recordType, recordName, lastError } of errors) {
    line(`${recordType} ${recordName}: ${lastError?.title} (${lastError?.code})`)
    line(`  cause:  ${lastError?.cause}`)
    line(`  remedy: ${lastError?.action}`)
  }
  expect(errors.length === 1 && errors[0]?.recordId === faultyInvoiceId, 'exactly the invoice with the error fails')

  heading('6. Somebody changes three things in Xero')
  const { control } = simulator
  control.editContact(organisation.id, 'C-customer-3', { EmailAddress: 'new-address@customer.example' })
  control.editItem(organisation.id, 'SKU-005', { SalesDetails: { UnitPrice: 99.95 } })
  control.deleteItem(organisation.id, 'SKU-040')
  line('the e-mail address of customer-3, the price of SKU-005; item SKU-040 is deleted')

  heading('7. Run a second job')
  const { latest } = await api.call('GET', `${c}/changes?after=0&limit=1`)
  jobTable(await runJob(api, c))

  heading('8. What came back in the change feed')
  const changes: Change[] = (await api.call('GET', `${c}/changes?after=${latest}`)).items
  table(
    ['sequence', 'operation', 'record', 'now'],
    changes.map(({ sequence, operation, recordType, recordId, record }) => [
      sequence,
      operation,
      `${recordType} ${recordId}`,
      record ? String(recordType === 'item' ? record.salePrice : record.email) : '–',
    ]),
  )
  expect(changes.length === 3, 'exactly the three changes come back')
  return created.id
}

async function runJob(api: Client, c: string): Promise<SyncJob> {
  let job: SyncJob = await api.call('POST', `${c}/sync-jobs`, {})
  let shown = ''
  while (job.completedAt === null) {
    await pause(100)
    job = await api.call('GET', `${c}/sync-jobs/${job.id}`)
    shown = progress(job, shown)
  }
  endOfProgress()
  expect(job.status.startsWith('completed'), `the job completes (${job.status}: ${job.error?.cause ?? ''})`)
  return job
}

function expect(truth: boolean, what: string): void {
  if (!truth) throw new Error(`The demo expected that ${what}.`)
}

function showNextCalls(url: string, key: string, connectionId: string, simulator: Simulator): void {
  console.log(`
Both stay up until you press Ctrl-C. Go on with:

  export URL=${url} KEY=${key} CONNECTION=${connectionId}
  curl -s -H "Authorization: Bearer $KEY" $URL/v1/connections/$CONNECTION
  curl -s -H "Authorization: Bearer $KEY" "$URL/v1/connections/$CONNECTION/sync-queue-items?status=failed"
  curl -s -H "Authorization: Bearer $KEY" $URL/v1/connections/$CONNECTION/invoices/invoice-1
  curl -s -H "Authorization: Bearer $KEY" -X POST $URL/v1/connections/$CONNECTION/sync-jobs

API reference: ${url}/docs · what the simulated Xero was asked: ${simulator.url}/_control/journal`)
}

/** The port that the environment names and no other; without one the usual port, or any free one when that is taken. */
async function portFor(variable: 'PORT' | 'SIMULATOR_PORT', usual: number): Promise<number> {
  const port = namedPort(variable, process.env[variable], 1)
  if (port === null) return freePort(usual)
  if ((await freePort(port)) !== port)
    throw new StartRefused(`${variable}: port ${port} is in use. Choose another one.`)
  return port
}

/** The wanted port, or any free one when it is taken. */
function freePort(wanted: number): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', () => (wanted === 0 ? failed(new Error('no free port')) : freePort(0).then(found, failed)))
    probe.listen(wanted, host, () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : wanted
      probe.close(() => found(port))
    })
  })
}
