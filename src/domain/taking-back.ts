// A value that the product handed over and takes back before it arrived was never what both sides agreed on. To take it back is
// not to take away what stood in Xero before: the record is again as it had learned it.
import type { Fields } from './merging.ts'
import { type Entry, isBlank, isEntry, sameValue } from './merging-entries.ts'

/** Fields, and parts of entries such as "addresses/billing city", in which the product speaks over what the record had learned. */
export type SpokenOver = readonly string[]

export interface Handover {
  /** As the product said the record before, and as it says it now. */
  readonly before: Fields
  readonly now: Fields
  /** The record as it was. */
  readonly record: Fields
}

export interface Standing {
  /** Fields that both sides last agreed on; null: none. */
  readonly agreed: Fields | null
  /** As Xero shows it. */
  readonly theirs: Fields
}

const pathOf = (key: string, part: string): string => `${key} ${part}`

const partsOf = (key: string, ...values: readonly unknown[]): string[] => [
  ...new Set(values.flatMap((value) => (isEntry(key, value) ? Object.keys(value) : []))),
]

const part = (key: string, value: unknown, name: string): unknown => (isEntry(key, value) ? value[name] : undefined)

/** Fields and parts in which the product speaks over what was learned, from this handover on. */
export function spokenOver({ before, now, record }: Handover, agreed: Fields | null, known: SpokenOver): SpokenOver {
  const isOver = (path: string, said: unknown, own: unknown, learned: unknown, common: unknown): boolean => {
    if (isBlank(own)) return false
    if (known.includes(path)) return !sameValue(common, said)
    return isBlank(said) && !isBlank(learned) && !sameValue(learned, own)
  }
  return Object.entries(now).flatMap(([key, own]): string[] => {
    const common = agreed?.[key]
    if (!isEntry(key, own)) return isOver(key, before[key], own, record[key], common) ? [key] : []
    const of = (value: unknown, name: string) => part(key, value, name)
    return partsOf(key, own)
      .filter((name) =>
        isOver(pathOf(key, name), of(before[key], name), own[name], of(record[key], name), of(common, name)),
      )
      .map((name) => pathOf(key, name))
  })
}

/** The value of a field that the product said and says no more; undefined: it is taken away, or was not said. */
function takenBack(
  { said, own, agreed, theirs }: Readonly<Record<'said' | 'own' | 'agreed' | 'theirs', unknown>>,
  isOver: boolean,
): unknown {
  if (isBlank(said) || !isBlank(own) || sameValue(agreed, said)) return undefined
  if (isBlank(agreed)) return isBlank(theirs) ? undefined : theirs
  return isOver ? (isBlank(theirs) ? agreed : theirs) : undefined
}

/** The fields of the record that the product takes back, as they are then. */
export function restored({ before, now }: Handover, { agreed, theirs }: Standing, over: SpokenOver): Fields {
  const back: Record<string, unknown> = {}
  for (const [key, said] of Object.entries(before)) {
    const [own, common, there] = [now[key], agreed?.[key], theirs[key]]
    if (!isEntry(key, said)) {
      const value = takenBack({ said, own, agreed: common, theirs: there }, over.includes(key))
      if (value !== undefined) back[key] = value
      continue
    }
    const of = (value: unknown, name: string) => part(key, value, name)
    const parts = partsOf(key, said).flatMap((name): [string, unknown][] => {
      const sides = { said: said[name], own: of(own, name), agreed: of(common, name), theirs: of(there, name) }
      const value = takenBack(sides, over.includes(pathOf(key, name)))
      return value === undefined ? [] : [[name, value]]
    })
    if (parts.length > 0) back[key] = { ...nameOf(there ?? common), ...Object.fromEntries(parts) }
  }
  return back
}

/** The parts that an entry is known by. */
function nameOf(entry: unknown): Entry {
  const { kind, firstName, lastName } = (entry ?? {}) as Entry
  return Object.fromEntries(Object.entries({ kind, firstName, lastName }).filter(([, value]) => !isBlank(value)))
}

/** Whether the product says less of a record than before. */
export const isLess = (before: Fields, now: Fields): boolean =>
  Object.entries(before).some(([key, said]) => {
    const own = now[key]
    if (!isEntry(key, said) || !isEntry(key, own)) return isBlank(own)
    return Object.keys(said).some((name) => isBlank(own[name]) && !isBlank(said[name]))
  })

/** Fields with others laid over them, entries part by part. */
export const laidOver = (fields: Fields, others: Fields): Fields => ({
  ...fields,
  ...Object.fromEntries(
    Object.entries(others).map(([key, value]) => {
      const below = fields[key]
      return [key, isEntry(key, value) && isEntry(key, below) ? { ...below, ...value } : value]
    }),
  ),
})
