// A model of Xero behind the port, without sockets: several organisations, the cache of idempotency keys, tokens and
// limits, after docs/xero.md. It keeps a journal of what the invariants ask about.
import type { AccountingProvider, Call, ElementResult, FrozenWrite, Outcome } from '../../../src/accounting/provider.ts'
import type { Agenda } from '../agenda.ts'
import type { Mix } from '../mixes.ts'
import type { Random } from '../random.ts'
import { type Consent, type Identity, identity } from './identity.ts'
import { noLimits, unknown } from './network.ts'
import { type Organisation, organisation } from './organisation.ts'
import { type Trail, trail } from './trail.ts'

const keyLivesMs = 6 * 60_000
const minuteMs = 60_000

interface Cached {
  readonly body: string
  readonly at: number
  readonly outcome: Outcome<ElementResult[]>
}

export interface Departure {
  readonly at: number
  readonly organisationId: string
  readonly name: string
  /** Its process was paused shortly before: then it may come when its turn has long passed. */
  readonly paused: boolean
}

export interface Model {
  readonly identity: Identity
  readonly trail: Trail
  readonly organisations: Map<string, Organisation>
  readonly departures: Departure[]
  readonly violations: string[]
  readonly counts: { writes: number; lookUps: number; reads: number; refreshes: number }
  addOrganisation(id: string): Organisation
  /** The organisation of a call, or why it may not be called. */
  admit(call: Call): Organisation | Outcome<never>
  /** Writes under a key. `fault`: the server fails before or after its work; that answer is cached, too. */
  writeOnce(
    call: Call,
    key: string,
    body: string,
    fault: 'none' | 'before_commit' | 'after_commit',
    work: (organisation: Organisation) => Outcome<ElementResult[]>,
  ): Outcome<ElementResult[]>
  throttle(organisationId: string): Outcome<never>
  depart(departure: Departure): void
  markers(organisationId: string): readonly string[]
  reached(what: string): void
  /** By id: when a look at invoices and bills that asked for it was answered. */
  readonly lookedAt: Map<string, number>
  /** By key: when it was sent last. */
  readonly sentAt: Map<string, number>
  /** Told of records that were written with an answer that nobody will hear. */
  unheard: ((organisationId: string, records: readonly string[]) => void) | null
}

export interface Sources {
  readonly agenda: Agenda
  readonly random: Random
  readonly mix: () => Mix
  readonly reached: (what: string) => void
}

export const bodyOf = ({ list, operation, body }: FrozenWrite): string => `${operation} ${list} ${body}`

export function modelOfXero({ agenda, random, mix, reached }: Sources): Model {
  const organisations = new Map<string, Organisation>()
  const cache = new Map<string, Cached>()
  const bodies = new Map<string, string>()
  const lastDeparture = new Map<string, number>()
  const violations: string[] = []
  const departures: Departure[] = []
  const people = identity(agenda.now, reached)
  const violate = (what: string) => {
    violations.push(what)
    agenda.trace(() => `VIOLATION ${what}`)
  }
  const steps = trail(agenda.now, violate, reached)
  const newId = () => `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`

  const allowed = (consent: Consent, id: string) =>
    consent.organisations.has(id) && organisations.get(id)?.connected === true

  const model: Model = {
    identity: people,
    trail: steps,
    reached,
    organisations,
    departures,
    violations,
    lookedAt: new Map(),
    sentAt: new Map(),
    unheard: null,
    counts: { writes: 0, lookUps: 0, reads: 0, refreshes: 0 },
    addOrganisation(id) {
      const lag = () => (random.chance(0.5) ? random.between(0, mix().readLagMs) : 0)
      const created = organisation(id, { now: agenda.now, lag, newId, noted: steps.stood })
      organisations.set(id, created)
      return created
    },
    admit({ accessToken, organisationId }) {
      const consent = people.holder(accessToken)
      if (consent === 'expired') return { kind: 'refused', refusal: { reason: 'token_expired' }, limits: noLimits }
      const found = organisations.get(organisationId)
      if (!found || !allowed(consent, organisationId)) {
        return { kind: 'refused', refusal: { reason: 'disconnected' }, limits: noLimits }
      }
      return found
    },
    writeOnce(call, key, body, fault, work) {
      const admitted = model.admit(call)
      if ('kind' in admitted) return admitted
      const known = bodies.get(key)
      if (known !== undefined && known !== body) {
        violate(`I8: the key ${key} came with another body`)
        return unknown('outcome_unknown')
      }
      bodies.set(key, body)
      const cached = cache.get(key)
      if (cached && agenda.now() - cached.at < keyLivesMs) {
        reached('replay hit the key cache')
        return cached.outcome
      }
      if (cached) reached('key used again after it had expired')
      const failed = unknown('outcome_unknown')
      const done = fault === 'before_commit' ? failed : work(admitted)
      const outcome = fault === 'none' ? done : failed
      cache.set(key, { body, at: agenda.now(), outcome })
      if (done.kind === 'ok') {
        const kinds = new Set(done.value.map(({ kind }) => kind))
        if (kinds.size > 1) reached('batch partially failed')
        if (done.value.some((one) => one.kind === 'rejected' && one.error.code === 'duplicate_number')) {
          reached('duplicate-number rejection')
        }
      }
      return outcome
    },
    throttle() {
      const limit = random.pick(['minute', 'day', 'concurrent', 'app_minute'] as const)
      reached(`throttled by ${limit}`)
      const named = {
        minute: random.between(1, 60),
        day: random.between(60, 1_800),
        concurrent: null,
        app_minute: null,
      }
      return {
        kind: 'refused',
        refusal: { reason: 'throttled', limit, retryAfterSeconds: named[limit] },
        limits: noLimits,
      }
    },
    depart(departure) {
      departures.push(departure)
      const last = lastDeparture.get(departure.name)
      if (departure.name.startsWith('create') && last !== undefined && departure.at - last > 7 * minuteMs) {
        reached('negative look-up, then sent again')
      }
      lastDeparture.set(departure.name, departure.at)
    },
    markers: (id) => organisations.get(id)?.rejections.map(({ marker }) => marker) ?? [],
  }
  return model
}

export type Provider = AccountingProvider
