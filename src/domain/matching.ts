// Finds the contact in Xero that an unlinked record means, by the fields of settings.matchBy in their order. An active
// contact always goes before an archived one, which can be neither edited nor used (FACTS §3, Contacts).

import { type ContactRole, contactNumber } from './posting/contact.ts'
import type { Contact } from './records/index.ts'
import type { MatchField } from './settings/contacts.ts'

export type MatchKeys = { readonly [F in MatchField]: string | null }
export interface ContactKeys extends MatchKeys {
  readonly remoteId: string
  readonly archived: boolean
}

export type ContactMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'match'; readonly remoteId: string; readonly by: MatchField }
  | { readonly kind: 'ambiguous'; readonly by: MatchField; readonly remoteIds: readonly string[] }
  /** Only archived contacts fit. */
  | {
      readonly kind: 'archived'
      readonly by: MatchField
      readonly remoteId: string
      readonly remoteIds: readonly string[]
    }

/** The keys of a record. The contact number is the marker that its own posting would write. */
export const recordKeys = (record: Contact, role: ContactRole, recordId: string): MatchKeys => ({
  contactNumber: contactNumber(role, recordId),
  accountNumber: record.accountNumber ?? null,
  taxNumber: record.taxNumber ?? null,
  email: record.email ?? null,
  name: record.name,
})

/** Letter case, outer spaces and repeated spaces do not distinguish; empty is no key. */
export function normalisedKey(value: string | null): string | null {
  const text = value?.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase()
  return text ? text : null
}

export function matchContact(
  record: MatchKeys,
  candidates: readonly ContactKeys[],
  matchBy: readonly MatchField[],
): ContactMatch {
  const fitting = (field: MatchField, archived: boolean): string[] => {
    const wanted = normalisedKey(record[field])
    if (wanted === null) return []
    const found = candidates.filter(
      (candidate) => candidate.archived === archived && normalisedKey(candidate[field]) === wanted,
    )
    return [...new Set(found.map((candidate) => candidate.remoteId))]
  }
  for (const by of matchBy) {
    const remoteIds = fitting(by, false)
    const [remoteId] = remoteIds
    if (remoteIds.length > 1) return { kind: 'ambiguous', by, remoteIds }
    if (remoteId !== undefined) return { kind: 'match', remoteId, by }
  }
  for (const by of matchBy) {
    const remoteIds = fitting(by, true)
    const [remoteId] = remoteIds
    if (remoteId !== undefined) return { kind: 'archived', by, remoteId, remoteIds }
  }
  return { kind: 'none' }
}
