// Finds the contact in Xero that an unlinked record means, by the fields of settings.matchBy in their order. An archived
// contact, which can be neither edited nor used, is none (xero.md, Contacts). A mailbox or a number alone, also a contact number
// that another installation gave, does not make two contacts one: where the names differ, a person decides, because the invoices
// of one would land on the other.

import type { RecordType } from './entity-types.ts'
import { type ContactRole, contactNumber } from './posting/contact.ts'
import type { Contact } from './records/index.ts'
import type { MatchField } from './settings/contacts.ts'

export type MatchKeys = { readonly [F in MatchField]: string | null }
export interface ContactKeys extends MatchKeys {
  readonly remoteId: string
  readonly archived: boolean
  /** The name with its blanks, as it stands there. */
  readonly spelledName?: string | null
  /** True of another record's contact: none may take it, and Xero gives its name to no second contact. */
  readonly isTaken?: boolean
  /** A person unlinked the record from it: under another name it is not the record's again. */
  readonly isLeft?: boolean
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
  /** A contact of a similar name fits by such a key, and another one bears the very name. */
  | { readonly kind: 'namesake'; readonly by: MatchField; readonly remoteIds: readonly string[] }
  /** One contact fits by a key that says little alone, under another name. */
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

/** People part tax numbers with spaces, hyphens, dots and slashes: these say nothing. */
export const taxNumberKey = (value: string | null): string | null =>
  normalisedKey(value)?.replaceAll(/[\s./-]/g, '') || null

/** The texts that people type where they have nothing to type. */
const placeholder = /^(n\/?a|none|nil|null|no|unknown|tb[acd]|not applicable|0+|x+|-+|\.+|\?+)$/

const isNumber = (field: MatchField): boolean => field === 'accountNumber' || field === 'taxNumber'

const keyOf = (field: MatchField, value: string | null): string | null => {
  const key = normalisedKey(value)
  if (key !== null && isNumber(field) && placeholder.test(key.replaceAll(/[\s,;:_]/g, ''))) return null
  return field === 'taxNumber' ? taxNumberKey(value) : key
}

/** Legal forms, each with the word for it that others write. Companies of one group differ by them, and share a mailbox. */
const legalForms = new Map(
  (
    'ltd=limited inc=incorporated co=company corp=corporation pty=proprietary ' +
    'llc llp lp plc gmbh ag kg ohg ug sa sarl sas srl spa bv nv oy ab as aps kft sro doo'
  )
    .split(' ')
    .flatMap((entry) => {
      const [form = '', ...others] = entry.split('=')
      return [form, ...others].map((word): [string, string] => [word, form])
    }),
)

interface Name {
  /** The words that tell it from others: no accents, no punctuation, no legal form. */
  readonly words: string
  readonly forms: string
}

function nameOf(name: string | null): Name {
  const plain = (name ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’‘ʼ`´]/gu, '')
    .replaceAll('&', ' and ')
  // "B.V." is one word.
  const joined = plain.replace(/(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])/gu, (dotted) =>
    dotted.replaceAll('.', ''),
  )
  const all = joined.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  // A name of symbols alone.
  if (all.length === 0) return { words: spelling(name), forms: '' }
  const telling = all.filter((word) => !legalForms.has(word))
  const forms = all.flatMap((word) => legalForms.get(word) ?? [])
  return telling.length > 0 ? { words: telling.join(' '), forms: forms.join(' ') } : { words: all.join(' '), forms: '' }
}

type Alike = (one: string | null, other: string | null) => boolean

/** "Acme Ltd." and "ACME Limited"; "Acme" and "Acme Ltd" may be two. */
export const isAlike: Alike = (one, other) => {
  const [a, b] = [nameOf(one), nameOf(other)]
  return a.words === b.words && a.forms === b.forms
}

/** The same name of a contact, code of an item or number of a document: it is meant to be the same one, also where it was entered anew. */
export function isSameIdentity(type: RecordType, one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  return type === 'customer' || type === 'vendor' ? isAlike(one, other) : normalisedKey(one) === normalisedKey(other)
}

/** "Acme" and "Acme Ltd": a number that fits as well says that they are one. "Acme Perth" is a branch with the same number. */
const isNear: Alike = (one, other) => {
  const [a, b] = [nameOf(one), nameOf(other)]
  return a.words === b.words && (a.forms === b.forms || a.forms === '' || b.forms === '')
}

/** Fields that say little without the name, and how alike the names must be. */
const weak: Partial<Record<MatchField, Alike>> = {
  contactNumber: isNear,
  email: isAlike,
  accountNumber: isNear,
  taxNumber: isNear,
}

/** A contact number that another installation gave may be anybody's: one more key has to fit. */
const witnesses: readonly MatchField[] = ['accountNumber', 'taxNumber', 'email']

/** Blanks part names in Xero, letter case does not. */
const spelling = (name: string | null): string => (name ?? '').normalize('NFC').trim().toLowerCase()

/** The active contacts that bear the very name: as it is spelled, else those whose names differ by blanks only. */
function bearersOf(name: string | null, candidates: readonly ContactKeys[]): readonly ContactKeys[] {
  const own = normalisedKey(name)
  if (own === null) return []
  const bearers = candidates.filter((candidate) => !candidate.archived && normalisedKey(candidate.name) === own)
  const spelled = bearers.filter((bearer) => spelling(bearer.spelledName ?? bearer.name) === spelling(name))
  return spelled.length > 0 ? spelled : bearers
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
  const { matchBy } = rules
  const own = normalisedKey(record.name)
  const belongsToOther = (candidate: ContactKeys): boolean => {
    const name = normalisedKey(candidate.name)
    return name !== null && name !== own && names.has(name)
  }
  const isWitnessed = (candidate: ContactKeys): boolean =>
    !candidate.isLeft &&
    witnesses.some((field) => {
      const key = keyOf(field, record[field])
      return key !== null && key === keyOf(field, candidate[field])
    })
  const bearers = idsOf(bearersOf(record.name, candidates))
  const isChosen = (by: MatchField): boolean => by === 'email' && matchBy.indexOf('name') > matchBy.indexOf(by)
  /** Xero would refuse the record's name to this contact, and what is posted to it meanwhile may be the other one's. */
  const hasNamesake = (remoteId: string, by: MatchField): boolean =>
    by !== 'contactNumber' && !isChosen(by) && bearers.length > 0 && !bearers.includes(remoteId)
  // A key that fits under another name is the last word only where no contact bears the very name.
  let doubt: ContactMatch | null = null
  let likely: ContactMatch | null = null
  for (const by of matchBy) {
    const wanted = keyOf(by, record[by])
    if (wanted === null || (likely && by !== 'name')) continue
    const fits = (candidate: ContactKeys): boolean =>
      by === 'name' ? bearers.includes(candidate.remoteId) : keyOf(by, candidate[by]) === wanted
    const fitting = candidates.filter((candidate) => !candidate.archived && !candidate.isTaken && fits(candidate))
    const areAlike = weak[by]
    const free = areAlike ? fitting.filter((candidate) => !belongsToOther(candidate)) : fitting
    const isIt = (candidate: ContactKeys): boolean => !areAlike || areAlike(candidate.name, record.name)
    const alike = idsOf(free.filter(isIt))
    const [match, ...others] = alike
    if (match !== undefined && others.length === 0) {
      if (!hasNamesake(match, by)) return { kind: 'match', remoteId: match, by }
      doubt ??= { kind: 'namesake', by, remoteIds: [match, ...bearers] }
      continue
    }
    if (match !== undefined) {
      const ambiguous: ContactMatch = { kind: 'ambiguous', by, remoteIds: alike }
      if (!isNumber(by)) return doubt ?? ambiguous
      doubt ??= ambiguous
      continue
    }
    const [witness, ...rest] = by === 'contactNumber' ? idsOf(free.filter(isWitnessed)) : []
    if (witness !== undefined && rest.length === 0) {
      likely = { kind: 'match', remoteId: witness, by }
      continue
    }
    const remoteIds = idsOf(free)
    const [only, ...more] = remoteIds
    const rule = ruleOf(by, rules)
    if (only === undefined || rule === 'create') continue
    if (rule === 'match' && more.length === 0 && hasNamesake(only, by)) {
      doubt ??= { kind: 'namesake', by, remoteIds: [only, ...bearers] }
      continue
    }
    if (rule === 'match' && more.length === 0 && by === 'email') return { kind: 'match', remoteId: only, by }
    if (rule === 'match' && more.length === 0) likely = { kind: 'match', remoteId: only, by }
    else doubt ??= { kind: more.length > 0 ? 'ambiguous' : 'other_name', by, remoteIds }
  }
  return likely ?? doubt ?? { kind: 'none' }
}

/** Somebody else's contact may bear a contact number of ours: it is never enough for the same contact. */
function ruleOf(by: MatchField, { onEmailOnly, onNumberOnly }: MatchRules): 'conflict' | 'match' | 'create' {
  if (by === 'email') return onEmailOnly
  return by === 'contactNumber' && onNumberOnly === 'match' ? 'conflict' : onNumberOnly
}

const idsOf = (candidates: readonly ContactKeys[]): string[] => [...new Set(candidates.map(({ remoteId }) => remoteId))]
