// The port to the model of Xero, as one process uses it.
import type {
  AccountingProvider,
  Call,
  ElementResult,
  Outcome,
  RefreshOutcome,
} from '../../../src/accounting/provider.ts'
import type { Posted } from '../../../src/domain/posting/posted.ts'
import { syncError } from '../../../src/domain/sync-errors.ts'
import { canonicalJson } from '../../../src/lib/json.ts'
import type { Observer } from '../observer.ts'
import { importedContact, importedItem, referenceLists } from './lists.ts'
import { alike, found, hasTwin } from './look-up.ts'
import { bodyOf, type Model } from './model.ts'
import { exchange, type Line, noLimits, type Request } from './network.ts'
import { isLive, markerOf, type Organisation, type Stored } from './organisation.ts'
import { standingOf } from './standing.ts'
import type { Writing } from './states.ts'

const recentlyMs = 10 * 60_000
/** What one look-up call can hold. */
const groupSize = 2

const aboutOf = (posted: readonly Posted[]): string => posted.map(markerOf).join(' ')

const ok = <T>(value: T): Outcome<T> => ({ kind: 'ok', value, limits: noLimits })

const shownWhole = (shown: readonly Stored[]) => ({
  documents: shown.flatMap((stored) => standingOf(stored) ?? []),
  odd: [],
})

