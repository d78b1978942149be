// Persons of a contact have no id. One side may know half a name, or none: who has the same mailbox or the same half, and nothing that
// says otherwise, is the same person, and stands there once.
import type { Entry } from './merging-entries.ts'

type Fields = Readonly<Record<string, unknown>>

const list = 'contactPersons/'

const personsOf = (fields: Fields): [string, Entry][] =>
  Object.entries(fields).filter((field): field is [string, Entry] => field[0].startsWith(list))

const plain = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '')

const isSame = (part: string, one: Entry, other: Entry): boolean =>
  plain(one[part]) !== '' && plain(one[part]) === plain(other[part])

const mayBeSame = (part: string, one: Entry, other: Entry): boolean =>
  plain(one[part]) === '' || plain(other[part]) === '' || isSame(part, one, other)

type IsIt = (one: Entry, other: Entry) => boolean

const haveNoOtherName: IsIt = (one, other) => mayBeSame('firstName', one, other) && mayBeSame('lastName', one, other)

/** The same mailbox, and no part of the name that says otherwise. */
const hasMailboxOf: IsIt = (one, other) => isSame('email', one, other) && haveNoOtherName(one, other)

/** The half of a name that one of them has, and no other mailbox. */
const hasHalfOf: IsIt = (one, other) =>
  (isSame('firstName', one, other) || isSame('lastName', one, other)) &&
  haveNoOtherName(one, other) &&
  mayBeSame('email', one, other)

/** The only one that it can be; a mailbox says more than half a name. */
function personOf(persons: readonly Entry[], free: readonly [string, Entry][]): string | null {
  for (const isIt of [hasMailboxOf, hasHalfOf]) {
    const found = free.filter(([, other]) => persons.some((person) => isIt(person, other)))
    if (found.length > 0) return found.length === 1 ? (found[0]?.[0] ?? null) : null
  }
  return null
}

/**
 * Keys of persons, by the keys that they have in another state. `before`: what the same side said last, which tells who it meant when
 * a mailbox changed since.
 */
export function personKeys(known: Fields, fields: Fields, before: Fields = fields): ReadonlyMap<string, string> {
  const there = personsOf(known)
  const free = there.filter(([key]) => !(key in fields))
  const keys = new Map<string, string>()
  for (const [key, person] of personsOf(fields)) {
    if (key in known) continue
    const said = before[key] ?? person
    const match = personOf([said as Entry, person], free)
    if (match !== null && ![...keys.values()].includes(match)) keys.set(key, match)
  }
  return keys
}

/** Fields whose persons have the keys that they have in another state. */
export function withPersonsOf(known: Fields, fields: Fields, before: Fields = fields): Fields {
  const keys = personKeys(known, fields, before)
  if (keys.size === 0) return fields
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [keys.get(key) ?? key, value]))
}
