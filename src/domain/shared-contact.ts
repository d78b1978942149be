// Records that are one contact are editors of one thing: a customer and a vendor, or those of contacts merged in Xero. Where both
// say a field and say it differently, neither is written over the other without a word; everything else of both arrives.
import type { Fields } from './merging.ts'
import { type Entry, isEntry, isSameNumber, sameValue } from './merging-entries.ts'
import type { Difference } from './sync-state.ts'

/** Each role has its own side of these, or they are no matter of the contact. The web site is read-only in Xero. */
const ownSide: readonly string[] = [
  ...['terms', 'salesTaxCode', 'purchaseTaxCode', 'legalName', 'type', 'active'],
  'website',
]

/** Spaces and case make no other name. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'string' ? value.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase() : value
}

/** Characters that people put between digits to read them. */
const separators = /[\s().\-/]/gu

/** Fields and parts whose separators say nothing. */
const numbers: readonly string[] = ['number', 'taxNumber']

function isOther(name: string, one: unknown, other: unknown): boolean {
  const bare = (value: unknown) =>
    numbers.includes(name) && typeof value === 'string' ? value.replace(separators, '') : value
  return !sameValue(plain(bare(one)), plain(bare(other)))
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A field, or a part of an entry of a list, that two records of a contact say differently. */
export interface Disagreement {
  readonly key: string
  readonly part: string | null
  readonly one: unknown
  readonly other: unknown
}

/** Fields that both hold and that differ; of an entry of a list, its parts. */
export function disagreements(one: Fields, other: Fields): Disagreement[] {
  return Object.keys(one).flatMap((key): Disagreement[] => {
    const [own, theirs] = [one[key], other[key]]
    if (theirs === undefined || own === undefined || ownSide.includes(key)) return []
    if (!isEntry(key, own) || !isEntry(key, theirs)) {
      return isOther(key, own, theirs) ? [{ key, part: null, one: own, other: theirs }] : []
    }
    return partsOf(own, theirs).map((part) => ({ key, part, one: own[part], other: theirs[part] }))
  })
}

/** `product` is what the first one says. */
export const asDifference = ({ key, part, one, other }: Disagreement): Difference => ({
  field: part === null ? `/${key}` : `/${key}/${part}`,
  product: shown(one),
  xero: shown(other),
})

const partsOf = (one: Entry, other: Entry): string[] =>
  Object.keys(one).filter(
    (part) => part in other && isOther(part, one[part], other[part]) && !isSameNumber(part, one[part], other[part]),
  )

/** Fields with those in dispute as another state has them, or without them where it has none. */
export function undisputed(
  fields: Fields,
  disputed: readonly Pick<Disagreement, 'key' | 'part'>[],
  otherwise: Fields,
): Fields {
  const left: Record<string, unknown> = { ...fields }
  const set = (side: Record<string, unknown>, name: string, value: unknown) => {
    if (value === undefined) delete side[name]
    else side[name] = value
  }
  for (const { key, part } of disputed) {
    const [own, theirs] = [left[key], otherwise[key]]
    if (part === null || !isEntry(key, own)) {
      set(left, key, theirs)
      continue
    }
    const entry: Record<string, unknown> = { ...own }
    set(entry, part, isEntry(key, theirs) ? theirs[part] : undefined)
    // Nothing but the kind is no entry, unless the other state has it so.
    const isEmptied = theirs === undefined && Object.keys(entry).every((name) => name === 'kind')
    set(left, key, isEmptied ? undefined : entry)
  }
  return left
}

/** Fields as they are said, those that differ by spaces, case or separators alone as they stand already. */
export function asStanding(said: Fields, standing: Fields): Fields {
  const taken: Record<string, unknown> = { ...said }
  for (const [key, own] of Object.entries(said)) {
    const there = standing[key]
    if (there === undefined || ownSide.includes(key)) continue
    if (isEntry(key, own) && isEntry(key, there)) {
      const alike = Object.entries(there).filter(([part, value]) => part in own && !isOther(part, own[part], value))
      taken[key] = { ...own, ...Object.fromEntries(alike) }
    } else if (!isOther(key, own, there)) taken[key] = there
  }
  return taken
}

/** The fields, and the parts of entries, that are otherwise than both sides last agreed. */
export function changesOf(fields: Fields, agreed: Fields): Fields {
  return differing(fields, agreed, (own, known) => !sameValue(own, known))
}

/** Fields that both sides never agreed on: the record said them when it met the contact. */
export const unagreed = (fields: Fields, agreed: Fields): Fields =>
  differing(fields, agreed, (_, known) => known === undefined)

function differing(fields: Fields, agreed: Fields, isIt: (own: unknown, known: unknown) => boolean): Fields {
  const found: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const known = agreed[key]
    if (sameValue(value, known)) continue
    if (!isEntry(key, value) || !isEntry(key, known)) {
      if (isIt(value, known)) found[key] = value
      continue
    }
    const parts = Object.entries(value).filter(([part, own]) => isIt(own, known[part]))
    if (parts.length > 0) found[key] = Object.fromEntries(parts)
  }
  return found
}

/** Of the fields of a record as it is now, those that the product handed over. */
export function stillGiven(fields: Fields, given: Fields): Fields {
  const own: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const said = given[key]
    if (said === undefined) continue
    own[key] =
      isEntry(key, value) && isEntry(key, said)
        ? Object.fromEntries(Object.entries(value).filter(([part]) => part in said))
        : value
  }
  return own
}
