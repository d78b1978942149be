// Records that are one contact are editors of one thing: a customer and a vendor, or those of contacts merged in Xero. Where both
// say a field and say it differently, neither is written over the other without a word.
import type { Fields } from './merging.ts'
import { type Entry, isEntry, isSameNumber, sameValue } from './merging-entries.ts'
import type { Difference } from './sync-state.ts'

/** Each role has its own side of these, or they are no matter of the contact. */
const ownSide: readonly string[] = ['terms', 'salesTaxCode', 'purchaseTaxCode', 'legalName', 'type', 'active']

/** Spaces and case make no other name. */
const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase() : value

const isOther = (one: unknown, other: unknown): boolean => !sameValue(plain(one), plain(other))

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Fields that both hold and that differ; of an entry of a list, its parts. `product` is what the first one says. */
export function disagreements(one: Fields, other: Fields): Difference[] {
  return Object.keys(one).flatMap((key): Difference[] => {
    const [own, theirs] = [one[key], other[key]]
    if (theirs === undefined || own === undefined || ownSide.includes(key)) return []
    if (!isEntry(key, own) || !isEntry(key, theirs)) {
      return isOther(own, theirs) ? [{ field: `/${key}`, product: shown(own), xero: shown(theirs) }] : []
    }
    return partsOf(own, theirs).map((part) => ({
      field: `/${key}/${part}`,
      product: shown(own[part]),
      xero: shown(theirs[part]),
    }))
  })
}

const partsOf = (one: Entry, other: Entry): string[] =>
  Object.keys(one).filter(
    (part) => part in other && isOther(one[part], other[part]) && !isSameNumber(part, one[part], other[part]),
  )

/** The fields, and the parts of entries, that are otherwise than both sides last agreed. */
export function changesOf(fields: Fields, agreed: Fields): Fields {
  const changed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const known = agreed[key]
    if (sameValue(value, known)) continue
    changed[key] =
      isEntry(key, value) && isEntry(key, known)
        ? Object.fromEntries(Object.entries(value).filter(([part, own]) => !sameValue(own, known[part])))
        : value
  }
  return changed
}
