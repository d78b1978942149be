// A record and its contact or item in Xero, merged field by field like two editors of one thing. Three states meet: what both
// sides last agreed on, ours, theirs. What only one side changed is taken from that side; what both changed, the policy decides.
// A field that one side never held is not empty there: it is unknown, and says nothing.
import type { EntityRecordType } from './entity-types.ts'
import {
  commonParts,
  type Entry,
  extended,
  filledFrom,
  isBlank,
  isEmpty,
  isEntry,
  mergeEntries,
  sameValue,
  withoutParts,
} from './merging-entries.ts'
import { withPersonsOf } from './merging-persons.ts'
import { canonicalRecord, type RecordBody } from './records/index.ts'
import type { ConflictPolicy } from './settings/common.ts'

/**
 * The fields of a record, each entry of a list for itself: "email", "phones/mobile", "addresses/billing",
 * "contactPersons/ann lee". What is empty has no field.
 */
export type Fields = Readonly<Record<string, unknown>>

const entryKey: Readonly<Record<string, (entry: Entry) => string>> = {
  phones: ({ kind }) => String(kind),
  addresses: ({ kind }) => String(kind),
  // A person is known by the name, one without a name by the address.
  contactPersons: ({ firstName, lastName, email }) =>
    ([firstName, lastName].filter(Boolean).join(' ') || String(email ?? '')).trim().toLowerCase(),
}

/** The field of the body that a field belongs to. */
const nameOf = (key: string): string => key.split('/', 1)[0] ?? key

const pick = (fields: Fields, wanted: (key: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => wanted(key)))

/** The fields of a body. Id and version are no content. */
export function fieldsOf(body: Readonly<Record<string, unknown>>): Fields {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body)) {
    if (name === 'id' || name === 'version' || isEmpty(value)) continue
    const keyOf = entryKey[name]
    if (!keyOf || !Array.isArray(value)) {
      fields[name] = value
      continue
    }
    for (const entry of value as Entry[]) {
      let key = `${name}/${keyOf(entry)}`
      while (key in fields) key += '#'
      fields[key] = entry
    }
  }
  return fields
}

/** A body of these fields and no others. */
export function sparseBody(fields: Fields): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const name = nameOf(key)
    if (!(name in entryKey)) body[key] = value
    else body[name] = [...((body[name] as Entry[] | undefined) ?? []), value as Entry]
  }
  return body
}

/** The body of a record with these fields; defaults are filled in. */
export const bodyOf = <T extends EntityRecordType>(type: T, fields: Fields): RecordBody =>
  canonicalRecord(type, sparseBody(fields) as never) as RecordBody

/** The fields that a body handed over really says: defaults that were filled in for it are not said. */
export function handedOver<T extends EntityRecordType>(type: T, body: Readonly<Record<string, unknown>>): Fields {
  const said = fieldsOf(canonicalRecord(type, body as never) as unknown as Record<string, unknown>)
  return pick(said, (key) => body[nameOf(key)] !== undefined)
}

/**
 * A record handed over once more. A field that the product never held stays as learned from Xero; one that it held and holds
 * no more is taken away. What it says as it said it last is no change of its own: what was learned from Xero since stays, unless
 * the product wins anyway. `isShared`: another record changes the same contact; then that holds even where the product wins.
 */
export function mergeHandover(
  before: Fields,
  record: Fields,
  given: Fields,
  { policy, isShared = false }: { readonly policy: ConflictPolicy; readonly isShared?: boolean },
): Fields {
  // A person that is half named is the one that was met under the whole name.
  const [first, own] = [withPersonsOf(record, before), withPersonsOf(record, given, before)]
  const merged: Record<string, unknown> = { ...own }
  const isHeard = isShared || policy !== 'product_wins'
  const isSaidAgain = (key: string) => isHeard && key in own && sameValue(first[key], own[key])
  for (const key of Object.keys(own)) if (isSaidAgain(key) && !(key in record)) delete merged[key]
  for (const [key, value] of Object.entries(record)) {
    const isLearned = !(key in own) && !(key in first)
    const said = isEntry(key, first[key]) ? first[key] : {}
    if (isLearned || isSaidAgain(key)) merged[key] = value
    else if (isEntry(key, own[key]) && isEntry(key, value)) {
      merged[key] = handedPart(own[key], value, { said, isHeard })
    } else if (!(key in own) && isAddress(key, value)) {
      const left = leftOfAddress(value, said)
      if (left) merged[key] = left
    }
  }
  return merged
}

