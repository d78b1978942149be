// The port to the model of Xero, as one process uses it.
import type {
  AccountingProvider,
  Call,
  ElementResult,
  Outcome,
  RefreshOutcome,
} from '../../../src/accounting/provider.ts'
import type { FoundDocument } from '../../../src/domain/found-document.ts'
import type { Posted, PostedDocument } from '../../../src/domain/posting/posted.ts'
import { syncError } from '../../../src/domain/sync-errors.ts'
import { canonicalJson } from '../../../src/lib/json.ts'
import type { Observer } from '../observer.ts'
import { contactOf, importedContact, importedItem, itemOf, referenceLists } from './lists.ts'
import { bodyOf, type Model } from './model.ts'
import { exchange, type Line, noLimits, type Request } from './network.ts'
import { fold, isLive, markerOf, type Organisation, type Stored, standingOf, totalOf } from './organisation.ts'

const recentlyMs = 10 * 60_000
/** What one look-up call can hold. */
const groupSize = 2

const aboutOf = (posted: readonly Posted[]): string => posted.map(markerOf).join(' ')

const ok = <T>(value: T): Outcome<T> => ({ kind: 'ok', value, limits: noLimits })

function differences(posted: Posted, stored: Stored): string[] {
  const there = stored.posted
  const fields: [string, boolean][] = []
  if (posted.list === 'contacts' && there.list === 'contacts') {
    fields.push(['name', posted.name === there.name], ['email', (posted.email ?? '') === (there.email ?? '')])
    fields.push(['status', posted.archived === (stored.status === 'ARCHIVED')])
  } else if (posted.list === 'items' && there.list === 'items') {
    fields.push(['name', posted.name === there.name])
    fields.push(['salePrice', (posted.sales?.unitPrice ?? '') === (there.sales?.unitPrice ?? '')])
  } else if (posted.list === 'invoices' && there.list === 'invoices') {
    fields.push(['number', posted.number === undefined || posted.number === stored.number])
    fields.push(['status', isLive(stored)], ['contact', posted.contactRemoteId === there.contactRemoteId])
    fields.push(['date', posted.date === there.date], ['total', totalOf(posted) === totalOf(there)])
    fields.push(['lines', posted.lines.length === there.lines.length])
  }
  return fields.filter(([, same]) => !same).map(([name]) => name)
}

/** Bills are asked for by their number, and known by their address; a person's has none. */
function isSameBill(there: PostedDocument, document: PostedDocument, isMarked: boolean): boolean {
  if (there.kind !== document.kind || fold(there.number ?? '') !== fold(document.number ?? '')) return false
  return isMarked ? there.url === document.url : there.url === '' && there.contactRemoteId === document.contactRemoteId
}

function isDocument({ posted: there, number }: Stored, document: Posted, isMarked: boolean): boolean {
  if (there.list !== 'invoices' || document.list !== 'invoices')
    return isMarked && there.list === document.list && fold(markerOf(there)) === fold(markerOf(document))
  if (there.kind === 'bill' || document.kind === 'bill') return isSameBill(there, document, isMarked)
  const marker = document.number === undefined ? there.reference : number
  return isMarked && fold(marker ?? '') === fold(markerOf(document))
}

function found(organisation: Organisation, posted: readonly Posted[], since = 0): FoundDocument[] {
  const visible = organisation.visible().filter(({ updatedAt }) => updatedAt >= since)
  return posted.flatMap((document) => {
    const marked = visible.filter((stored) => isDocument(stored, document, true))
    const isMarked = marked.length > 0
    const hits = isMarked ? marked : visible.filter((stored) => isLive(stored) && isDocument(stored, document, false))
    return hits.map((stored) => ({
      marker: markerOf(document),
      isMarked,
      remote: {
        remoteId: stored.id,
        number: stored.number,
        status: stored.posted.list === 'items' ? null : stored.status,
        updatedAt: new Date(stored.updatedAt).toISOString(),
        lineIds: stored.lineIds,
      },
      standing: standingOf(stored),
      differences: differences(document, stored),
      seen: contactOf(stored) ?? itemOf(stored),
    }))
  })
}

/** Another bill of the same number stands there, and says whose it is. */
const hasTwin = (organisation: Organisation, document: Posted): boolean =>
  document.list === 'invoices' &&
  document.kind === 'bill' &&
  organisation.visible().some(({ posted }) => {
    const isBill = posted.list === 'invoices' && posted.kind === 'bill' && posted.number === document.number
    return isBill && posted.url !== '' && posted.url !== document.url
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

  function read<T>(call: Call, name: string, execute: (organisation: Organisation) => Outcome<T>): Promise<Outcome<T>> {
    model.counts.reads += 1
    return exchange(line, request(call, name, execute))
  }

  async function send(
    call: Call,
    name: string,
    key: string,
    body: string,
    about: string,
    work: (organisation: Organisation) => Outcome<ElementResult[]>,
  ): Promise<Outcome<ElementResult[]>> {
    model.counts.writes += 1
    const outcome = await exchange(line, {
      name: `${name} ${key}`,
      about,
      write: true,
      departed() {
        if (!observer.intents.has(key)) model.violations.push(`I7: ${name} was sent without an intent on record`)
        depart(call, `${name} ${key}`)
      },
      execute: (fault) => model.writeOnce(call, key, body, fault, work),
      throttle: () => model.throttle(call.organisationId),
    })
    observer.answered(replica, outcome.kind !== 'ok')
    return outcome
  }

  return {
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
    readContacts(call, { modifiedSince }) {
      return read(call, 'contacts', (organisation) => ok(importedContact(organisation.visible(), modifiedSince)))
    },
    readItems: (call, modifiedSince) =>
      read(call, 'items', (organisation) => ok(importedItem(organisation.visible(), modifiedSince))),
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
              }
            : [],
        )
        return ok({ entries, nextPage: null, unreadable: [] })
      }),

    readDocuments: (call, remoteIds) =>
      read(call, 'documents by id', (organisation) =>
        ok(
          organisation
            .visible()
            .filter(({ id }) => remoteIds.includes(id))
            .flatMap((stored) => standingOf(stored) ?? []),
        ),
      ),

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
        (organisation) => {
          const work = frozen.operation === 'create' ? organisation.create : organisation.update
          return ok(elements.map((element) => work(element)))
        },
      ),
    async remove(call, removal, remoteId, key) {
      const outcome = await send(
        call,
        `remove ${removal.list}`,
        key,
        canonicalJson([removal, remoteId]),
        remoteId,
        (organisation) => ok([organisation.remove(removal, remoteId)]),
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
    async find(call, list, posted) {
      model.counts.lookUps += 1
      return exchange(
        line,
        request(call, `find ${list}`, (organisation) => {
          noteTwins(organisation, posted)
          const hits = found(organisation, posted)
          if (hits.some(({ isMarked }) => !isMarked)) model.reached('look-up met a bill that a person entered')
          return ok(hits)
        }),
      )
    },
    async findChanged(call, list, posted, since) {
      model.counts.lookUps += 1
      return exchange(
        line,
        request(call, `find changed ${list}`, (organisation) => {
          noteTwins(organisation, posted)
          const hits = found(organisation, posted, Date.parse(since))
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
    deepLink: () => null,
  }
}
