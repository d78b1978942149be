// Looking documents up by their markers, each call from the budget. Where that would take several calls and it is known
// since when the documents may stand there, one call for what changed since then comes first. Unless all was seen, nothing
// is concluded: "not found" must never be said of what was not looked at.
import type { AccountingProvider, FoundDocument } from '../accounting/provider.ts'
import { documentKinds, type RemoteList } from '../domain/entity-types.ts'
import type { Posted } from '../domain/posting/posted.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { Caller, CallResult } from './calls.ts'
import type { JobContext, StepResult } from './job-context.ts'
import type { ElementOutcome } from './settlement.ts'

export type LookUp = ReturnType<typeof lookUp>

export function lookUp(deps: { provider: AccountingProvider; caller: Caller }) {
  const { provider, caller } = deps
  return async (
    { connection, meter }: JobContext,
    list: RemoteList,
    posted: readonly Posted[],
    since: string | null = null,
  ): Promise<CallResult<FoundDocument[]>> => {
    const options = { meter, purpose: 'resolution' } as const
    const found: FoundDocument[] = []
    let groups = provider.lookUpGroups(list, posted)
    if (since !== null && groups.length > 1) {
      const seen = await caller.call(connection, (call) => provider.findChanged(call, list, posted, since), options)
      if (seen.kind !== 'ok') return seen
      found.push(...seen.value.found)
      groups = provider.lookUpGroups(list, seen.value.unseen)
    }
    for (const group of groups) {
      const seen = await caller.call(connection, (call) => provider.find(call, list, group), options)
      if (seen.kind !== 'ok') return seen
      found.push(...seen.value)
    }
    return { kind: 'ok', value: found }
  }
}

/** How the step goes on when nothing could be looked up now. */
export function unseen(result: Exclude<CallResult<FoundDocument[]>, { kind: 'ok' }>): StepResult {
  switch (result.kind) {
    case 'wait':
      return { kind: 'wait', until: result.until, reason: result.error.code }
    case 'lost':
      return { kind: 'fail', error: result.error }
    default:
      return { kind: 'trouble', error: result.error }
  }
}

export const isLive = ({ remote }: FoundDocument): boolean => remote.status !== 'DELETED' && remote.status !== 'VOIDED'

const unmarked = 'Xero holds a bill of this vendor with this number, and nothing on it says which record it is.'

/** One hit is the document itself, if nothing contradicts; Xero's own unique codes and numbers make contacts and items. */
export function outcomeOfLookup(hits: readonly FoundDocument[], list: RemoteList): ElementOutcome {
  // A number that was voided and used again is no duplicate: the live document counts.
  const live = hits.filter(isLive)
  const [hit, another] = live.length > 0 ? live : hits
  if (!hit) return { kind: 'not_written', error: null }
  const result = { kind: 'written', remote: hit.remote, warnings: [] } as const
  if (!hit.isMarked) {
    // The one that agrees in everything is the bill, whoever entered it; an update then marks it.
    const isIt = another === undefined && hit.differences.length === 0
    const error = syncError('duplicate_number', { cause: unmarked })
    return isIt ? { kind: 'adopted', result, same: false } : { kind: 'conflict', error }
  }
  if (another && live.length > 1) return { kind: 'conflict', error: syncError('duplicate_found') }
  if (hit.differences.length === 0) return { kind: 'adopted', result, same: true }
  if (documentKinds[list].isSameByMarker) return { kind: 'adopted', result, same: false }
  const cause = `A document with this number exists in Xero and differs in: ${hit.differences.join(', ')}.`
  return { kind: 'conflict', error: syncError('duplicate_number', { cause }) }
}
