// A record that meets a contact or item that it was linked to before, one that stayed there when it was deleted, or one that a person
// entered anew in its place. What both sides had in common when they parted tells which of them changed a field since: to be
// linked, or handed over, once more is no change of all that the record says.
import { changedFields, type Fields, fieldsOf, givenFields, type Merge, mergeHandover, sparseBody } from './merging.ts'
import { filledFrom, isBlank, isEntry, sameValue } from './merging-entries.ts'
import { saidAtMeeting } from './said-at-meeting.ts'
import { itemSides, type MergedRecord, mergeSeen, type Rules } from './sighting-merge.ts'
import { type Untaken, withoutUntaken } from './untaken-edits.ts'

/** What a record and the contact or item that it left had in common. */
export interface LeftAgreement {
  readonly remoteId: string
  readonly agreed: Fields
  readonly untaken: Untaken | null
  /** The record when they parted, and the product's last words of it; absent: not known. */
  readonly held?: Fields
  readonly said?: Fields
  /** The record was deleted then or later: what it leaves out since takes nothing away. */
  readonly isOver?: boolean
}

/** Contacts and items that a record left further back are forgotten. */
const remembered = 3

export const withAgreement = (known: readonly LeftAgreement[], left: LeftAgreement): LeftAgreement[] => [
  ...known.filter(({ remoteId }) => remoteId !== left.remoteId).slice(1 - remembered),
  left,
]

/**
 * Only what can stand there was taken away by somebody. Of the rest (Xero takes no website from us, and no currency of an item) that is
 * certain where the record learned it there. `words`: those of the product when they parted; absent: not known.
 */
const isHeldThere = (key: string, words: Fields | undefined): boolean =>
  key.includes('/') || heldThere.includes(key) || (words !== undefined && !(key in words))
const heldThere: readonly string[] = [
  ...['email', 'firstName', 'lastName', 'accountNumber', 'taxNumber', 'description', 'purchaseDescription'],
  ...['salePrice', 'purchasePrice', 'incomeAccount', 'expenseAccount', 'terms', 'salesTaxCode', 'purchaseTaxCode'],
]

/** The words of a record laid over what both had in common: parts of an entry that it leaves out stay. */
function saidBeside(known: Fields, own: Fields): Fields {
  const said: Record<string, unknown> = { ...known, ...own }
  for (const [key, value] of Object.entries(own)) {
    const before = known[key]
    if (isEntry(key, value) && isEntry(key, before)) said[key] = filledFrom(value, before)
  }
  return said
}

/** Sides of an item that our own deletion switched off. The product that hands the item over again takes that back. */
const endedSides = (theirs: Fields, isEnded: boolean): string[] =>
  itemSides.flatMap(({ flag }) => (isEnded && theirs[flag] === false ? flag : []))

function mergeBack(
  seen: Pick<Parameters<typeof mergeSeen>[0], 'record' | 'untaken' | 'theirs'> & { readonly agreed: Fields },
  words: Fields | undefined,
  ended: readonly string[],
  rules: Rules,
): Merge {
  const { agreed, theirs } = seen
  const isOurs = (key: string) => ended.includes(key)
  const isChange = (key: string) => (key in theirs || isHeldThere(key, words)) && !isOurs(key)
  const changed = changedFields(agreed, theirs).filter(isChange)
  const merge = mergeSeen({ ...seen, changed, hasOpenItem: true }, rules)
  return { ...merge, agreed: { ...merge.agreed, ...Object.fromEntries(ended.map((flag) => [flag, false])) } }
}

/**
 * Words of the product, as far as the record still held them: to leave out a word that had given way to an edit in Xero takes nothing
 * away there.
 */
function ownWords(said: Fields, held: Fields, given: Fields): Fields {
  const words = Object.entries(said).flatMap(([key, value]): [string, unknown][] => {
    const own = held[key]
    if (key in given) return [[key, value]]
    if (!isEntry(key, value) || !isEntry(key, own)) return sameValue(value, own) ? [[key, value]] : []
    return [[key, Object.fromEntries(Object.entries(value).filter(([part, word]) => sameValue(word, own[part])))]]
  })
  return Object.fromEntries(words)
}

