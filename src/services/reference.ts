// Reference lists: as last read, or read from Xero now.
import type { AccountingProvider } from '../accounting/provider.ts'
import type { Db } from '../db/tables.ts'
import type { OrganisationSummary } from '../domain/connection.ts'
import type { Organisation, ReferenceEntry, ReferenceListName } from '../domain/reference-lists.ts'
import type { Clock } from '../lib/clock.ts'
import { type ConnectionRow, changeConnection } from '../stores/connections.ts'
import { findReferenceLists, saveReferenceLists } from '../stores/reference-lists.ts'
import { alone } from './alone.ts'
import { callProblem } from './call-problem.ts'
import type { Caller, CallOptions, CallResult } from './calls.ts'
import { requireActiveConnection, requireConnection } from './connections.ts'
import type { ReferenceService, ReferenceView } from './contract.ts'
import { doubtedLists } from './doubted-lists.ts'
import { nextRunOf } from './next-run.ts'
import { loadSettings } from './settings.ts'

export type ReferenceLists = { [N in ReferenceListName]?: ReferenceEntry<N>[] }

export const summaryOf = (organisation: Organisation): OrganisationSummary => ({
  id: organisation.id,
  name: organisation.name,
  baseCurrency: organisation.baseCurrency,
  countryCode: organisation.countryCode,
  timezone: organisation.timezone,
  shortCode: organisation.shortCode,
  isDemoCompany: organisation.isDemoCompany,
})

export type ReferenceReader = ReturnType<typeof referenceReader>

/** Reads the lists of one call and stores them; jobs and people read through it. */
export function referenceReader(deps: { db: Db; clock: Clock; provider: AccountingProvider; caller: Caller }) {
  const { db, clock, provider, caller } = deps
  const doubtsOf = doubtedLists({ clock })
  return async (
    connection: ConnectionRow,
    names: readonly ReferenceListName[],
    options: CallOptions,
  ): Promise<CallResult<ReferenceLists>> => {
    const read = await caller.call(connection, (call) => provider.readReference(call, names), options)
    if (read.kind !== 'ok') return read
    const stored = await findReferenceLists(db, connection.companyId, connection.id)
    const doubt = doubtsOf(connection.id, stored, read.value)
    if (doubt) return { kind: 'unknown', error: doubt }
    const now = clock.now().toISOString()
    await saveReferenceLists(db, connection.companyId, connection.id, read.value, now)
    const organisation = read.value.organisation?.[0]
    if (organisation) {
      const summary = { ...summaryOf(organisation), id: connection.organisationId ?? organisation.id }
      await alone(db, connection.id, async (tx) => {
        const { settings } = await loadSettings(tx, connection.companyId, connection.id)
        const known = await requireConnection(tx, connection.companyId, connection.id)
        // The schedule may have been computed before the organisation's time zone was known.
        const zoneChanged = summary.timezone !== known.organisation?.timezone
        const change = {
          organisation: summary,
          ...(zoneChanged && { nextRunAt: nextRunOf(settings, summary.timezone, clock.now()) }),
        }
        await changeConnection(tx, connection.companyId, connection.id, ['active'], change, now)
      })
    }
    return { kind: 'ok', value: read.value }
  }
}

export function referenceService(deps: {
  db: Db
  clock: Clock
  provider: AccountingProvider
  read: ReferenceReader
}): ReferenceService {
  const { db, clock, provider, read } = deps

  async function get<N extends ReferenceListName>(
    companyId: string,
    connectionId: string,
    name: N,
  ): Promise<ReferenceView<N>> {
    await requireConnection(db, companyId, connectionId)
    const stored = (await findReferenceLists(db, companyId, connectionId))[name]
    return { entries: stored?.entries ?? [], fetchedAt: stored?.fetchedAt ?? null }
  }

  return {
    get,
    async refresh(companyId, connectionId, name) {
      const connection = await requireActiveConnection(db, companyId, connectionId)
      const names = provider.referenceCalls.find((call) => call.includes(name)) ?? [name]
      const result = await read(connection, names, { purpose: 'interactive' })
      if (result.kind !== 'ok') throw callProblem(result, clock.now())
      return get(companyId, connectionId, name)
    },
  }
}
