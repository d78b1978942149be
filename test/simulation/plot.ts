// What happens to a company in one schedule: which records it hands over and changes, when jobs run, what a person does
// in Xero. Drawn from the seed before the schedule begins; what it expects at the end is kept beside it.
import type { RecordType } from '../../src/domain/entity-types.ts'
import type { ConflictPolicy } from '../../src/domain/settings/common.ts'
import { type Body, drawnRecords } from '../support/drawn-records.ts'
import type { BookAct } from './books.ts'
import type { Mix } from './mixes.ts'
import type { Random } from './random.ts'

const minute = 60_000

export type Act =
  | BookAct
  | { readonly kind: 'put'; readonly type: RecordType; readonly bodies: readonly Body[] }
  | { readonly kind: 'delete' | 'unlink'; readonly type: RecordType; readonly id: string }
  | { readonly kind: 'job'; readonly full: boolean }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'settings'; readonly patch: object }
  | { readonly kind: 'requeue'; readonly type: RecordType }
  /** A person makes a document of the same number or code in Xero. */
  | { readonly kind: 'foreign'; readonly type: 'item' | 'invoice'; readonly id: string }
  /** A person enters the vendor's invoice that the product hands over as well, with the same lines or others. */
  | { readonly kind: 'enter'; readonly id: string; readonly isAlike: boolean }
  /** A person changes a document of ours in Xero, perhaps before we know that it is there. */
  | { readonly kind: 'edit'; readonly type: 'invoice' | 'bill'; readonly id: string }
  | { readonly kind: 'disconnect' | 'revoke' | 'reconnect' }

export interface Plot {
  readonly acts: readonly { readonly at: number; readonly act: Act }[]
  readonly settings: object
  /** When faults end. */
  readonly calmAt: number
  readonly hasSchedule: boolean
  readonly numberedByXero: boolean
  /** Of a company with existing books: whose change of a contact or item stands. */
  readonly conflict?: ConflictPolicy
  /** Types whose records learn nothing of what stands in Xero. */
  readonly importOff?: readonly RecordType[]
}

