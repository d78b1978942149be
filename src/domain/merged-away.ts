// A record whose contact a person merged into another one: it is that other contact from now on. What it only knew of the lost
// contact goes with it; what the product changed and had not sent yet stays its own.
import { type Fields, fieldsOf, givenFields, isAddress, mergeFirst } from './merging.ts'
import { isBlank, isEntry, sameValue } from './merging-entries.ts'
import type { ConflictPolicy } from './settings/common.ts'
import { changesOf } from './shared-contact.ts'
import { type Untaken, withoutUntaken } from './untaken-edits.ts'

/** A chain of merges longer than this is a circle. */
export const longestChain = 20

export interface MergedAway {
  /** Fields of the lost contact that both sides agreed on; null: not known. */
  readonly agreed: Fields | null
  /** Edits in the lost contact that settings kept from the record: what it says there is no change of its own. */
  readonly untaken?: Untaken | null | undefined
  /** The contact that is lost, and the one that is left. */
  readonly left: Fields
  readonly theirs: Fields
  readonly hasOpenItem: boolean
  readonly policy: ConflictPolicy
}

/** The record after the merge, and the fields that both sides agree on then. */
export function mergedAway(
  record: Parameters<typeof givenFields>[0],
  { agreed, untaken = null, left, theirs, hasOpenItem, policy }: MergedAway,
): { readonly fields: Fields; readonly agreed: Fields } {
  const fields = fieldsOf(record.body)
  const base = agreed ?? {}
  // As the record knows it: it takes nothing away that settings kept from it.
  const heard = agreed && withoutUntaken(agreed, untaken)
  // An inactive record whose contact was kept active says so without a request that waits.
  const isSaid = (key: string) => hasOpenItem || (key === 'active' && fields.active === false && !('active' in base))
  const given = givenFields(record)
  // A value that the product took back, and that gave way to what the lost contact had before, is none of its own.
  const isLearned = (key: string) => key !== 'active' && !isEntry(key, fields[key]) && !(key in given)
  // A value that had arrived in the lost contact, perhaps by a call without an answer, went with it. That it is archived is the merge's.
  const open = Object.entries(heard ? changesOf(fields, heard) : givenFields(record)).flatMap(([key, changes]) => {
    if (!(key in fields) || !isSaid(key) || isLearned(key)) return []
    const waiting = key === 'active' ? changes : notArrived(key, { own: fields[key], changes, there: left[key] })
    return waiting === undefined ? [] : [[key, waiting] as const]
  })
  const own = Object.fromEntries(open.map(([key, changes]) => [key, spoken(key, { fields, theirs, changes, given })]))
  const said = policy === 'xero_wins' ? changedHereAlone(own, theirs, base) : own
  const merge = mergeFirst(said, theirs, 'pending_wins')
  // A field taken away here stands there as both had it: it never was anybody else's.
  const isTakenAway = (key: string) =>
    hasOpenItem && !(key in fields) && key in (heard ?? {}) && key in left && sameValue(theirs[key], base[key])
  const kept = Object.entries(merge.fields).filter(([key]) => !isTakenAway(key))
  return { fields: Object.fromEntries(kept), agreed: merge.agreed }
}

/** The part of a change that the lost contact had not; of an entry, its parts. Undefined where all of it had arrived. */
function notArrived(
  key: string,
  { own, changes, there }: { readonly own: unknown; readonly changes: unknown; readonly there: unknown },
): unknown {
  if (sameValue(own, there)) return undefined
  if (!isEntry(key, changes) || !isEntry(key, there)) return changes
  const parts = Object.entries(changes).filter(([part, value]) => !sameValue(value, there[part]))
  return parts.length > 0 ? Object.fromEntries(parts) : undefined
}

interface Spoken {
  readonly fields: Fields
  readonly theirs: Fields
  readonly changes: unknown
  readonly given: Fields
}

/** The parts that the product changed, of an entry that the other contact has too; what the product said, of an address that it lacks. */
function spoken(key: string, { fields, theirs, changes, given }: Spoken): unknown {
  const own = fields[key]
  if (!isEntry(key, own) || !isEntry(key, changes)) return own
  const isTheirs = isEntry(key, theirs[key])
  if (!isTheirs && !isAddress(key, own)) return own
  const said = isEntry(key, given[key]) ? given[key] : {}
  const isSaid = (part: string) => part === 'kind' || part in changes || (!isTheirs && !isBlank(said[part]))
  return Object.fromEntries(Object.entries({ ...own, ...changes }).filter(([part]) => isSaid(part)))
}

/** Fields, and parts of entries, that the other contact lacks, or has as both sides agreed on them: nobody's value is written over. */
function changedHereAlone(own: Fields, theirs: Fields, agreed: Fields): Fields {
  const isAlone = (there: unknown, before: unknown) => isBlank(there) || sameValue(there, before)
  const alone: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(own)) {
    const [there, known] = [theirs[key], agreed[key]]
    if (!isEntry(key, value) || !isEntry(key, there)) {
      if (isAlone(there, known)) alone[key] = value
      continue
    }
    const before = isEntry(key, known) ? known : {}
    const parts = Object.entries(value).filter(([part]) => part === 'kind' || isAlone(there[part], before[part]))
    alone[key] = Object.fromEntries(parts)
  }
  return alone
}
