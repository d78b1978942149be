// What must hold at the end in a company with existing books: both sides say the same of every contact and item, and what the
// product changed last stands unless a person had a hand in that field.
import type { Wanted } from './company.ts'
import type { Organisation, Stored } from './xero/organisation.ts'
import type { RecordKey } from './xero/states.ts'
import type { Trail } from './xero/trail.ts'
import { defaults, isReadOnly, type Values, valuesOf, valuesOfBody } from './xero/values.ts'

export interface Agreed {
  readonly trail: Trail
  readonly organisation: Organisation
  readonly reach: (what: string) => void
  /** The other records that are linked to the same contact now. */
  readonly others?: readonly RecordKey[]
  /** The settings keep from the record what stands in Xero. */
  readonly isUntold?: boolean
  /** When its contact was merged into this one. */
  readonly movedAt?: number | null
}

const differing = (ours: Values, theirs: Values): string[] =>
  [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter(
    (field) => (ours[field] ?? '') !== (theirs[field] ?? ''),
  )

/** Of a record that is synced and linked. */
export function disagreement(
  { trail, reach, others = [], movedAt = null, isUntold = false }: Agreed,
  wanted: Wanted,
  body: Readonly<Record<string, unknown>>,
  there: Stored,
): string | null {
  const isArchived = there.status === 'ARCHIVED'
  if (!isUntold && isArchived !== (body.active === false) && there.posted.list === 'contacts') {
    return `I18: the contact is ${there.status}, and the record says ${String(body.active)}`
  }
  // An archived contact cannot be changed any more.
  if (isArchived) {
    reach('an archived contact was met')
    return null
  }
  const theirs = valuesOf(there.posted)
  const ours = valuesOfBody(body)
  const isHeld = (one: string) => one.startsWith('contactPersons/') && theirs.email === undefined
  if ([...Object.keys(ours), ...Object.keys(theirs)].some((one) => isHeld(one) && ours[one] !== theirs[one]))
    reach('persons waited for a main person')
  // A default of the settings is no part of the record.
  const isDefault = (one: string) => ours[one] === undefined && theirs[one] === defaults[one]
  const field = isUntold
    ? undefined
    : differing(ours, theirs).find((one) => !isDefault(one) && !isReadOnly(one) && !isHeld(one))
  if (field !== undefined) {
    return `I18: both sides are to agree: ${field} is "${ours[field] ?? ''}" here and "${theirs[field] ?? ''}" in Xero`
  }
  const given = valuesOfBody(wanted.body)
  const place = { record: `${wanted.type}:${wanted.id}`, remoteId: there.id, others, movedAt }
  const lost = Object.keys(given).find(
    (one) =>
      given[one] !== theirs[one] &&
      !isReadOnly(one) &&
      !isHeld(one) &&
      !trail.isAnothers(place, one, theirs[one] ?? ''),
  )
  if (lost !== undefined) return `I3: ${lost} is "${theirs[lost] ?? ''}" instead of "${given[lost]}"`
  if (differing(given, theirs).some((one) => theirs[one] !== undefined && trail.isTouched(there.id, one))) {
    reach("a person's edit was taken over")
  }
  return null
}

/** Whether a link went where the merge of contacts went. */
export function isFollowed(organisations: readonly Organisation[], from: string, to: string): boolean {
  const passed = new Set<string>()
  for (let at: string | undefined = from; at !== undefined && !passed.has(at); ) {
    if (at === to) return true
    passed.add(at)
    const id: string = at
    at = organisations.map((one) => one.get(id)?.mergedInto).find((one) => one !== undefined)
  }
  return false
}