/** A part said as before is no change either: it is as learned since, or gone. */
export function handedPart(own: Entry, learned: Entry, { said, isHeard }: { said: Entry; isHeard: boolean }): Entry {
  const again = isHeard ? commonParts(own, said) : {}
  const fresh = Object.entries(own).flatMap(([part, value]) =>
    part in again ? [] : [[part, extended(part, value, { learned, said, isHeard })]],
  )
  const since = pick(learned, (part) => part in again)
  return filledFrom({ ...since, ...Object.fromEntries(fresh) }, withoutParts(learned, said))
}

export const isAddress = (key: string, value: unknown): value is Entry =>
  key.startsWith('addresses/') && isEntry(key, value)

/** An address that the product takes away loses what the product said of it: the street as a whole, each other part for itself. */
export function leftOfAddress({ kind, lines, ...learned }: Entry, said: Entry): Entry | null {
  const street = isBlank(said.lines) ? lines : []
  const parts = pick(learned, (part) => isBlank(said[part]))
  return isBlank(street) && Object.keys(parts).length === 0 ? null : { kind, lines: street ?? [], ...parts }
}

export interface Merge {
  readonly fields: Fields
  /** The fields that both sides agree on from now on. */
  readonly agreed: Fields
  /** Fields that both sides changed and where ours stands, or that the policy keeps from Xero. */
  readonly kept: readonly string[]
}

/**
 * Fields that changed in Xero, merged into the record. `isOurs` says of a field whether the record changed it since the last
 * agreement.
 */
export function mergeTheirs(input: {
  readonly ours: Fields
  readonly agreed: Fields
  readonly theirs: Fields
  readonly changed: readonly string[]
  readonly policy: ConflictPolicy
  readonly isOurs: (key: string) => boolean
  /** Fields as a write without an answer sent them: where they stand there so, nobody else changed them. */
  readonly sent?: Fields | null
  /** Another record of the contact says a field otherwise: an edit of a third party does not decide between them. */
  readonly isDisputed?: boolean
  /** A field, or a part of an entry, that the product never said: it does not win there. */
  readonly isLearned?: (key: string, part?: string) => boolean
}): Merge {
  const { ours, theirs, changed, policy, isOurs, sent = null, isDisputed = false, isLearned = () => false } = input
  // A field that was never agreed on stays so in a dispute, and the dispute with it.
  const isKnown = (before: unknown) => policy === 'pending_wins' && !(isDisputed && before === undefined)
  // Nobody's value is written over by what neither the record nor the last agreement holds, whoever wins; nor by what a call without
  // an answer took away: it was entered after that.
  const isGoneByCall = (key: string) => sent !== null && !(key in sent)
  const isNew = (key: string) => isEmpty(ours[key]) && (!(key in input.agreed) || isGoneByCall(key))
  const takes = (isChangedHere: boolean, key: string, part?: string) => {
    if (policy === 'product_wins') return isLearned(key, part)
    return !isChangedHere || policy === 'xero_wins'
  }
  const fields: Record<string, unknown> = { ...ours }
  const agreed: Record<string, unknown> = { ...input.agreed }
  const kept: string[] = []
  for (const key of changed) {
    const value = theirs[key]
    const isSame = sameValue(fields[key], value)
    const isSent = sent !== null && sameValue(sent[key], value)
    // A value that was sent and not changed since: whatever reads otherwise there was changed after that.
    const isChangedHere = isOurs(key) && !(sent !== null && sameValue(fields[key], sent[key]))
    const known = agreed[key] ?? {}
    // Of an address that was taken away here, a part that somebody adds there is none of what was taken away.
    const isGone = fields[key] === undefined && key in agreed && isAddress(key, value)
    const own = isGone ? { kind: value.kind, lines: [] } : fields[key]
    // A part that is said anew here of an address that was emptied there is none of what was taken away.
    const isEmptied = value === undefined && key in agreed && isAddress(key, own)
    const there = isEmptied ? { kind: own.kind, lines: [] } : value
    if (!isSame && !isSent && isEntry(key, own) && isEntry(key, there) && isEntry(key, known)) {
      const asSent = sent !== null && isEntry(key, sent[key]) ? sent[key] : null
      const isSince = (part: string) => isChangedHere && !(asSent && sameValue(own[part], asSent[part]))
      const isPartGone = (part: string) => sent !== null && isBlank(own[part]) && isBlank(asSent?.[part])
      const isTaken = (isPartChanged: boolean, part: string) =>
        isPartGone(part) || takes(isPartChanged && isSince(part), key, part)
      const sides = { ours: own, theirs: there, agreed: known }
      const isPartSent = (part: string) => asSent !== null && sameValue(there[part], asSent[part])
      const merge = mergeEntries(sides, { isTaken, isSent: isPartSent, isKnown, isOpen: isChangedHere })
      fields[key] = merge.entry
      agreed[key] = merge.agreed
      for (const side of isGone || isEmptied ? [fields, agreed] : [])
        if (isAddress(key, side[key]) && !leftOfAddress(side[key], {})) delete side[key]
      if (merge.isKept) kept.push(key)
      continue
    }
    const isTaken = isSame || isSent || isNew(key) || takes(isChangedHere, key)
    if (!isTaken) kept.push(key)
    // Ours stands over theirs, which both know from now on: taken away here before it was ever sent, it is taken away there.
    const isBase = isSent || (!isTaken && isKnown(input.agreed[key]))
    for (const side of isBase ? [agreed] : isTaken ? [fields, agreed] : []) {
      if (isEmpty(value)) delete side[key]
      else side[key] = value
    }
  }
  return { fields, agreed, kept }
}

