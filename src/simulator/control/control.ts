// The hand behind the simulator: what a test or a demo does to it, in process here and over HTTP in routes.ts. Whatever a
// person could do in Xero's own pages is in person.ts.

import { landLateRequests } from '../api/late.ts'
import { type FaultPlan, planFault } from '../faults.ts'
import { newId } from '../ids.ts'
import { type JournalEntry, type JournalFilter, readJournal } from '../journal.ts'
import type { JsonObject } from '../json.ts'
import { connect } from '../oauth/consent.ts'
import { forgetUser } from '../oauth/token-route.ts'
import { issueTokens } from '../oauth/tokens.ts'
import type { Seed } from '../seed/seed.ts'
import { startWeather, type Weather } from '../weather.ts'
import {
  addSeed,
  type Connection,
  type ConsentBehaviour,
  findOrganisation,
  findUser,
  type Limits,
  resetWorld,
  type User,
  type World,
} from '../world.ts'
import { bulkContacts, bulkItems } from './bulk.ts'
import { requireLimits, requireNumber, requireWeather } from './checks.ts'
import { type PersonControl, personControl } from './person.ts'
import { readState, type StateList } from './read-state.ts'

export interface Counters {
  calls: number
  maxInMinute: number
  maxConcurrent: number
  /** Calls refused, by problem: minute, day, concurrent, appminute. */
  refused: Record<string, number>
  /** Calls that came before an earlier Retry-After had passed. */
  early: number
}

export interface OrganisationSummary {
  id: string
  name: string
  countryCode: string
  baseCurrency: string
}

export interface Control extends PersonControl {
  /** Back to the seed given at the start, or to this one. */
  reset(seed?: Seed): void
  seed(seed: Seed): { organisations: string[]; users: string[] }
  bulk(
    organisation: string,
    what: { contacts?: number; items?: number; prefix?: string },
  ): { contacts: string[]; items: string[] }
  consent(behaviour: ConsentBehaviour): void
  /** Joins organisations to the app without a browser: a token answer as POST /connect/token gives it, and the connections. */
  connect(options?: { user?: string; organisations?: string[]; scopes?: string[] }): {
    tokens: JsonObject
    connections: Connection[]
  }
  /** The person disconnects the app from the organisation in Xero: calls answer 403, refreshing still works. */
  disconnect(organisation: string): void
  /** The person's tokens and connections all end. */
  revokeUser(user: string): void
  /** Access tokens issued so far stop being accepted (401 AuthenticationUnsuccessful). */
  invalidateAccessTokens(): void
  limits(limits: Partial<Limits>): Limits
  latency(milliseconds: number): void
  faults(plans: FaultPlan | FaultPlan[]): void
  clearFaults(): void
  pendingFaults(): FaultPlan[]
  /** From here on requests meet faults by chance; null: the sky is clear. */
  weather(weather: Weather | null): void
  /** How many late requests have not arrived yet. */
  underWay(): number
  journal(filter?: JournalFilter): JournalEntry[]
  clearJournal(): void
  counters(): Record<string, Counters>
  organisations(): OrganisationSummary[]
  users(): User[]
  connections(): Connection[]
  /** A list of an organisation as the API shows it, everything included. */
  read(organisation: string, list: StateList): JsonObject[]
}

const defaultScopes =
  'offline_access openid profile email accounting.contacts accounting.invoices accounting.payments accounting.manualjournals accounting.settings'

export function createControl(world: World, firstSeed: Seed | undefined): Control {
  return {
    ...personControl(world),
    reset: (seed) => resetWorld(world, seed ?? firstSeed),
    seed: (seed) => addSeed(world, seed),
    bulk(organisation, { contacts = 0, items = 0, prefix = '' }) {
      const found = findOrganisation(world, organisation)
      return { contacts: bulkContacts(world, found, contacts, prefix), items: bulkItems(world, found, items, prefix) }
    },
    consent(behaviour) {
      const modes = ['manual', 'automatic']
      if (!modes.includes(behaviour.mode))
        throw new Error(`no mode "${behaviour.mode}" of consent: ${modes.join(' or ')}`)
      if (behaviour.user) findUser(world, behaviour.user)
      for (const one of behaviour.organisations ?? []) findOrganisation(world, one)
      world.consent = behaviour
    },
    connect(options = {}) {
      const user = options.user ? findUser(world, options.user) : [...world.users.values()][0]
      if (!user) throw new Error('the simulator has no user')
      const ids =
        options.organisations?.map((one) => findOrganisation(world, one).id) ?? user.organisationIds.slice(0, 1)
      const authEventId = newId()
      const connections = connect(world, user, ids, authEventId)
      const scopes = options.scopes ?? defaultScopes.split(' ')
      return { tokens: issueTokens(world, { userId: user.id, scopes, authEventId, sessionId: newId() }), connections }
    },
    disconnect(organisation) {
      const { id } = findOrganisation(world, organisation)
      for (const one of [...world.connections.values()]) if (one.tenantId === id) world.connections.delete(one.id)
    },
    revokeUser: (user) => forgetUser(world, findUser(world, user).id),
    invalidateAccessTokens() {
      world.signingKey = newId()
    },
    limits(limits) {
      requireLimits(limits, Object.keys(world.limits))
      Object.assign(world.limits, limits)
      return { ...world.limits }
    },
    latency(milliseconds) {
      requireNumber('latency', milliseconds)
      world.latencyMs = milliseconds
    },
    faults(plans) {
      world.faults.push(...(Array.isArray(plans) ? plans : [plans]).map(planFault))
    },
    clearFaults() {
      world.faults.length = 0
    },
    pendingFaults: () => world.faults.filter((one) => one.left > 0),
    weather(weather) {
      if (weather !== null) requireWeather(weather)
      world.weather = weather && startWeather(weather)
    },
    underWay() {
      landLateRequests(world)
      return world.late.length
    },
    journal(filter) {
      landLateRequests(world)
      return readJournal(world.journal, filter)
    },
    clearJournal() {
      world.journal.entries.length = 0
    },
    counters: () =>
      Object.fromEntries(
        [...world.traffic.organisations].map(([id, { calls, maxInMinute, maxConcurrent, refused, early }]) => [
          id,
          { calls, maxInMinute, maxConcurrent, refused, early },
        ]),
      ),
    organisations: () =>
      [...world.organisations.values()].map(({ id, profile: { name, countryCode, baseCurrency } }) => ({
        id,
        name,
        countryCode,
        baseCurrency,
      })),
    users: () => [...world.users.values()],
    connections: () => [...world.connections.values()],
    read(organisation, list) {
      landLateRequests(world)
      return readState(world, findOrganisation(world, organisation), list)
    },
  }
}
