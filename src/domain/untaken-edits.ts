// Edits in Xero that `import: off` keeps from a record. The record does not learn them, and a write of it leaves them as they
// stand: it speaks as the record would that had learned them, until the product says something else in the field.
import type { Fields } from './merging.ts'
import { isEmpty, sameValue } from './merging-entries.ts'

/** By field: what the record says, and what is left in Xero in its place. */
export type Untaken = Readonly<Record<string, { readonly said: unknown; readonly there: unknown }>>

const over = (fields: Record<string, unknown>, key: string, value: unknown): void => {
  if (isEmpty(value)) delete fields[key]
  else fields[key] = value
}

/** The fields of a record as a write says them. What the product changed since is its own. */
export function withUntaken(own: Fields, untaken: Untaken | null): Fields {
  const fields: Record<string, unknown> = { ...own }
  for (const [key, { said, there }] of Object.entries(untaken ?? {})) {
    if (sameValue(own[key], said)) over(fields, key, there)
  }
  return fields
}

/** What the record still does not say of fields that are merged with Xero's. That a contact was archived is no content to leave there. */
export function untakenOf(own: Fields, merged: Fields): Untaken {
  const keys = new Set([...Object.keys(own), ...Object.keys(merged)])
  const differing = [...keys].filter((key) => key !== 'active' && !sameValue(own[key], merged[key]))
  return Object.fromEntries(differing.map((key) => [key, { said: own[key] ?? null, there: merged[key] ?? null }]))
}

/** After a write: where it said something else, the edit is over. */
export const stillUntaken = (untaken: Untaken | null, written: Fields): Untaken =>
  Object.fromEntries(Object.entries(untaken ?? {}).filter(([key, { there }]) => sameValue(written[key], there)))
