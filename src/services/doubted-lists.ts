// Reference lists that suddenly lack much of what they held: believed at once, every document of the job would be refused for an
// account that is there. The stored list stays until a second answer in a row lacks the same.
import type { ReferenceEntry, ReferenceListName } from '../domain/reference-lists.ts'
import { isSuddenAbsence } from '../domain/sudden-absence.ts'
import { syncError } from '../domain/sync-errors.ts'
import type { SyncError } from '../domain/sync-state.ts'
import type { Clock } from '../lib/clock.ts'
import { shortMemory } from '../lib/short-memory.ts'
import type { StoredReferenceLists } from '../stores/reference-lists.ts'

/** Lists that come with one another: what one of them lacks says nothing of the answer. */
const comeTogether: readonly ReferenceListName[] = ['organisation', 'paymentTerms']
/** Xero keeps some of these itself, which nobody can take away. */
const neverEmpty: readonly ReferenceListName[] = ['accounts', 'taxRates']

type Entry = ReferenceEntry<ReferenceListName>
type Lists = { readonly [N in ReferenceListName]?: readonly ReferenceEntry<N>[] }

/** The name by which documents and settings know an entry. */
const keyOf = (entry: Entry): string => {
  if ('taxType' in entry && 'rate' in entry) return entry.taxType
  return 'id' in entry ? entry.id : 'kind' in entry ? entry.kind : entry.code
}

export function doubtedLists({ clock }: { readonly clock: Clock }) {
  /** Entries that the last answer lacked, by connection and list. Another process doubts for itself. */
  const lacked = shortMemory<string>(clock)

  /** Why these lists are not believed yet; null where they are. */
  return (connectionId: string, stored: StoredReferenceLists, lists: Lists): SyncError | null => {
    const doubts = Object.entries(lists).flatMap(([list, entries]) => {
      const name = list as ReferenceListName
      const key = `${connectionId} ${name}`
      const known: readonly Entry[] = comeTogether.includes(name) ? [] : (stored[name]?.entries ?? [])
      const shown = new Set(entries.map(keyOf))
      const missing = known.map(keyOf).filter((one) => !shown.has(one))
      const isEmptied = known.length > 0 && shown.size === 0
      const isMuch = isSuddenAbsence(missing.length, known.length)
      const isSecond = lacked.get(key) === missing.join()
      if (!(isEmptied || isMuch) || (isSecond && !(isEmptied && neverEmpty.includes(name)))) {
        lacked.forget(key)
        return []
      }
      lacked.set(key, missing.join())
      return `${missing.length} of ${known.length} entries of ${name}`
    })
    if (doubts.length === 0) return null
    return syncError('unreachable', {
      cause: `Xero's answer lacks ${doubts.join(' and ')} at once. What was read before stays.`,
      action: 'Nothing to do: the list is read again, and believed when it lacks the same twice.',
    })
  }
}