export function providerOf(model: Model, line: Line, observer: Observer): AccountingProvider {
  const { agenda, random, mix, replica } = line

  function request<T>(call: Call, name: string, execute: (organisation: Organisation) => Outcome<T>): Request<T> {
    return {
      name,
      write: false,
      departed: () => depart(call, name),
      execute(fault) {
        const admitted = model.admit(call)
        if ('kind' in admitted) return admitted
        return fault === 'none'
          ? execute(admitted)
          : { kind: 'unknown', error: syncError('unreachable'), limits: noLimits }
      },
      throttle: () => model.throttle(call.organisationId),
    }
  }

  function depart(call: Call, name: string): void {
    const paused = agenda.now() - replica.pausedUntil < recentlyMs
    model.depart({ at: agenda.now(), organisationId: call.organisationId, name, paused })
    observer.answered(replica, true)
  }

  function noteTwins(organisation: Organisation, posted: readonly Posted[]): void {
    if (posted.some((document) => hasTwin(organisation, document))) model.reached('look-up told twins apart')
  }

  async function read<T>(
    call: Call,
    name: string,
    execute: (organisation: Organisation) => Outcome<T>,
  ): Promise<Outcome<T>> {
    model.counts.reads += 1
    return exchange(line, request(call, name, execute))
  }

  /** What a process came to know by a list or a look. */
  async function show<T>(
    call: Call,
    name: string,
    rowsOf: (organisation: Organisation) => readonly Stored[],
    execute: (shown: readonly Stored[]) => T,
    asked: readonly string[] = [],
  ): Promise<Outcome<T>> {
    let shown: readonly Stored[] = []
    const outcome = await read(call, name, (organisation) => {
      shown = rowsOf(organisation)
      return ok(execute(shown))
    })
    if (outcome.kind !== 'ok') return outcome
    model.trail.shown(shown)
    for (const id of asked) model.lookedAt.set(id, agenda.now())
    return outcome
  }

  async function send(
    call: Call,
    name: string,
    key: string,
    body: string,
    about: string,
    work: (organisation: Organisation, replayedAt: number | null) => Outcome<ElementResult[]>,
    /** Invoices and bills that it changes or removes. */
    changed: readonly (string | null)[] = [],
  ): Promise<Outcome<ElementResult[]>> {
    model.counts.writes += 1
    let replayedAt: number | null = null
    const outcome = await exchange(line, {
      name: `${name} ${key}`,
      about,
      write: true,
      departed() {
        if (!observer.intents.has(key)) model.violations.push(`I7: ${name} was sent without an intent on record`)
        depart(call, `${name} ${key}`)
        const before = model.sentAt.get(key)
        model.sentAt.set(key, agenda.now())
        if (before === undefined) return
        replayedAt = agenda.now()
        const isBlind = (id: string | null) => id !== null && (model.lookedAt.get(id) ?? 0) <= before
        if (changed.some(isBlind)) model.violations.push(`I19: ${name} ${key} was sent again without a look`)
      },
      unheard: () => model.unheard?.(call.organisationId, observer.recordsOf(key)),
      execute: (fault) => model.writeOnce(call, key, body, fault, (there) => work(there, replayedAt)),
      throttle: () => model.throttle(call.organisationId),
    })
    observer.answered(replica, outcome.kind !== 'ok')
    if (outcome.kind === 'ok') model.trail.heard(outcome.value)
    return outcome
  }

  return {
    ready: async () => undefined,
    async refresh(refreshToken): Promise<RefreshOutcome> {
      model.counts.refreshes += 1
      await replica.gate(random.between(20, 400))
      const faults = mix()
      const lost: RefreshOutcome = { kind: 'unknown', error: syncError('unreachable') }
      const isLost = random.chance(faults.lostRefresh)
      const outcome = !isLost || random.chance(0.6) ? model.identity.refresh(refreshToken) : lost
      agenda.trace(() => `${replica.name} refreshes: ${outcome.kind}${isLost ? ', answer lost' : ''}`)
      if (random.chance(faults.crashAtAnswer)) replica.kill('at the refreshed token')
      if (random.chance(faults.stallAtAnswer))
        replica.pause(random.between(1_000, faults.longestStallMs), 'at the token')
      await replica.gate(isLost ? random.between(100, 10_000) : random.between(20, 400))
      return isLost ? lost : outcome
    },
    consentOf: () => ({ userId: null, eventId: null }),
    async grantedConnections(accessToken) {
      await replica.gate(random.between(20, 400))
      const consent = model.identity.holder(accessToken)
      if (consent === 'expired') return { kind: 'refused', refusal: { reason: 'token_expired' }, limits: noLimits }
      const granted = [...consent.organisations].filter((id) => model.organisations.get(id)?.connected)
      return ok(
        granted.map((id) => ({ remoteConnectionId: id, organisationId: id, organisationName: id, eventId: null })),
      )
    },
    removeConnection: async () => ok(null),

    referenceCalls: [['organisation', 'accounts', 'taxRates']],
    readReference: (call) => read(call, 'reference', ({ id }) => ok(referenceLists(id))),
    readContacts(call, { modifiedSince, ids }) {
      const isContact = ({ posted, id }: Stored) => posted.list === 'contacts' && (ids?.includes(id) ?? true)
      return show(
        call,
        'contacts',
        (organisation) => organisation.visible().filter(isContact),
        (shown) => importedContact(shown, modifiedSince),
      )
    },
    readItems: (call, modifiedSince) =>
      show(
        call,
        'items',
        (organisation) => organisation.visible().filter(({ posted }) => posted.list === 'items'),
        (shown) => importedItem(shown, modifiedSince),
      ),
    readWrittenDocuments: (call, { modifiedSince }) =>
      read(call, 'written documents', (organisation) => {
        const since = modifiedSince === null ? 0 : Date.parse(modifiedSince)
        const entries = organisation.visible().flatMap((stored) =>
          stored.posted.list === 'invoices' && stored.byApp && stored.updatedAt >= since
            ? {
                remoteId: stored.id,
                number: stored.number,
                kind: stored.posted.kind,
                reference: (stored.posted.kind === 'sale' && stored.posted.reference) || null,
                url: stored.posted.url ?? null,
                live: isLive(stored),
                status: stored.status,
                updatedAt: new Date(stored.updatedAt).toISOString(),
                ...{ amountDue: null, fullyPaidOn: null, contactRemoteId: stored.posted.contactRemoteId },
              }
            : [],
        )
        return ok({ entries, nextPage: null, unreadable: [] })
      }),

    readDocuments: (call, remoteIds) =>
      show(
        call,
        'documents by id',
        (organisation) => organisation.visible().filter(({ id }) => remoteIds.includes(id)),
        shownWhole,
        remoteIds,
      ),

    // Lists lag behind writes; one document by its address does not.
    readDocument: (call, remoteId) =>
      show(
        call,
        'document alone',
        (organisation) => organisation.all().filter(({ id }) => id === remoteId),
        shownWhole,
        [remoteId],
      ),

    changesNothing: () => false,
    freeze: (list, operation, elements) => ({
      list,
      operation,
      body: canonicalJson(
        elements.map(({ posted, remoteId, lineIds, amendment }) => ({ posted, remoteId, lineIds, amendment })),
      ),
    }),
    write: (call, frozen, elements, key) =>
      send(
        call,
        `${frozen.operation} ${frozen.list}`,
        key,
        bodyOf(frozen),
        aboutOf(elements.map(({ posted }) => posted)),
        (organisation, replayedAt) => {
          const work = frozen.operation === 'create' ? organisation.create : organisation.update
          const { organisationId } = call
          // A document is looked at before it is sent again: what was seen then is known.
          const isLooked = frozen.list === 'invoices' && frozen.operation === 'update'
          const intentAt = (isLooked ? replayedAt : null) ?? observer.intendedAt(key)
          const written = observer.recordsOf(key).map((record) => ({ organisationId, record, intentAt }))
          return ok(elements.map((element, n) => model.trail.write(written[n] as Writing, () => work(element))))
        },
        frozen.list === 'invoices' && frozen.operation === 'update' ? elements.map(({ remoteId }) => remoteId) : [],
      ),
    async remove(call, removal, remoteId, key) {
      const outcome = await send(
        call,
        `remove ${removal.list}`,
        key,
        canonicalJson([removal, remoteId]),
        remoteId,
        (organisation, replayedAt) => {
          const { organisationId } = call
          const intentAt = replayedAt ?? observer.intendedAt(key)
          const work = () => organisation.remove(removal, remoteId)
          const [record] = observer.recordsOf(key)
          // Of a contact or item, the trail follows what is written and not what is removed.
          if (removal.list !== 'invoices' || record === undefined) return ok([work()])
          return ok([model.trail.write({ organisationId, record, intentAt }, work)])
        },
        removal.list === 'invoices' ? [remoteId] : [],
      )
      if (outcome.kind !== 'ok') return outcome
      const [value] = outcome.value
      if (!value) throw new Error('a removal has one result')
      return { ...outcome, value }
    },
    lookUpGroups: (_list, posted) =>
      Array.from({ length: Math.ceil(posted.length / groupSize) }, (_, group) =>
        posted.slice(group * groupSize, (group + 1) * groupSize),
      ),
    async find(call, list, posted, namesakes) {
      model.counts.lookUps += 1
      const outcome = await exchange(
        line,
        request(call, `find ${list}`, (organisation) => {
          noteTwins(organisation, posted)
          const hits = found(organisation, posted, { namesakes })
          if (hits.some(({ isMarked }) => !isMarked)) model.reached('look-up met a bill that a person entered')
          return ok({ found: hits, unclear: [], absent: [], isDoubtful: false })
        }),
      )
      if (outcome.kind === 'ok') model.trail.found(outcome.value.found)
      return outcome
    },
    async findChanged(call, list, posted, since) {
      model.counts.lookUps += 1
      return exchange(
        line,
        request(call, `find changed ${list}`, (organisation) => {
          noteTwins(organisation, posted)
          const hits = found(organisation, posted, { since: Date.parse(since) })
          const isFound = (document: Posted) =>
            hits.some(({ marker, isMarked }) => isMarked && marker === markerOf(document))
          const isUnique = (document: Posted) =>
            document.list !== 'invoices' || (document.kind === 'sale' && document.number !== undefined)
          const unseen = posted.filter((document) => !isFound(document) && !isUnique(document))
          const open = new Set(unseen.map(markerOf))
          return ok({ found: hits.filter(({ marker }) => !open.has(marker)), unseen })
        }),
      )
    },
    findByContent: (call, list, posted, { since }) =>
      read(call, `find by content ${list}`, (there) =>
        ok({ found: alike(there, posted, Date.parse(since)), nextPage: null }),
      ),
    deepLink: () => null,
  }
}