/**
 * `isLast`: the record was nowhere else since, and only what the product says otherwise than at their parting is a change of its own.
 * A value that it learned elsewhere is no word about this one.
 */
export function metAgain(
  record: MergedRecord,
  { agreed, untaken, held, said: before, isOver = false }: LeftAgreement,
  { theirs, isLast }: { readonly theirs: Fields; readonly isLast: boolean },
  rules: Rules,
): Merge {
  const known = withoutUntaken(agreed, untaken)
  const given = givenFields(record)
  const isBack = isOver || !held || !before
  const again = isBack
    ? saidBeside(known, mergeHandover(before ?? {}, known, given, rules))
    : mergeHandover(ownWords(before, held, given), held, given, rules)
  // A word that had not arrived when they parted, said once more, fills what stands empty. One that the record held no more had been emptied.
  const isOpen = (key: string, word: unknown) =>
    !(key in again || key in agreed || key in theirs) && held !== undefined && sameValue(held[key], word)
  const anew = Object.fromEntries(Object.entries(given).filter(([key, word]) => isOpen(key, word)))
  const said = isLast ? { ...again, ...anew } : { ...known, ...saidAtMeeting(record, { theirs, isLeft: false }) }
  const ended = endedSides(theirs, isOver && itemSides.every(({ flag }) => theirs[flag] === false))
  const own = { ...record, body: sparseBody(said) }
  return mergeBack({ record: own, agreed, untaken, theirs }, before, ended, rules)
}

/** The part of an agreement of which the other side says something too, in these words or others: what a person did not enter again was not taken away. */
function enteredAgain(agreed: Fields, theirs: Fields): Fields {
  const known = Object.entries(agreed).flatMap(([key, value]): [string, unknown][] => {
    const there = theirs[key]
    if (!isEntry(key, value) || !isEntry(key, there)) return key in theirs ? [[key, value]] : []
    return [[key, Object.fromEntries(Object.entries(value).filter(([part]) => !isBlank(there[part])))]]
  })
  return Object.fromEntries(known)
}

/**
 * A contact or item that a person entered anew in the place of the one that the record left, which is gone. `said`: what the product
 * says of its own.
 */
export function metAnew(
  record: MergedRecord,
  former: LeftAgreement,
  { said, theirs }: { readonly said: Fields; readonly theirs: Fields },
  rules: Rules,
): Merge {
  // An edit that was kept from the record is no word of the product's.
  const agreed = enteredAgain(withoutUntaken(former.agreed, former.untaken), theirs)
  const own = { ...record, body: sparseBody({ ...agreed, ...said }) }
  const changed = changedFields(agreed, theirs).filter((key) => key in theirs)
  return mergeSeen({ record: own, agreed, untaken: null, theirs, changed, hasOpenItem: true }, rules)
}

/**
 * A deleted record that is handed over again, while its contact or item still stands in Xero. `isEnded`: our own deletion made the item
 * neither sold nor purchased, and the product takes that back. To leave out now what was said before takes nothing away.
 */
export function comesBack(
  record: MergedRecord,
  { agreed: left, untaken }: Omit<LeftAgreement, 'remoteId'>,
  sides: { readonly given: Fields; readonly theirs: Fields; readonly isShared: boolean; readonly isEnded: boolean },
  rules: Rules,
): Merge {
  // Active or not is said by what happened to the record, here and there.
  const [{ active: _, ...agreed }, { active: __, ...theirs }] = [left, sides.theirs]
  const how = { policy: rules.policy, isShared: sides.isShared }
  const words = givenFields(record)
  const handed = mergeHandover(words, fieldsOf(record.body), sides.given, how)
  const said = saidBeside(withoutUntaken(agreed, untaken), handed)
  const own = { ...record, body: sparseBody(said), handed: sides.given }
  return mergeBack({ record: own, agreed, untaken, theirs }, words, endedSides(theirs, sides.isEnded), rules)
}
