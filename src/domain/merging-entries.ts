// The parts of one entry of a list: of an address its city, of a person the e-mail. Two editors of one entry are merged part by
// part, as two editors of one record are.
import { canonicalJson } from '../lib/json.ts'

export type Entry = Readonly<Record<string, unknown>>

export const sameValue = (one: unknown, other: unknown): boolean =>
  canonicalJson(one ?? null) === canonicalJson(other ?? null)

/** True of a field that is an entry of a list. */
export const isEntry = (key: string, value: unknown): value is Entry =>
  key.includes('/') && typeof value === 'object' && value !== null

export const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Fewer digits make too many numbers the end of another one. */
const shortestNumber = 5

const digits = (value: unknown): string => (typeof value === 'string' ? value.replace(/\D/g, '') : '')

/** A telephone number without the codes before it is no other number. */
const isEndOf = (part: string, one: unknown, other: unknown): boolean => {
  const [shorter, longer] = [digits(one), digits(other)]
  return (
    part === 'number' && shorter.length >= shortestNumber && longer.length > shorter.length && longer.endsWith(shorter)
  )
}

/**
 * Whether an address is another one: street and city both say something else. What only one side knew of the former place (its
 * region, its postal code) is not mixed into it: nobody ever held such an address.
 */
export const isElsewhere = (one: Entry, other: Entry): boolean =>
  ['lines', 'city'].every((part) => !isBlank(one[part]) && !isBlank(other[part]) && !sameValue(one[part], other[part]))

const isBlank = (value: unknown): boolean => isEmpty(value) || (Array.isArray(value) && value.length === 0)

/** One of both is the other without the codes before it. */
export const isSameNumber = (part: string, one: unknown, other: unknown): boolean =>
  isEndOf(part, one, other) || isEndOf(part, other, one)

/** An entry that was handed over, with what it leaves open as the other one has it. */
export function filledFrom(own: Entry, other: Entry): Entry {
  const filled: Record<string, unknown> = { ...other, ...own }
  for (const [part, value] of Object.entries(other)) if (isEndOf(part, own[part], value)) filled[part] = value
  return filled
}

/** The parts that both entries say alike. */
export const commonParts = (one: Entry, other: Entry): Entry =>
  Object.fromEntries(Object.entries(one).filter(([part, value]) => sameValue(value, other[part])))

/** The parts of an entry that the product did not say before; a number, because it may have said the end of it only. */
export const withoutParts = (entry: Entry, said: Entry): Entry =>
  Object.fromEntries(Object.entries(entry).filter(([part]) => part === 'number' || !(part in said)))

export interface EntryMerge {
  readonly entry: Entry
  readonly agreed: Entry
  /** A part that both sides changed stays ours. */
  readonly isKept: boolean
}

/**
 * Parts that changed there are taken where `isTaken` says so, asked whether we changed them too. `isKnown`: what was not taken
 * is known to both sides all the same.
 */
export function mergeEntries(
  { ours, theirs, agreed }: { readonly ours: Entry; readonly theirs: Entry; readonly agreed: Entry },
  { isTaken, isKnown }: { readonly isTaken: (isOurs: boolean) => boolean; readonly isKnown: boolean },
): EntryMerge {
  if (isElsewhere(ours, agreed) || isElsewhere(theirs, agreed)) {
    // One of them moved: an address of both would be nobody's.
    const isTheirs = sameValue(ours, theirs) || isTaken(!sameValue(ours, agreed))
    if (isTheirs) return { entry: theirs, agreed: theirs, isKept: false }
    return { entry: ours, agreed: isKnown ? theirs : agreed, isKept: true }
  }
  const entry: Record<string, unknown> = { ...ours }
  const base: Record<string, unknown> = { ...agreed }
  let isKept = false
  const set = (side: Record<string, unknown>, part: string, value: unknown) => {
    if (isEmpty(value)) delete side[part]
    else side[part] = value
  }
  for (const part of new Set([...Object.keys(theirs), ...Object.keys(agreed)])) {
    const value = theirs[part]
    if (sameValue(value, agreed[part])) continue
    const isChanged = !sameValue(ours[part], agreed[part])
    if (sameValue(ours[part], value) || isTaken(isChanged)) {
      set(entry, part, value)
      set(base, part, value)
      continue
    }
    isKept = true
    if (isKnown) set(base, part, value)
  }
  return { entry, agreed: base, isKept }
}
