// Other charges have no ids of their own. Each goes on under the id of the line that it was sent as, known by what it says and not by
// its place: one that is put before another takes over neither its line at the accounting system nor what was decided of it.
import { compare } from '../decimal.ts'
import type { Bill, DocumentBody } from '../records/index.ts'

export type Charge = NonNullable<Bill['otherCharges']>[number]

/** A charge as it was said when it was sent. */
export interface SentCharge extends Charge {
  readonly lineId: string
}

export const chargesOf = (document: DocumentBody): readonly Charge[] =>
  'otherCharges' in document ? (document.otherCharges ?? []) : []

const byPlace = (index: number): string => `#charge:${index}`

const alike =
  (...fields: (keyof Charge)[]) =>
  (one: Charge, other: Charge): boolean =>
    fields.every((field) =>
      field === 'amount' ? compare(one.amount, other.amount) === 0 : (one[field] ?? '') === (other[field] ?? ''),
    )

/** Likenesses by which a charge that was changed is still known, the surest first. */
const likenesses = [
  alike('itemId', 'account', 'taxCode', 'description', 'amount'),
  alike('itemId', 'account', 'taxCode', 'description'),
  alike('itemId', 'description', 'amount'),
  alike('itemId', 'account', 'taxCode', 'amount'),
  alike('itemId', 'description'),
]

/** Ids of the lines of the charges, in their order. `sent`: in the order of then; null where nobody knows. `taken`: ids of lines that stand there. */
export function chargeIds(
  charges: readonly Charge[],
  sent: readonly SentCharge[] | null,
  taken: readonly string[],
): string[] {
  if (sent === null) return charges.map((_, index) => byPlace(index))
  const free = [...sent]
  const found = new Map<number, string>()
  for (const isSame of likenesses) {
    for (const [index, charge] of charges.entries()) {
      if (found.has(index)) continue
      const at = free.findIndex((one) => isSame(one, charge))
      const [former] = at < 0 ? [] : free.splice(at, 1)
      if (former) found.set(index, former.lineId)
    }
  }
  const used = new Set([...sent.map(({ lineId }) => lineId), ...taken])
  let next = 0
  const fresh = (): string => {
    while (used.has(byPlace(next))) next += 1
    used.add(byPlace(next))
    return byPlace(next)
  }
  return charges.map((_, index) => found.get(index) ?? fresh())
}

/** The id of the line of a charge; by its place where the bill was never sent. */
export const chargeId = ({ chargeIds }: { readonly chargeIds?: readonly string[] }, index: number): string =>
  chargeIds?.[index] ?? byPlace(index)
