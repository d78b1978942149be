// What Xero shows of a contact or item, merged into a record of it: which of its fields somebody changed there, what the record
// says of its own, and who wins.
import type { EntityRecordType } from './entity-types.ts'
import { type Fields, fieldsOf, givenFields, type Merge, mergeTheirs } from './merging.ts'
import { isBlank, isEntry, sameValue } from './merging-entries.ts'
import { withPersonsOf } from './merging-persons.ts'
import { comparable } from './posting/item.ts'
import type { ConflictPolicy } from './settings/common.ts'
import { isUnsaid, takenBack } from './taken-away.ts'
import { leftOpen, type Untaken, withUntaken } from './untaken-edits.ts'

/** A record as far as a merge goes by it. */
export type MergedRecord = Parameters<typeof givenFields>[0]

export interface Seen {
  readonly record: MergedRecord
  /** The fields that both sides last agreed on; null: not known. */
  readonly agreed: Fields | null
  /** Edits in Xero that settings keep from the record. */
  readonly untaken: Untaken | null
  readonly theirs: Fields
  /** Fields whose values are new there. */
  readonly changed: readonly string[]
  readonly hasOpenItem: boolean
  /** The fields that a call of unknown outcome sent of the record. */
  readonly sent?: Fields | null
  /** Fields that a write was to take away and that stand there all the same: the record's again. */
  readonly left?: Fields
  readonly isDisputed?: boolean
}

export interface Rules {
  readonly type: EntityRecordType
  readonly policy: ConflictPolicy
  /** The currency of the prices of items. */
  readonly baseCurrency: string | null
}

/** The fields that Xero hides of an item that is not sold, or not purchased. */
export const itemSides: readonly { readonly flag: string; readonly fields: readonly string[] }[] = [
  { flag: 'isSold', fields: ['salePrice', 'description', 'incomeAccount', 'salesTaxCode'] },
  { flag: 'isPurchased', fields: ['purchasePrice', 'purchaseDescription', 'expenseAccount', 'purchaseTaxCode'] },
]

/**
 * An item as it was seen before; of a side that both knew to be off and that somebody switched on again, as both last agreed on it:
 * Xero dropped its values, and what stands empty there now was left so.
 */
export function beforeSwitch(before: Fields, now: Fields, agreed: Fields): Fields {
  const isBack = (flag: string) => before[flag] === false && agreed[flag] === false && now[flag] === true
  const fields = itemSides.flatMap((side) => (isBack(side.flag) ? side.fields : []))
  return { ...before, ...Object.fromEntries(fields.flatMap((key) => (key in agreed ? [[key, agreed[key]]] : []))) }
}

/** Fields of our own write that can have arrived: what Xero hides, and was not agreed on before, never stood there. */
export function withoutHidden(written: Fields, theirs: Fields, agreed: Fields): Fields {
  const hidden = itemSides.flatMap(({ flag, fields }) => (theirs[flag] === false ? fields : []))
  const isOpen = (key: string) => hidden.includes(key) && !(key in theirs) && !(key in agreed)
  return Object.fromEntries(Object.entries(written).filter(([key]) => !isOpen(key)))
}

/** Of fields that read otherwise now, those that somebody changed: what is hidden was not taken away. */
function changedThere(
  { record, agreed, theirs, changed: all }: Seen,
  { type, baseCurrency }: Rules,
): readonly string[] {
  if (type !== 'item') return all
  const changed = all.filter((field) => field in comparable({ [field]: true }, record.body, baseCurrency))
  const hidden = itemSides.flatMap(({ flag, fields }) =>
    theirs[flag] === false ? fields.filter((field) => !(field in theirs)) : [],
  )
  // An inactive item is neither sold nor purchased in Xero, but for one that was met there as active.
  const isKept = agreed ? !('active' in agreed) : false
  const flags = record.body.active === false && !isKept ? itemSides.map(({ flag }) => flag) : []
  return changed.filter((field) => !hidden.includes(field) && !flags.includes(field))
}

/**
 * Whether a field, or a part of an entry, is in the record only because Xero had it so: the product never said it, and does not win
 * there. That a record is active is said by its being handed over.
 */
function learnedOnly(record: MergedRecord): (key: string, part?: string) => boolean {
  const body = fieldsOf(record.body)
  const given = withPersonsOf(body, givenFields(record))
  return (key, part) => {
    if (key === 'active' || !(key in body)) return false
    const [own, said] = [body[key], given[key]]
    if (part === undefined || !isEntry(key, own)) return isEntry(key, own) ? isBlank(said) : !sameValue(own, said)
    return !isBlank(own[part]) && isBlank(isEntry(key, said) ? said[part] : undefined)
  }
}

export function mergeSeen(seen: Seen, rules: Rules): Merge {
  const { record, agreed, untaken, theirs, hasOpenItem, sent = null, left = {}, isDisputed = false } = seen
  const { policy } = rules
  const given = givenFields(record)
  const body = fieldsOf(record.body)
  const written =
    policy === 'product_wins' ? leftOpen(body, untaken, theirs, withPersonsOf(body, given)) : withUntaken(body, untaken)
  const ours = takenBack(written, left)
  // A change that was taken out of the queue waits for nothing: what somebody says in Xero afterwards is the newer word.
  const isWaiting = hasOpenItem || policy === 'product_wins'
  const isLearned = learnedOnly(record)
  // A value that the record has learned, and has again because the product took its own word back, is no change of the product's.
  const isChange = (key: string, common: Fields) => !sameValue(ours[key], common[key]) && !isLearned(key)
  return mergeTheirs({
    ours,
    agreed: agreed ?? {},
    theirs,
    changed: changedThere(seen, rules),
    sent,
    policy,
    isDisputed,
    isOurs: (key) =>
      agreed ? isWaiting && !isUnsaid(key, ours) && isChange(key, agreed) : hasOpenItem && key in given,
    isLearned,
  })
}
