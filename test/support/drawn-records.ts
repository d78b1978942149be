// Records as a schedule draws them from its seed: the same for the simulation and for real processes.
import type { RecordType } from '../../src/domain/entity-types.ts'
import type { Random } from '../simulation/random.ts'

export type Body = Readonly<Record<string, unknown>> & { readonly id: string }

/** The ids that records of one company refer to, each with the letters of the company in it. */
export interface Cast {
  readonly tag: string
  readonly customers: readonly string[]
  readonly vendors: readonly string[]
  readonly items: readonly string[]
  readonly kindOfItem: (id: string) => string
  /** Contacts may have an address in common, by which they are matched. Never customers with vendors: that would rightly be one contact. */
  readonly sharedAddresses: boolean
}

export const drawnPrice = (random: Random): string => `${random.between(1, 200)}.${random.between(10, 99)}`

/** One of them, or now and then one that was never handed over. */
const mostly = (random: Random, ids: readonly string[], tag: string): string =>
  random.chance(0.03) ? `${tag}-nobody` : random.pick(ids)

export function drawnRecords(random: Random, cast: Cast): Readonly<Record<RecordType, (id: string) => Body>> {
  const { tag, customers, vendors, items, kindOfItem, sharedAddresses } = cast
  const contact =
    (role: string) =>
    (id: string): Body => ({
      id,
      name: `${role} ${id} ${random.between(1, 9)}`,
      email: `${sharedAddresses ? role.toLowerCase() : id}.${random.between(1, 9)}@example.com`,
    })
  const lines = () =>
    Array.from({ length: random.between(1, 3) }, (_, n) => ({
      id: String(n + 1),
      ...(items.length > 0 && random.chance(0.7) ? { itemId: random.pick(items) } : {}),
      description: `Line ${n}`,
      quantity: String(random.between(1, 9)),
      unitPrice: drawnPrice(random),
      taxCode: 'GST',
    }))
  return {
    customer: contact('Customer'),
    vendor: contact('Vendor'),
    item: (id) => ({
      id,
      kind: kindOfItem(id),
      code: id.toUpperCase(),
      name: `Item ${id}`,
      salePrice: drawnPrice(random),
    }),
    invoice: (id) => ({
      id,
      number: `N-${id}`,
      customerId: mostly(random, customers, tag),
      date: '2026-11-20',
      status: 'shipped',
      lines: lines(),
    }),
    // Few numbers among many bills, and sometimes one content: nothing but its address tells such a bill from the other.
    bill: (id) => ({
      id,
      number: `R-${id}`,
      vendorId: mostly(random, vendors, tag),
      ...(random.chance(0.8) ? { vendorInvoiceNumber: `V-${random.between(1, 2)}` } : {}),
      date: '2026-11-20',
      status: 'received',
      lines: random.chance(0.4) ? [{ id: '1', description: 'Alike', quantity: '1', unitPrice: '9.50' }] : lines(),
      ...(random.chance(0.3) ? { otherCharges: [{ amount: drawnPrice(random), taxCode: 'GST' }] } : {}),
    }),
  }
}

/** Cents without tax of an invoice or bill as it was handed over. */
export function centsOf(body: Body): number {
  const lines = body.lines as readonly { quantity: string; unitPrice: string }[]
  const charges = (body.otherCharges ?? []) as readonly { amount: string }[]
  const priced = [...lines, ...charges.map(({ amount }) => ({ quantity: '1', unitPrice: amount }))]
  return priced.reduce((sum, line) => sum + Number(line.quantity) * Math.round(Number(line.unitPrice) * 100), 0)
}
