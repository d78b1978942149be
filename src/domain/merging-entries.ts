// The parts of one entry of a list: of an address its city, of a person the e-mail. Two editors of one entry are merged part by
// part, as two editors of one record are.
import { canonicalJson } from '../lib/json.ts'
import { mergeLines, plain } from './merging-lines.ts'

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

export const isBlank = (value: unknown): boolean => isEmpty(value) || (Array.isArray(value) && value.length === 0)

const isAlike = (one: unknown, other: unknown): boolean => sameValue(plain(one), plain(other))

const linesOf = ({ lines }: Entry): readonly unknown[] => (Array.isArray(lines) ? lines : [])

/** The lines of an entry are the first ones of another's: whoever wrote them knows no other street. */
const isBeginOf = (one: Entry, other: Entry): boolean =>
  linesOf(one).length <= linesOf(other).length &&
  linesOf(one).every((line, index) => isAlike(line, linesOf(other)[index]))

const fullName = ({ firstName, lastName }: Entry): unknown => plain([firstName, lastName].filter(Boolean).join(' '))

/** One of both is the other without the codes before it. */
export const isSameNumber = (part: string, one: unknown, other: unknown): boolean =>
  isEndOf(part, one, other) || isEndOf(part, other, one)

/**
 * An entry that was handed over, with what it leaves open as the other one has it: parts that it does not say, further lines of
 * the same street, codes before a number. A part that is the same but for spaces and case stays as the other one has it.
 */
export function filledFrom(own: Entry, other: Entry): Entry {
  const said = Object.entries(own).filter(([part, value]) => !isBlank(value) || !(part in other))
  const filled: Record<string, unknown> = { ...other, ...Object.fromEntries(said) }
  for (const [part, value] of Object.entries(other)) {
    if (isEndOf(part, own[part], value) || isAlike(own[part], value)) filled[part] = value
  }
  if ('lines' in other && isBeginOf(own, other)) filled.lines = other.lines
  if (fullName(own) !== '' && fullName(own) === fullName(other)) {
    // One name, however it is cut in two.
    const { firstName: _, lastName: __, ...rest } = filled
    return { ...pickName(other), ...rest }
  }
  return filled
}

const pickName = ({ firstName, lastName }: Entry): Entry => ({
  ...(firstName !== undefined && { firstName }),
  ...(lastName !== undefined && { lastName }),
})

/**
 * A part that is said anew keeps what was learned beyond what the product said before: the lines after its own, and the codes before
 * its number, where the new number is as long as the one before and has none itself. `isHeard`: a line that is said as before is
 * none that the product changed.
 */
export function extended(
  part: string,
  own: unknown,
  { learned, said, isHeard }: { readonly learned: Entry; readonly said: Entry; readonly isHeard: boolean },
): unknown {
  if (part === 'lines' && Array.isArray(own)) {
    const isSameStreet = own.length > 0 && isBeginOf({ lines: own }, learned)
    if (isSameStreet) return [...own, ...linesOf(learned).slice(Math.max(own.length, linesOf(said).length))]
    const isStreet = isHeard && own.length > 0 && linesOf(said).length > 0
    return (isStreet && mergeLines(linesOf(said), own, linesOf(learned))) || own
  }
  const [before, now, whole] = [digits(said.number), digits(own), learned.number]
  if (part !== 'number' || typeof whole !== 'string' || !isEndOf(part, said.number, whole)) return own
  const isLocal = now.length === before.length && !/^\s*[+0(]/.test(String(own))
  return isLocal ? `${codesOf(whole, before.length)}${String(own)}` : own
}

/** A number without so many digits at its end. */
function codesOf(number: string, length: number): string {
  let at = number.length
  for (let left = length; left > 0 && at > 0; at -= 1) if (/\d/.test(number[at - 1] ?? '')) left -= 1
  return number.slice(0, at)
}

/** The parts that both entries say alike. */
export const commonParts = (one: Entry, other: Entry): Entry =>
  Object.fromEntries(Object.entries(one).filter(([part, value]) => sameValue(value, other[part])))

/** The parts of an entry that the product did not say before; a number, because it may have said the end of it only. */
export const withoutParts = (entry: Entry, said: Entry): Entry =>
  Object.fromEntries(Object.entries(entry).filter(([part]) => part === 'number' || isBlank(said[part])))

export interface EntryMerge {
  readonly entry: Entry
  readonly agreed: Entry
  /** A part that both sides changed stays ours. */
  readonly isKept: boolean
}

/**
 * Parts that changed there are taken where `isTaken` says so, asked whether we changed them too. `isSent`: a part that stands there as
 * a call without an answer sent it is no change of theirs. `isKnown`: what was not taken
 * is known to both sides all the same. `isOpen`: what we changed waits to be sent, so that lines of ours are merged with theirs.
 */
export function mergeEntries(
  { ours, theirs, agreed }: { readonly ours: Entry; readonly theirs: Entry; readonly agreed: Entry },
  {
    isTaken,
    isSent,
    isKnown,
    isOpen,
  }: {
    readonly isTaken: (isOurs: boolean, part: string) => boolean
    readonly isSent: (part: string) => boolean
    readonly isKnown: (before: unknown) => boolean
    readonly isOpen: boolean
  },
): EntryMerge {
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
    if (isSent(part)) {
      set(base, part, value)
      continue
    }
    const isChanged = !sameValue(ours[part], agreed[part])
    const isStreet = part === 'lines' && isOpen && isChanged && isTaken(false, part)
    const street = isStreet ? mergeLines(linesOf(agreed), linesOf(ours), linesOf(theirs)) : null
    if (street) {
      set(entry, part, street)
      set(base, part, value)
      continue
    }
    // A part that neither side had is written over nothing, whoever wins.
    const isNew = isBlank(ours[part]) && isBlank(agreed[part])
    if (sameValue(ours[part], value) || isNew || isTaken(isChanged, part)) {
      set(entry, part, value)
      set(base, part, value)
      continue
    }
    isKept = true
    if (isKnown(agreed[part])) set(base, part, value)
  }
  return { entry, agreed: base, isKept }
}
