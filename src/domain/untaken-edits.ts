// Edits in Xero that `import: off` keeps from a record. The record does not learn them, and a write of it leaves them as they
// stand: it speaks as the record would that had learned them, until the product says something else in the field.
import { type Fields, fieldsOf, handedPart, isAddress, leftOfAddress, sparseBody } from './merging.ts'
import { filledFrom, isBlank, isEmpty, isEntry, sameValue } from './merging-entries.ts'
import { personKeys, withPersonsOf } from './merging-persons.ts'

/** By field: what the record says, and what is left in Xero in its place. */
export type Untaken = Readonly<Record<string, { readonly said: unknown; readonly there: unknown }>>

const over = (fields: Record<string, unknown>, key: string, value: unknown): void => {
  if (isEmpty(value)) delete fields[key]
  else fields[key] = value
}

/** Values in Xero of fields of which the record said nothing. */
const unsaidOf = (untaken: Untaken | null): Fields =>
  Object.fromEntries(
    Object.entries(untaken ?? {}).flatMap(([key, { said, there }]) => (isEmpty(said) ? [[key, there]] : [])),
  )

/** A person that the product adds may be one of whom it knows less than stands there. */
const asNamedThere = (own: Fields, untaken: Untaken | null): Fields => withPersonsOf(unsaidOf(untaken), own)

/** Fields in Xero as the record has them that is kept from learning: of an entry, the parts in which it reads otherwise there. */
export function withoutUntaken(standing: Fields, untaken: Untaken | null): Fields {
  const fields: Record<string, unknown> = { ...standing }
  for (const [key, { said, there }] of Object.entries(untaken ?? {})) {
    const before = standing[key]
    delete fields[ownKey(key, there)]
    if (isEntry(key, before) && isEntry(key, said) && isEntry(key, there)) {
      const entry: Record<string, unknown> = { ...before }
      for (const part of new Set([...Object.keys(said), ...Object.keys(there)]))
        if (!sameValue(said[part], there[part])) over(entry, part, said[part])
      fields[key] = entry
    } else over(fields, key, said)
  }
  return fields
}

/** The fields of a record as a write says them. What the product changed since is its own. */
export function withUntaken(own: Fields, untaken: Untaken | null): Fields {
  const named = asNamedThere(own, untaken)
  const fields: Record<string, unknown> = { ...named }
  for (const [key, { said, there }] of Object.entries(untaken ?? {})) {
    if (sameValue(named[key], said)) over(fields, key, there)
    else over(fields, key, saidAnew(key, named[key], { said, there }))
  }
  // A person of whom Xero knows more has another name there.
  return fieldsOf(sparseBody(fields))
}

/**
 * The fields that a write says where the product wins: what the record does not hold, and the product never said, is as it stands
 * in Xero by now. `given`: what the product says itself; a value that the record only learned, and that somebody changed there since,
 * is none of it.
 */
export function leftOpen(own: Fields, untaken: Untaken | null, theirs: Fields, given: Fields): Fields {
  const fields: Record<string, unknown> = { ...withUntaken(own, untaken) }
  const named = asNamedThere(own, untaken)
  for (const [known, { said, there }] of Object.entries(untaken ?? {})) {
    const [key, held] = [ownKey(known, there), named[known]]
    const now = theirs[key]
    const isLeft = sameValue(held, said) && !isEntry(known, held)
    if (isLeft || (isEmpty(held) && isEmpty(said))) over(fields, key, now)
    else if (isEmpty(held) && isAddress(known, said)) {
      // Taken away, it leaves what the product never said.
      over(fields, key, isAddress(key, now) ? leftOfAddress(now, said) : null)
    } else if (isEntry(known, held)) {
      const before = isEntry(known, said) ? said : {}
      const words = isEntry(known, given[known]) ? given[known] : {}
      const isLearned = (part: string) => isBlank(words[part]) && sameValue(held[part], before[part])
      const isTakenAway = (part: string) => isBlank(held[part]) && !isBlank(before[part])
      const open = Object.entries(isEntry(key, now) ? now : {}).filter(([part]) => !isTakenAway(part))
      const kept = Object.fromEntries(Object.entries(held).filter(([part]) => part === 'kind' || !isLearned(part)))
      const isOpen = Object.keys(kept).every((part) => part === 'kind') && open.length === 0
      over(fields, key, isOpen ? null : filledFrom(kept, Object.fromEntries(open)))
    }
  }
  return fieldsOf(sparseBody(fields))
}

/** The key of an entry by what it says itself. */
const ownKey = (key: string, value: unknown): string =>
  isEntry(key, value) ? (Object.keys(fieldsOf(sparseBody({ [key]: value })))[0] ?? key) : key

/** Of an entry, parts that the product did not change, and those that it never said, are left too. */
function saidAnew(key: string, own: unknown, edit: { said: unknown; there: unknown }): unknown {
  const { there } = edit
  const said = isEmpty(edit.said) ? {} : edit.said
  if (!isEntry(key, said) || !isEntry(key, there)) return own
  if (isEntry(key, own)) return handedPart(own, there, { said, isHeard: true })
  return isAddress(key, there) ? leftOfAddress(there, said) : own
}

/**
 * Values that the record does not say of fields that are merged with Xero's. That a contact was archived is no content to leave
 * there. `before`: those of the last time, which tell who a person is that both sides name otherwise.
 */
export function untakenOf(own: Fields, merged: Fields, before: Untaken | null = null): Untaken {
  const known = Object.entries(before ?? {}).map(([key, { there }]): [string, string] => [key, ownKey(key, there)])
  const isPair = ([key, name]: [string, string]) => key !== name && key in own && !(key in merged) && name in merged
  const persons = new Map([...personKeys(merged, own), ...known.filter(isPair)])
  const named = new Set(persons.values())
  const keys = new Set([...Object.keys(own), ...Object.keys(merged).filter((key) => !named.has(key))])
  const differing = [...keys].flatMap((key): [string, Untaken[string]][] => {
    const there = merged[persons.get(key) ?? key]
    return key === 'active' || sameValue(own[key], there)
      ? []
      : [[key, { said: own[key] ?? null, there: there ?? null }]]
  })
  return Object.fromEntries(differing)
}

/**
 * After a write: where it said something else, the edit is over; of an entry, it is as it was written now. `sent`: what the record
 * said in that write, where that is known; a person that it added is known by the name that the record has. An entry that the record says
 * and that was left out of the write is still to be settled.
 */
export function stillUntaken(untaken: Untaken | null, written: Fields, sent: Fields = {}): Untaken {
  const added = new Map([...personKeys(unsaidOf(untaken), sent)].map(([own, key]) => [key, own]))
  const spoken = withUntaken(sent, untaken)
  return Object.fromEntries(
    Object.entries(untaken ?? {}).flatMap(([known, edit]): [string, Untaken[string]][] => {
      const name = ownKey(known, edit.there)
      const there = written[name]
      const key = added.get(known) ?? known
      const isSaid = isEntry(key, sent[key])
      if (isSaid && !sameValue(spoken[name], there)) return [[known, edit]]
      if (isEntry(key, there)) return [[key, { said: isSaid ? sent[key] : edit.said, there }]]
      return sameValue(there, edit.there) ? [[key, edit]] : []
    }),
  )
}
