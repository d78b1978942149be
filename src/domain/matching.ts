// Finds the contact in Xero that an unlinked record means, by the fields of settings.matchBy in their order. An archived
// contact, which can be neither edited nor used, is none (FACTS §3, Contacts). A mailbox or a number alone does not make two
// contacts one: where the names differ, a person decides, because the invoices of one would land on the other.

import { type ContactRole, contactNumber } from './posting/contact.ts'
import type { Contact } from './records/index.ts'
import type { MatchField } from './settings/contacts.ts'

export type MatchKeys = { readonly [F in MatchField]: string | null }
export interface ContactKeys extends MatchKeys {
  readonly remoteId: string
  readonly archived: boolean
}

export interface MatchRules {
  readonly matchBy: readonly MatchField[]
  /** What happens when only the e-mail address fits, or only an account or tax number, and the names differ. */
  readonly onEmailOnly: 'conflict' | 'match' | 'create'
  readonly onNumberOnly: 'conflict' | 'match' | 'create'
}

export type ContactMatch =
  | { readonly kind: 'none' }
  | { readonly kind: 'match'; readonly remoteId: string; readonly by: MatchField }
  | { readonly kind: 'ambiguous'; readonly by: MatchField; readonly remoteIds: readonly string[] }
  /** One contact fits, under another name. */
  | { readonly kind: 'other_name'; readonly by: MatchField; readonly remoteIds: readonly string[] }

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

/** The texts that people type where they have nothing to type. */
const placeholder = /^(n\/?a|none|nil|null|no|unknown|tb[acd]|not applicable|0+|x+|-+|\.+|\?+)$/

const keyOf = (field: MatchField, value: string | null): string | null => {
  const key = normalisedKey(value)
  const isNumber = field === 'accountNumber' || field === 'taxNumber'
  return key !== null && isNumber && placeholder.test(key.replaceAll(/[\s,;:_]/g, '')) ? null : key
}

const legalForms = new Set(
  'ltd limited inc incorporated llc llp lp plc pty co company corp corporation gmbh ag kg ohg ug sa sarl sas srl spa bv nv oy ab as aps kft sro doo'.split(
    ' ',
  ),
)

/** The words of a name that tell it from others: no accents, no punctuation, no legal form. */
function words(name: string | null): string[] {
  const plain = (name ?? '').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll("'", '')
  const all = plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const telling = all.filter((word) => !legalForms.has(word))
  return telling.length > 0 ? telling : all
}

const isAlike = (one: string | null, other: string | null): boolean => words(one).join(' ') === words(other).join(' ')

/** "Acme" and "Acme Holdings": a number that fits as well says that they are one. */
function isPartOf(one: string | null, other: string | null): boolean {
  const [shorter = [], longer = []] = [words(one), words(other)].sort((a, b) => a.length - b.length)
  return shorter.length > 0 && shorter.every((word) => longer.includes(word))
}

/** Fields that say little without the name, and how alike the names must be. */
const weak: Partial<Record<MatchField, typeof isAlike>> = {
  email: isAlike,
  accountNumber: isPartOf,
  taxNumber: isPartOf,
}

/**
 * `names`: those of the other records that look for their contacts. A contact that bears one of them is that record's, and no
 * other record takes it by a weaker key.
 */
export function matchContact(
  record: MatchKeys,
  candidates: readonly ContactKeys[],
  rules: MatchRules,
  names: ReadonlySet<string> = new Set(),
): ContactMatch {
  const own = normalisedKey(record.name)
  const belongsToOther = (candidate: ContactKeys): boolean => {
    const name = normalisedKey(candidate.name)
    return name !== null && name !== own && names.has(name)
  }
  for (const by of rules.matchBy) {
    const wanted = keyOf(by, record[by])
    if (wanted === null) continue
    const fitting = candidates.filter((candidate) => !candidate.archived && keyOf(by, candidate[by]) === wanted)
    const areAlike = weak[by]
    const free = areAlike ? fitting.filter((candidate) => !belongsToOther(candidate)) : fitting
    const alike = areAlike ? free.filter((candidate) => areAlike(candidate.name, record.name)) : free
    const found = alike.length > 0 ? alike : free
    const remoteIds = [...new Set(found.map((candidate) => candidate.remoteId))]
    const [remoteId] = remoteIds
    if (remoteIds.length > 1) return { kind: 'ambiguous', by, remoteIds }
    if (remoteId === undefined) continue
    if (alike.length > 0) return { kind: 'match', remoteId, by }
    const rule = by === 'email' ? rules.onEmailOnly : rules.onNumberOnly
    if (rule === 'match') return { kind: 'match', remoteId, by }
    if (rule === 'conflict') return { kind: 'other_name', by, remoteIds }
  }
  return { kind: 'none' }
}