/** Letters of the company in each id: I9 asks whose document stands where. */
export function plot(random: Random, mix: Mix, tag: string): Plot {
  const length = random.between(6, 35) * minute
  const acts: { at: number; act: Act }[] = []
  const add = (at: number, act: Act) => acts.push({ at, act })
  const some = (from: number, to: number) => random.between(from * minute, Math.max(from * minute, to * minute))

  const customers = Array.from({ length: random.between(1, 3) }, (_, n) => `${tag}-c${n}`)
  const items = Array.from({ length: random.between(0, 2) }, (_, n) => `${tag}-i${n}`)
  const invoices = Array.from({ length: random.between(1, 5) }, (_, n) => `${tag}-d${n}`)

  const vendors = Array.from({ length: random.between(0, 2) }, (_, n) => `${tag}-v${n}`)
  const bills = vendors.length === 0 ? [] : Array.from({ length: random.between(2, 5) }, (_, n) => `${tag}-b${n}`)

  const kinds = new Map(items.map((id) => [id, random.pick(['service', 'inventory'])]))

  const cast = { tag, customers, vendors, items, sharedAddresses: true }
  const make = drawnRecords(random, { ...cast, kindOfItem: (id) => kinds.get(id) ?? 'service' })
  const known: [RecordType, string[]][] = [
    ['customer', customers],
    ['item', items],
    ['invoice', invoices],
    ['vendor', vendors],
    ['bill', bills],
  ]

  for (const [type, ids] of known) {
    const early = ids.filter(() => random.chance(0.8))
    if (early.length > 0) add(0, { kind: 'put', type, bodies: early.map(make[type]) })
    for (const id of ids.filter((each) => !early.includes(each))) {
      add(random.between(0, length), { kind: 'put', type, bodies: [make[type](id)] })
    }
  }
  const changes = random.between(0, 4)
  for (let n = 0; n < changes; n++) {
    const [type, ids] = random.pick(known.filter(([, each]) => each.length > 0))
    const id = random.pick(ids)
    if (random.chance(0.15)) add(random.between(length / 4, length), { kind: 'delete', type, id })
    else add(random.between(0, length), { kind: 'put', type, bodies: [make[type](id)] })
  }
  // A name that another customer has: Xero refuses one of the two, and the rest of their batch is written.
  if (random.chance(0.15) && customers.length > 1) {
    add(random.between(0, length), {
      kind: 'put',
      type: 'customer',
      bodies: customers.slice(0, 2).map((id) => ({ ...make.customer(id), name: `Customer ${tag} of one name` })),
    })
  }
  const jobs = random.between(1, 2)
  add(some(0, 1), { kind: 'job', full: false })
  for (let n = 1; n < jobs; n++) add(random.between(0, length), { kind: 'job', full: random.chance(0.1) })
  if (random.chance(0.12)) add(random.between(minute, length), { kind: 'cancel' })
  if (random.chance(0.1)) add(random.between(0, length), { kind: 'requeue', type: random.pick(known)[0] })
  if (random.chance(0.15))
    add(random.between(0, 5 * minute), { kind: 'foreign', type: 'invoice', id: random.pick(invoices) })
  if (random.chance(0.2)) {
    add(random.between(minute, length), { kind: 'edit', type: 'invoice', id: random.pick(invoices) })
  }
  if (random.chance(0.15) && bills.length > 0) {
    add(random.between(minute, length), { kind: 'edit', type: 'bill', id: random.pick(bills) })
  }
  if (random.chance(0.7) && vendors.length > 0) {
    // A person enters it before a job sends it.
    const [id, at] = [`${tag}-b9`, random.between(2 * minute, length)]
    add(at, { kind: 'put', type: 'bill', bodies: [make.bill(id)] })
    add(at + 1_000, { kind: 'enter', id, isAlike: random.chance(0.5) })
    add(at + 2_000, { kind: 'job', full: false })
  }
  if (random.chance(0.1) && items.length > 0) {
    add(random.between(0, 5 * minute), { kind: 'foreign', type: 'item', id: random.pick(items) })
  }
  if (random.chance(0.1)) {
    add(random.between(0, length), { kind: 'settings', patch: { invoices: { prefix: `P${random.between(1, 9)}-` } } })
  }
  if (random.chance(0.1)) {
    const patch = { billNumber: 'document_number', deepLink: 'https://shop.example.com/bills/{id}' }
    add(random.between(0, length), { kind: 'settings', patch: { vendors: patch } })
  }
  const numberedByXero = random.chance(0.25)
  for (const [kind, probability] of [
    ['disconnect', mix.disconnected],
    ['revoke', mix.revoked],
  ] as const) {
    if (!random.chance(probability)) continue
    const at = random.between(minute, length)
    add(at, { kind })
    add(at + some(2, 30), { kind: 'reconnect' })
  }
  const hasSchedule = random.chance(0.15)
  const last = Math.max(length, ...acts.map(({ at }) => at))
  return {
    acts: acts.sort((a, b) => a.at - b.at),
    calmAt: last + minute,
    hasSchedule,
    numberedByXero,
    settings: {
      items: {
        inventoryMode: random.chance(0.5) ? 'sync_inventory' : 'do_not_sync',
        accounts: { income: '200', expense: '300' },
      },
      invoices: {
        accounts: { sales: '200' },
        taxMap: { GST: 'OUTPUT' },
        status: random.chance(0.8) ? 'AUTHORISED' : 'DRAFT',
        ...(numberedByXero ? { number: 'xero', reference: 'document_number' } : {}),
      },
      vendors: {
        accounts: { purchases: '300' },
        taxMap: { GST: 'OUTPUT' },
        status: random.chance(0.8) ? 'AUTHORISED' : 'DRAFT',
      },
      ...(hasSchedule ? { schedule: { enabled: true, mode: 'interval', everyMinutes: random.pick([15, 30]) } } : {}),
    },
  }
}
