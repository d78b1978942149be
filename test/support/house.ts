// A house on a database of its own and a simulated Xero on a real socket, with one clock for both that only the test moves.
import type { Test } from 'tap'
import { type Config, readConfig } from '../../src/config.ts'
import { type House, openHouse } from '../../src/house.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts'
import { contractFaults } from './contract.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

export const bootstrapKey = 'bootstrap-key-of-the-tests-0123456'
const encryptionKey = `t1:${Buffer.alloc(32, 7).toString('base64')}`

export interface TestClock extends Clock {
  /** Moves on by milliseconds. */
  advance(milliseconds: number): void
}

export function testClock(start = '2026-11-25T02:00:00.000Z'): TestClock {
  let now = Date.parse(start)
  return {
    ...systemClock,
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds
    },
  }
}

export interface Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Record<string, string | string[] | number | undefined>
  readonly body: T
  /** The body as it was sent. */
  readonly text: string
}

export interface Sending {
  /** The caller's address; the same for all calls unless said. */
  readonly address?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly payload?: string | Buffer
  /** Another process of the same service. */
  readonly house?: House
}

export interface World {
  readonly house: House
  readonly simulator: Simulator
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly logLines: string[]
  /** A request as it stands, without a key. Its answer, like every answer here, is held to openapi.yaml. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as the test expects them
  send<T = any>(method: string, url: string, sending?: Sending): Promise<Answer<T>>
  /** A request with a JSON body, with the bootstrap key for the company "acme" where `headers` name no other. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as the test expects them
  api<T = any>(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  /** Walks the whole consent as a browser and a product do; returns the id of the active connection. */
  connect(options?: { organisations?: string[] }): Promise<string>
  /** Walks the browser's part; returns where the browser ends. */
  browse(authorizationUrl: string): Promise<URL>
  /** Runs everything that is due, and what the passing of time makes due, until no job is unfinished. */
  work(options?: { forMs?: number }): Promise<void>
}

export interface WorldOptions {
  readonly environment?: Record<string, string>
  readonly simulator?: SimulatorOptions
  readonly clock?: TestClock
}

export const testConfig = (simulator: Simulator, environment: Record<string, string> = {}): Config =>
  readConfig({
    PUBLIC_URL: 'http://localhost:3999',
    DATA_DIR: '/nonexistent',
    XERO_CLIENT_ID: simulator.clientId,
    XERO_CLIENT_SECRET: simulator.clientSecret,
    XERO_LOGIN_URL: simulator.loginUrl,
    XERO_IDENTITY_URL: simulator.identityUrl,
    XERO_API_URL: simulator.apiUrl,
    ENCRYPTION_KEYS: encryptionKey,
    API_KEY: bootstrapKey,
    RETURN_URLS: 'http://localhost:4100/connected',
    LOG_LEVEL: 'info',
    DRAIN_MS: '0',
    ...environment,
  })

export async function openWorld(t: Test, options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? testClock()
  const simulator = await startSimulator({ clock, ...options.simulator })
  const database = await openTestDatabase()
  const logLines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: (line: string) => void logLines.push(line) } })
  const config = testConfig(simulator, options.environment)
  const house = await openHouse({ config, log, clock, database, random: () => 0.5 })
  t.teardown(async () => {
    await house.close()
    await simulator.close()
  })

  const send: World['send'] = async (method, url, { headers = {}, payload, address, house: asked = house } = {}) => {
    const response = await asked.app.inject({ method: method as 'GET', url, headers, payload, remoteAddress: address })
    const { statusCode: status, headers: answered, body: text } = response
    const faults = contractFaults(method, url, { status, headers: answered, text })
    if (faults.length > 0)
      throw new Error(`${method} ${url} answers ${status} against openapi.yaml:\n${faults.join('\n')}`)
    const isJson = /json/.test(String(answered['content-type'] ?? '')) && text !== ''
    return { status, headers: answered, body: isJson ? JSON.parse(text) : text, text }
  }

  const api: World['api'] = (method, url, body, headers = {}) =>
    send(method, url, {
      headers: {
        authorization: `Bearer ${bootstrapKey}`,
        'x-company-id': 'acme',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })

  async function browse(authorizationUrl: string): Promise<URL> {
    const started = await house.app.inject({ method: 'GET', url: pathOf(authorizationUrl) })
    const cookies = cookiesOf(started.headers['set-cookie'])
    if (started.statusCode !== 302) throw new Error(`the link answered ${started.statusCode}: ${started.body}`)
    const consent = await fetch(String(started.headers.location), { redirect: 'manual' })
    const back = consent.headers.get('location')
    if (consent.status !== 302 || !back) throw new Error(`the consent page answered ${consent.status}`)
    const called = await house.app.inject({ method: 'GET', url: pathOf(back), headers: { cookie: cookies } })
    if (called.statusCode !== 302) throw new Error(`the callback answered ${called.statusCode}: ${called.body}`)
    return new URL(String(called.headers.location))
  }

  async function connect(connectOptions: { organisations?: string[] } = {}): Promise<string> {
    simulator.control.consent({
      mode: 'automatic',
      organisations: connectOptions.organisations ?? [defaultOrganisation],
    })
    const created = await api('POST', '/v1/connections', {})
    const end = await browse(created.body.authorizationUrl)
    const code = end.searchParams.get('code')
    const confirmed = await api('POST', `/v1/connections/${created.body.id}/confirm`, { completionCode: code })
    if (confirmed.status !== 200)
      throw new Error(`confirm answered ${confirmed.status}: ${JSON.stringify(confirmed.body)}`)
    return created.body.id
  }

  async function work({ forMs = 30 * 60_000 } = {}): Promise<void> {
    const end = clock.now().getTime() + forMs
    for (;;) {
      while (await house.turn());
      const due = await house.nextDueAt()
      if (due === null || Date.parse(due) > end) return
      clock.advance(Math.max(1, Date.parse(due) - clock.now().getTime()))
    }
  }

  return { house, simulator, clock, database, logLines, send, api, connect, browse, work }
}

/** Name of the organisation that the simulator's default seed has first. */
export const defaultOrganisation = 'Somerset Extreme PC'

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return pathname + search
}

const cookiesOf = (header: string | string[] | undefined): string =>
  [header ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
