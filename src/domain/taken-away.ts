// Fields that the product held and took away. Each is emptied in Xero in the value that empties it; what stands there all the same
// after the write (Xero has no value that empties it, or the settings fill it) is the record's again, and is told.
import type { Fields } from './merging.ts'
import { type Entry, isEntry, sameValue } from './merging-entries.ts'
import { mappedTaxType } from './posting/taxes.ts'
import type { Settings } from './settings/index.ts'

/** The product has its own words for these, which the settings translate. */
const sectionOf: Readonly<Record<string, 'invoices' | 'vendors'>> = {
  salesTaxCode: 'invoices',
  purchaseTaxCode: 'vendors',
}
/** Xero has no empty price: nothing is what empties it. */
const prices: readonly string[] = ['salePrice', 'purchasePrice']

const isNothing = (key: string, value: unknown): boolean =>
  value === undefined || (prices.includes(key) && Number(value) === 0)

/** Whether a value in Xero is what the record says, be it in another word. */
function isSaid(key: string, own: unknown, there: unknown, settings: Settings): boolean {
  if (sameValue(own, there)) return true
  const section = sectionOf[key]
  return section !== undefined && typeof own === 'string' && mappedTaxType(own, settings[section].taxMap) === there
}

/** The settings fill these where they stand empty. */
const accounts: readonly string[] = ['incomeAccount', 'expenseAccount']

/** A record without an account says nothing about it: one that somebody sets in Xero stands against nothing. */
export const isUnsaid = (key: string, fields: Fields): boolean => accounts.includes(key) && fields[key] === undefined

/**
 * Of the fields that a record held at the last agreement and holds no more, those to be emptied. A tax code that the settings
 * never translated was never sent: another one that stands there is somebody else's. So is another account, which the one of the
 * settings would replace.
 */
export const toBeEmptied = (
  removed: ReadonlySet<string>,
  { agreed, theirs }: { readonly agreed: Fields; readonly theirs: Fields },
  settings: Settings,
): ReadonlySet<string> =>
  new Set(
    [...removed].filter((key) => {
      const mayBeAnothers = key in sectionOf || accounts.includes(key)
      return !mayBeAnothers || isSaid(key, agreed[key], theirs[key], settings)
    }),
  )

/** Parts of an entry that were agreed on, are written no more, and stand there. */
const partsLeft = (was: Entry, written: Entry, there: Entry): Entry =>
  Object.fromEntries(Object.entries(there).filter(([part]) => part in was && !(part in written)))

/** Fields that a write was to take away and that its answer still shows, as the record has to say them. */
export function leftOver(
  agreed: Fields,
  written: Fields,
  theirs: Fields,
  settings: Settings,
): { readonly fields: Fields; readonly kept: readonly string[] } {
  const fields: Record<string, unknown> = {}
  const kept: string[] = []
  for (const [key, was] of Object.entries(agreed)) {
    const [own, there] = [written[key], theirs[key]]
    if (isNothing(key, there)) continue
    if (own === undefined) {
      const isAsWas = isSaid(key, was, there, settings)
      fields[key] = isAsWas ? was : there
      if (isAsWas) kept.push(key)
    } else if (isEntry(key, was) && isEntry(key, own) && isEntry(key, there)) {
      const parts = partsLeft(was, own, there)
      if (Object.keys(parts).length === 0) continue
      fields[key] = { ...own, ...parts }
      kept.push(key)
    }
  }
  return { fields, kept }
}

/** Fields of a record with what is its own again; a value that it says itself goes before. */
export function takenBack(own: Fields, left: Fields): Fields {
  const fields: Record<string, unknown> = { ...left, ...own }
  for (const [key, value] of Object.entries(left)) {
    const said = own[key]
    if (isEntry(key, value) && isEntry(key, said)) fields[key] = { ...value, ...said }
  }
  return fields
}