/**
 * A record meets its contact or item for the first time. What the product did not hand over is taken from Xero; where both
 * hold a value, Xero's is taken only where it wins.
 */
export function mergeFirst(given: Fields, theirs: Fields, policy: ConflictPolicy): Omit<Merge, 'kept'> {
  const fields: Record<string, unknown> = { ...withPersonsOf(theirs, given) }
  const agreed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(theirs)) {
    const own = fields[key]
    const isPartly = isEntry(key, own) && isEntry(key, value)
    if (isPartly) {
      const said = pick(value, (part) => !isBlank(value[part]))
      fields[key] = policy === 'xero_wins' ? { ...own, ...said } : filledFrom(own, value)
    } else if (!(key in fields) || policy === 'xero_wins') fields[key] = value
    if (sameValue(fields[key], value)) agreed[key] = value
    else if (isPartly) agreed[key] = commonParts(value, fields[key] as Entry)
  }
  return { fields, agreed }
}

/** The fields that anybody would say of a new item. */
const common: readonly string[] = ['code', 'active', 'isSold', 'isPurchased']

/**
 * Whether what was found under a code is what was sent, changed by somebody since: something of ours is left in it. What a
 * person made under the same code has its own words.
 */
export const isLeftOver = (sent: Fields, theirs: Fields): boolean =>
  Object.keys(sent).some((key) => !common.includes(key) && key in theirs && sameValue(sent[key], theirs[key]))

/** Fields whose values differ between two states. */
export const changedFields = (before: Fields, after: Fields): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !sameValue(before[key], after[key]))

/** What the product handed over; a record of an earlier version is taken to have been handed over as it is. */
export const givenFields = (record: {
  readonly origin: string
  readonly body: Readonly<Record<string, unknown>>
  readonly handed: Fields | null
}): Fields => record.handed ?? (record.origin === 'product' ? fieldsOf(record.body) : {})

/** The fields of a record that are as Xero has them, not as the product handed them over. */
export function learnedFields(record: Parameters<typeof givenFields>[0]): ReadonlySet<string> {
  const given = givenFields(record)
  const all = Object.entries(fieldsOf(record.body))
  return new Set(all.flatMap(([key, value]) => (sameValue(given[key], value) ? [] : key)))
}

/** The fields in which a linked record speaks of its contact or item: no defaults that nobody ever set. */
export function ownFields(
  record: Parameters<typeof givenFields>[0],
  agreed: Fields | null,
): { readonly fields: Fields; readonly removed: ReadonlySet<string> } {
  const all = fieldsOf(record.body)
  const given = record.handed
  const fields = given === null ? all : pick(all, (key) => key in given || (agreed !== null && key in agreed))
  return { fields, removed: new Set(Object.keys(agreed ?? {}).filter((key) => !(key in all))) }
}
