// A company with existing books: what stands in Xero before the first job, and what people do there at any moment. A further
// share of the schedules; what the others draw from their seeds stays as it is.
import type { RecordType } from '../../src/domain/entity-types.ts'
import { type Body, drawnPrice } from '../support/drawn-records.ts'
import type { Parts } from './parts.ts'
import type { Act, Plot } from './plot.ts'
import type { Random } from './random.ts'

/** Five and the number of mixes have no divisor in common: each mix gets its share. */
const every = 5
const minute = 60_000

/** A further share, in which people also edit what was written right when nobody hears the answer. */
export const isBusy = (seed: number): boolean => seed % every === 2

export const hasBooks = (seed: number): boolean => seed % every === 0 || isBusy(seed)

export interface BookContact {
  readonly name: string
  readonly email?: string
  readonly firstName?: string
  readonly lastName?: string
  readonly phone?: string
  /** Parts of entries, by their names in parts.ts. */
  readonly parts?: Parts
}

export interface BookItem {
  readonly code: string
  readonly name: string
  readonly description?: string
  readonly price: string
  readonly income?: string
  readonly expense?: string
  readonly parts?: Parts
}

export type BookAct =
  | { readonly kind: 'books'; readonly contacts: readonly BookContact[]; readonly items: readonly BookItem[] }
  /** A person changes a field of what stands in Xero of a record. */
  | {
      readonly kind: 'touch'
      readonly type: RecordType
      readonly id: string
      readonly field: string
      readonly value: string
    }
  | { readonly kind: 'archive'; readonly type: 'customer' | 'vendor'; readonly id: string }
  /** Merged into the contact of another record, or into one of the books. */
  | { readonly kind: 'merge'; readonly id: string; readonly into: { readonly id: string } | { readonly name: string } }
  | {
      readonly kind: 'resolve'
      readonly type: 'invoice' | 'bill'
      readonly id: string
      readonly keep: 'product' | 'xero'
    }
  /** The product, which follows the change feed, changes some fields of what the record is now; undefined takes one away. */
  | {
      readonly kind: 'amend'
      readonly type: RecordType
      readonly id: string
      readonly fields: Readonly<Record<string, unknown>>
      /** Parts of its entries; an empty text takes one away. */
      readonly parts?: Parts
      /** It hands over what it handed over before, and not what the record is now. */
      readonly isDeaf?: boolean
    }

type At = { at: number; act: Act }

export const touchable = {
  customer: ['email', 'firstName', 'lastName', 'name'],
  vendor: ['email', 'firstName', 'lastName', 'name'],
  item: ['name', 'description', 'salePrice', 'incomeAccount'],
  invoice: ['price', 'reference', 'dueDate'],
  bill: ['price', 'dueDate'],
} as const

const handedOver = (plot: Plot, type: RecordType): Body[] =>
  plot.acts.flatMap(({ act }) => (act.kind === 'put' && act.type === type ? act.bodies : []))
const idsOf = (bodies: readonly Body[]): string[] => [...new Set(bodies.map(({ id }) => id))]

