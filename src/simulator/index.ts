// A Xero in a process: login, identity, API and a control API on one socket. It holds no code of the service, so that it can
// disagree with it. See README.md for what it does and what it leaves out.
import { type Control, createControl } from './control/control.ts'
import { buildHttp, type Watch } from './http.ts'
import type { Seed } from './seed/seed.ts'
import { type Clock, createWorld } from './world.ts'

export { type AnswerChange, type AnswerMaker, gatewayPage } from './answer-fault.ts'
export type { Control, Counters, OrganisationSummary } from './control/control.ts'
export type { FaultKind, FaultPlan } from './faults.ts'
export type { Moment, Passing, Watch } from './http.ts'
export type { JournalEntry, JournalFilter } from './journal.ts'
export { defaultSeed, kiwi, somerset } from './seed/default-seed.ts'
export type { OrganisationSeed, Seed, UserSeed } from './seed/seed.ts'
export type { Weather } from './weather.ts'
export type { Clock, Connection, ConsentBehaviour, Limits, User } from './world.ts'

export interface SimulatorOptions {
  /** 0 or absent: any free port. */
  port?: number
  host?: string
  clock?: Clock
  clientId?: string
  clientSecret?: string
  appName?: string
  /** Absent: every address that Xero would accept. */
  redirectUris?: string[]
  /** Lets the app ask for the broad scopes that ended in 2026. */
  broadScopes?: boolean
  /** False: a consent grants one organisation. */
  bulkConnections?: boolean
  minuteLimit?: number
  dayLimit?: number
  concurrentLimit?: number
  appMinuteLimit?: number
  /** Largest body of a request in bytes; 3.5 MB when absent. */
  bodyLimit?: number
  /** Longest query of a request in bytes; 4,096 when absent. */
  queryLimit?: number
  /** Real milliseconds that every API request takes. */
  latencyMs?: number
  log?: boolean
  watch?: Watch
  seed?: Seed
}

export interface Simulator {
  /** http://localhost:{port}: one origin for login, identity and API. */
  url: string
  loginUrl: string
  identityUrl: string
  apiUrl: string
  clientId: string
  clientSecret: string
  control: Control
  close(): Promise<void>
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clientId = options.clientId ?? 'SIMULATORCLIENTID00000000000000A'
  const clientSecret = options.clientSecret ?? 'simulator-client-secret'
  const world = createWorld({
    clock: options.clock ?? { now: () => new Date() },
    app: {
      name: options.appName ?? 'Inventory',
      clientId,
      clientSecret,
      redirectUris: options.redirectUris,
      broadScopes: options.broadScopes ?? false,
      bulkConnections: options.bulkConnections ?? true,
    },
    limits: {
      minute: options.minuteLimit ?? 60,
      day: options.dayLimit ?? 5000,
      concurrent: options.concurrentLimit ?? 5,
      appMinute: options.appMinuteLimit ?? 10_000,
    },
    sizes: { body: options.bodyLimit ?? 3_500_000, query: options.queryLimit ?? 4096 },
    latencyMs: options.latencyMs ?? 0,
    seed: options.seed,
  })
  const control = createControl(world, options.seed)
  const http = buildHttp(world, control, options.log ?? false, options.watch ?? (() => undefined))
  await http.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  const address = http.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  const url = `http://localhost:${port}`
  world.url = url
  return {
    url,
    loginUrl: url,
    identityUrl: url,
    apiUrl: url,
    clientId,
    clientSecret,
    control,
    close: () => http.close(),
  }
}
