// What the product hands over and what people do in one schedule, drawn from its seed before it begins.
import type { RecordType } from '../../src/domain/entity-types.ts'
import type { Random } from '../simulation/random.ts'
import { type Body, drawnRecords } from '../support/drawn-records.ts'

const second = 1_000

export type Deed =
  | { readonly kind: 'put'; readonly type: RecordType; readonly bodies: readonly Body[] }
  | { readonly kind: 'delete'; readonly type: RecordType; readonly id: string }
  | { readonly kind: 'job'; readonly full: boolean }
  | { readonly kind: 'cancel' }
  /** A person makes an invoice or bill of the same number in Xero. */
  | { readonly kind: 'foreign'; readonly type: 'invoice' | 'bill'; readonly id: string }
  /** Access tokens end before their time. */
  | { readonly kind: 'tokens' }
  /** The organisation is disconnected in Xero, so many calls later. */
  | { readonly kind: 'disconnect'; readonly calls: number }
  | { readonly kind: 'reconnect' }

export interface Story {
  readonly tag: string
  readonly deeds: readonly { readonly at: number; readonly deed: Deed }[]
  /** What there is to do while misfortunes still wait for their moments. */
  readonly more: readonly Deed[]
  readonly numberedByXero: boolean
  readonly settings: object
}

export function story(random: Random, tag: string, endsTokens: boolean): Story {
  const length = random.between(120, 240) * second
  const deeds: { at: number; deed: Deed }[] = []
  const add = (at: number, deed: Deed) => deeds.push({ at, deed })
  const sometime = () => random.between(0, length)
  const names = (letter: string, count: number) => Array.from({ length: count }, (_, n) => `${tag}-${letter}${n}`)

  const customers = names('c', random.between(2, 6))
  const items = names('i', random.between(1, 4))
  const invoices = names('d', random.between(4, 12))
  const vendors = names('v', random.between(1, 3))
  const bills = names('b', random.between(2, 6))
  const cast = { tag, customers, vendors, items, sharedAddresses: false }
  const make = drawnRecords(random, { ...cast, kindOfItem: () => 'service' })
  const known: [RecordType, string[]][] = [
    ['customer', customers],
    ['item', items],
    ['invoice', invoices],
    ['vendor', vendors],
    ['bill', bills],
  ]
  const put = (at: number, type: RecordType, ids: readonly string[]) => {
    if (ids.length > 0) add(at, { kind: 'put', type, bodies: ids.map(make[type]) })
  }
  for (const [type, ids] of known) {
    const early = ids.filter(() => random.chance(0.8))
    put(0, type, early)
    for (const id of ids.filter((each) => !early.includes(each))) put(sometime(), type, [id])
  }
  for (let changes = random.between(3, 8); changes > 0; changes--) {
    const [type, ids] = random.pick(known)
    if (random.chance(0.15)) add(random.between(length / 3, length), { kind: 'delete', type, id: random.pick(ids) })
    else put(sometime(), type, [random.pick(ids)])
  }
  // A name that another customer has: Xero refuses one of the two, and the rest of their batch is written.
  if (random.chance(0.15)) {
    const bodies = customers.slice(0, 2).map((id) => ({ ...make.customer(id), name: `Namesake ${tag}` }))
    add(sometime(), { kind: 'put', type: 'customer', bodies })
  }
  add(random.between(0, 5) * second, { kind: 'job', full: false })
  for (let jobs = random.between(2, 4); jobs > 0; jobs--) add(sometime(), { kind: 'job', full: random.chance(0.15) })
  if (random.chance(0.1)) add(sometime(), { kind: 'cancel' })
  if (random.chance(0.15)) {
    add(random.between(0, length / 4), { kind: 'foreign', type: 'invoice', id: random.pick(invoices) })
  }
  if (random.chance(0.25)) add(sometime(), { kind: 'foreign', type: 'bill', id: random.pick(bills) })
  // Once at most: Xero never ends a token that it has just given.
  if (endsTokens && random.chance(0.6)) add(sometime(), { kind: 'tokens' })
  if (random.chance(0.1)) {
    const at = sometime()
    add(at, { kind: 'disconnect', calls: random.between(0, 4) })
    add(at + random.between(20, 120) * second, { kind: 'reconnect' })
  }
  const more = Array.from({ length: 8 }, (_, n): Deed => {
    const type = random.pick(['customer', 'invoice', 'bill'] as const)
    const id = type === 'customer' ? random.pick(customers) : `${tag}-m${n}`
    return { kind: 'put', type, bodies: [make[type](id)] }
  })
  const numberedByXero = random.chance(0.4)
  return {
    tag,
    deeds: deeds.sort((a, b) => a.at - b.at),
    more,
    numberedByXero,
    settings: {
      items: { accounts: { income: '200', expense: '300' } },
      invoices: {
        accounts: { sales: '200' },
        taxMap: { GST: 'OUTPUT' },
        status: random.chance(0.8) ? 'AUTHORISED' : 'DRAFT',
        ...(numberedByXero ? { number: 'xero', reference: 'document_number' } : {}),
      },
      vendors: { accounts: { purchases: '300' }, taxMap: { GST: 'INPUT' } },
    },
  }
}
