// Persons of a contact have no id. One side may know half a name, or none: who has the same mailbox, and no other name, is the same
// person, and stands there once.
import type { Entry } from './merging-entries.ts'

type Fields = Readonly<Record<string, unknown>>

const list = 'contactPersons/'

const personsOf = (fields: Fields): [string, Entry][] =>
  Object.entries(fields).filter((field): field is [string, Entry] => field[0].startsWith(list))

const plain = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '')

/** The same mailbox, and no part of the name that says otherwise. */
const isSamePerson = (one: Entry, other: Entry): boolean =>
  plain(one.email) !== '' &&
  plain(one.email) === plain(other.email) &&
  (['firstName', 'lastName'] as const).every(
    (part) => plain(one[part]) === '' || plain(other[part]) === '' || plain(one[part]) === plain(other[part]),
  )

/**
 * Fields whose persons have the keys that they have in another state. `before`: what the same side said last, which tells who it
 * meant when a mailbox changed since.
 */
export function withPersonsOf(known: Fields, fields: Fields, before: Fields = fields): Fields {
  const there = personsOf(known)
  const free = there.filter(([key]) => !(key in fields))
  const keys = new Map<string, string>()
  for (const [key, person] of personsOf(fields)) {
    if (key in known) continue
    const said = before[key] ?? person
    const [match, ...others] = free.filter(
      ([, other]) => isSamePerson(said as Entry, other) || isSamePerson(person, other),
    )
    if (match && others.length === 0 && ![...keys.values()].includes(match[0])) keys.set(key, match[0])
  }
  if (keys.size === 0) return fields
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [keys.get(key) ?? key, value]))
}
