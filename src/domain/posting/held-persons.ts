// Further persons of a contact wait for its main person: Xero adds none where that has no e-mail address (xero.md, Contacts). The
// list is left out then, so that those who stand there stay, and everything else of the contact arrives.
import type { Fields } from '../merging.ts'
import { sameValue } from '../merging-entries.ts'
import type { PostedContact } from './posted.ts'

const isPerson = (key: string): boolean => key.startsWith('contactPersons/')

/** `theirs`: the contact as it stands in Xero; null: not known. Taking all persons away adds none. */
export function holdsPersons({ contactPersons = [], email }: PostedContact, theirs: Fields | null): boolean {
  return contactPersons.length > 0 && theirs !== null && !(email ?? theirs.email)
}

export function withoutPersons({ contactPersons: _, ...document }: PostedContact): PostedContact {
  return document
}

/** Fields that both sides agree on once they were sent without persons: of those, what stands in Xero, or was agreed on before. */
export function agreeingWithoutPersons(fields: Fields, { agreed, theirs }: { agreed: Fields; theirs: Fields }): Fields {
  const isThere = ([key, value]: [string, unknown]) => !isPerson(key) || sameValue(value, theirs[key])
  const known = Object.entries(agreed).filter(([key]) => isPerson(key))
  return Object.fromEntries([...known, ...Object.entries(fields).filter(isThere)])
}

/** Whether a record says other persons than both sides agree on. */
export const hasHeldPersons = (fields: Fields, agreed: Fields): boolean =>
  [...Object.keys(fields), ...Object.keys(agreed)].some((key) => isPerson(key) && !sameValue(fields[key], agreed[key]))
