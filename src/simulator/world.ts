// Everything that one running simulator knows: the app that connects, people, organisations, grants, traffic. No globals:
// two simulators in one process share nothing.

import type { CachedAnswer } from './api/idempotency.ts'
import type { LateRequest } from './api/late.ts'
import { createTraffic, type Traffic } from './api/limits.ts'
import type { Fault } from './faults.ts'
import { newId } from './ids.ts'
import { createJournal, type Journal } from './journal.ts'
import { defaultSeed } from './seed/default-seed.ts'
import { organisationFrom, type Seed, userFrom } from './seed/seed.ts'
import type { Organisation } from './state.ts'
import type { RunningWeather } from './weather.ts'

export interface Clock {
  now(): Date
}

export interface App {
  name: string
  clientId: string
  clientSecret: string
  /** Absent: any address that Xero would accept. */
  redirectUris?: string[] | undefined
  /** False: apps made since March 2026 may not ask for accounting.transactions and the like. */
  broadScopes: boolean
  /** False: one organisation a consent (radio buttons). */
  bulkConnections: boolean
}

export interface User {
  id: string
  email: string
  name: string
  organisationIds: string[]
}

export interface Connection {
  id: string
  tenantId: string
  userId: string
  authEventId: string
  createdAt: number
  updatedAt: number
}

export interface Grant {
  userId: string
  scopes: string[]
  authEventId: string
  sessionId: string
}
export interface Code extends Grant {
  redirectUri: string
  codeChallenge?: string | undefined
  nonce?: string | undefined
  issuedAt: number
  used: boolean
}
export interface RefreshToken extends Grant {
  issuedAt: number
  /** When its successor was first handed out: from then on it lives 30 minutes. */
  supersededAt?: number | undefined
}
export interface ConsentRequest {
  query: Record<string, string>
  userId: string
}

/** What the consent page does when a browser or a script asks for it. */
export interface ConsentBehaviour {
  mode: 'manual' | 'automatic'
  /** Id or email; absent: the first user. */
  user?: string | undefined
  /** Ids or names; absent: the first organisation of the user. */
  organisations?: string[] | undefined
  cancel?: boolean | undefined
}

export interface Limits {
  minute: number
  day: number
  concurrent: number
  appMinute: number
}

/** What a request may have at most, in bytes. */
export interface Sizes {
  body: number
  query: number
}

export interface World {
  clock: Clock
  app: App
  /** Signs the tokens; new for every simulator. */
  signingKey: string
  limits: Limits
  sizes: Sizes
  latencyMs: number
  /** Filled once the socket listens. */
  url: string
  users: Map<string, User>
  organisations: Map<string, Organisation>
  connections: Map<string, Connection>
  consentRequests: Map<string, ConsentRequest>
  codes: Map<string, Code>
  refreshTokens: Map<string, RefreshToken>
  consent: ConsentBehaviour
  idempotency: Map<string, CachedAnswer>
  traffic: Traffic
  faults: Fault[]
  weather: RunningWeather | null
  /** Requests that arrive later. */
  late: LateRequest[]
  journal: Journal
}

export interface WorldOptions {
  clock: Clock
  app: App
  limits: Limits
  sizes: Sizes
  latencyMs: number
  seed: Seed | undefined
}

export const now = (world: World) => world.clock.now().getTime()

export function createWorld(options: WorldOptions): World {
  const world: World = {
    clock: options.clock,
    app: options.app,
    signingKey: newId(),
    limits: options.limits,
    sizes: options.sizes,
    latencyMs: options.latencyMs,
    url: '',
    users: new Map(),
    organisations: new Map(),
    connections: new Map(),
    consentRequests: new Map(),
    codes: new Map(),
    refreshTokens: new Map(),
    consent: { mode: 'manual' },
    idempotency: new Map(),
    traffic: createTraffic(),
    faults: [],
    weather: null,
    late: [],
    journal: createJournal(),
  }
  addSeed(world, options.seed ?? defaultSeed())
  return world
}

/** Adds people and organisations; those that are there already (same id) are replaced. */
export function addSeed(world: World, seed: Seed): { organisations: string[]; users: string[] } {
  const organisations = (seed.organisations ?? []).map((one) => organisationFrom(one, now(world)))
  for (const organisation of organisations) world.organisations.set(organisation.id, organisation)
  const users = (seed.users ?? []).map((one) => userFrom(one, [...world.organisations.values()]))
  for (const user of users) world.users.set(user.id, user)
  return { organisations: organisations.map((one) => one.id), users: users.map((one) => one.id) }
}

/** Back to the seed: connections, tokens, documents, journal, faults and counters are gone. The socket stays. */
export function resetWorld(world: World, seed: Seed | undefined): void {
  for (const map of [
    world.users,
    world.organisations,
    world.connections,
    world.consentRequests,
    world.codes,
    world.refreshTokens,
    world.idempotency,
  ])
    map.clear()
  world.consent = { mode: 'manual' }
  world.traffic = createTraffic()
  world.faults = []
  world.weather = null
  world.late = []
  world.journal = createJournal()
  addSeed(world, seed ?? defaultSeed())
}

/** The caller's mistake, where it is one of a request. */
const unknownName = (message: string): Error => Object.assign(new Error(message), { statusCode: 400 })

export function findOrganisation(world: World, idOrName: string): Organisation {
  const found =
    world.organisations.get(idOrName) ??
    [...world.organisations.values()].find((one) => one.profile.name.toLowerCase() === idOrName.toLowerCase())
  if (!found) throw unknownName(`the simulator has no organisation ${idOrName}`)
  return found
}

export function findUser(world: World, idOrEmail: string): User {
  const found = world.users.get(idOrEmail) ?? [...world.users.values()].find((one) => one.email === idOrEmail)
  if (!found) throw unknownName(`the simulator has no user ${idOrEmail}`)
  return found
}