/** The same plot, played in a company that has books already. */
export function withBooks(plot: Plot, random: Random, tag: string): Plot {
  const length = Math.max(...plot.acts.map(({ at }) => at))
  const acts: At[] = []
  const some = () => random.between(30_000, length)
  const later = (share: number) => random.between(Math.floor(length / share), length)
  const [customers, vendors, items] = (['customer', 'vendor', 'item'] as const).map((type) =>
    handedOver(plot, type),
  ) as [Body[], Body[], Body[]]
  const people = [...customers, ...vendors]
  let drawn = 0
  const unique = () => `${tag} ${++drawn}`
  const maybe = <T>(probability: number, value: T): T | undefined => (random.chance(probability) ? value : undefined)
  const contact = (name: string, email?: string): BookContact => ({
    name,
    email,
    firstName: maybe(0.6, `Ann ${unique()}`),
    lastName: maybe(0.6, `Lee ${unique()}`),
    phone: maybe(0.7, `555 ${random.between(100, 999)}`),
  })
  const named = people
    .filter(() => random.chance(0.35))
    .map(({ name, email }) =>
      contact(String(name), random.chance(0.5) ? String(email) : maybe(0.6, `books${++drawn}@example.com`)),
    )
  const others = Array.from({ length: random.between(1, 2) }, () =>
    contact(`Books ${unique()}`, maybe(0.5, `books${++drawn}@example.com`)),
  )
  const mailbox = random.chance(0.15) ? [contact(`Books ${unique()}`, String(random.pick(people).email))] : []
  const contacts = [...new Map([...named, ...others, ...mailbox].map((one) => [one.name.toLowerCase(), one])).values()]
  const bookItems = idsOf(items)
    .filter(() => random.chance(0.5))
    .map((id) => ({
      code: id.toUpperCase(),
      name: `Item ${id}`,
      description: maybe(0.7, `Words ${unique()}`),
      price: drawnPrice(random),
      income: maybe(0.6, '201'),
      expense: maybe(0.6, '301'),
    }))

  // A vendor that is a customer as well.
  if (random.chance(0.4)) {
    const { name } = random.pick(customers)
    const vendor = { id: `${tag}-v8`, name, email: `both.${random.between(1, 9)}@example.com` }
    acts.push({ at: random.between(0, Math.floor(length / 2)), act: { kind: 'put', type: 'vendor', bodies: [vendor] } })
    vendors.push(vendor)
  }
  const ids = {
    customer: idsOf(customers),
    vendor: idsOf(vendors),
    item: idsOf(items),
    invoice: idsOf(handedOver(plot, 'invoice')),
    bill: idsOf(handedOver(plot, 'bill')),
  }
  const types = (Object.keys(ids) as RecordType[]).filter((type) => ids[type].length > 0)
  const drawnValue = (field: string): string => {
    if (field === 'salePrice' || field === 'price') return drawnPrice(random)
    if (field === 'incomeAccount') return random.pick(['201', '202'])
    if (field === 'dueDate') return `2026-12-${random.between(10, 28)}`
    return field === 'email' ? `person${++drawn}@example.com` : `By hand ${unique()}`
  }
  for (let n = random.between(2, 5); n > 0; n--) {
    const type = random.pick(types)
    const field = random.pick(touchable[type])
    acts.push({ at: some(), act: { kind: 'touch', type, id: random.pick(ids[type]), field, value: drawnValue(field) } })
  }
  for (let n = random.between(1, 4); n > 0; n--) {
    const type = random.pick(types)
    acts.push({ at: some(), act: { kind: 'amend', type, id: random.pick(ids[type]), fields: amended(type) } })
  }
  const [first] = ids.customer
  if (random.chance(0.15)) {
    const type = random.chance(0.7) || ids.vendor.length === 0 ? 'customer' : 'vendor'
    acts.push({ at: some(), act: { kind: 'archive', type, id: random.pick(ids[type]) } })
  }
  if (random.chance(0.25) && first !== undefined) {
    const id = random.pick(ids.customer)
    const other = ids.customer.find((one) => one !== id)
    const into = other !== undefined && random.chance(0.5) ? { id: other } : { name: random.pick(contacts).name }
    acts.push({ at: some(), act: { kind: 'merge', id, into } })
  }
  // Edited, changed here, and decided upon.
  if (random.chance(0.5)) {
    const type = ids.bill.length > 0 && random.chance(0.4) ? 'bill' : 'invoice'
    const [id, at] = [random.pick(ids[type]), later(3)]
    const field = random.pick(touchable[type])
    acts.push(
      { at, act: { kind: 'touch', type, id, field, value: drawnValue(field) } },
      { at: at + minute, act: { kind: 'amend', type, id, fields: amended(type) } },
      { at: at + minute + 5_000, act: { kind: 'job', full: false } },
      { at: at + 6 * minute, act: { kind: 'resolve', type, id, keep: random.pick(['product', 'xero']) } },
      { at: at + 7 * minute, act: { kind: 'job', full: false } },
    )
  }
  // Edited, deleted here, and decided upon; perhaps edited once more, or deleted again.
  if (random.chance(0.4)) {
    const type = ids.bill.length > 0 && random.chance(0.4) ? 'bill' : 'invoice'
    const [id, at] = [random.pick(ids[type]), later(3)]
    const touch = (): BookAct => {
      const field = random.pick(touchable[type])
      return { kind: 'touch', type, id, field, value: drawnValue(field) }
    }
    acts.push(
      { at, act: touch() },
      { at: at + minute, act: { kind: 'delete', type, id } },
      { at: at + minute + 5_000, act: { kind: 'job', full: false } },
      { at: at + 6 * minute, act: { kind: 'resolve', type, id, keep: random.pick(['product', 'xero']) } },
    )
    if (random.chance(0.3)) acts.push({ at: at + 6 * minute + 5_000, act: touch() })
    acts.push({ at: at + 7 * minute, act: { kind: 'job', full: false } })
    if (random.chance(0.3)) acts.push({ at: at + 9 * minute, act: { kind: 'delete', type, id } })
  }
  acts.push({ at: later(2), act: { kind: 'job', full: false } })

  function amended(type: RecordType): Record<string, unknown> {
    if (type === 'item')
      return random.pick([
        { salePrice: drawnPrice(random) },
        { name: `Item ${unique()}` },
        { description: `Ours ${unique()}` },
      ])
    if (type === 'invoice' || type === 'bill') {
      return { lines: [{ id: '1', description: `Line ${unique()}`, quantity: '1', unitPrice: drawnPrice(random) }] }
    }
    return random.pick<Record<string, unknown>>([
      { email: `ours${++drawn}@example.com` },
      { email: undefined },
      { lastName: `Ours ${unique()}` },
      { name: `Ours ${unique()}` },
    ])
  }

  const conflict = random.chance(0.7) ? 'pending_wins' : 'xero_wins'
  const sections = plot.settings as Record<string, object>
  const policy = (section: string) => ({ [section]: { ...sections[section], conflict } })
  const books: At = { at: -1, act: { kind: 'books', contacts, items: bookItems } }
  const all = [books, ...plot.acts, ...acts].sort((a, b) => a.at - b.at)
  return {
    ...plot,
    acts: all,
    conflict,
    settings: { ...sections, ...policy('items'), ...policy('customers'), ...policy('vendors') },
    calmAt: Math.max(plot.calmAt, ...all.map(({ at }) => at + minute)),
  }
}

/** The same plot, where records of some types learn nothing of what people enter in Xero. */
export function withImportOff(plot: Plot, random: Random): Plot {
  const sections = [
    ['customers', 'customer'],
    ['vendors', 'vendor'],
    ['items', 'item'],
  ] as const
  const off = sections.filter(() => random.chance(0.3))
  const settings = plot.settings as Record<string, object>
  const patched = Object.fromEntries(off.map(([section]) => [section, { ...settings[section], import: 'off' }]))
  return { ...plot, settings: { ...settings, ...patched }, importOff: off.map(([, type]) => type) }
}
