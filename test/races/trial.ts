// The direct trial of deletions beside a job that takes the queue: in each round 1,500 invoices are queued, and 60 of them
// are deleted at once with `POST …/sync-jobs`. Nothing else is done to the service, and no fault is injected.
import type { Test } from 'tap'
import { openWorld } from '../support/house.ts'
import { customer, invoice, item } from '../support/records.ts'
import { openTenant } from '../support/tenant.ts'

export interface Trial {
  readonly acknowledged: number
  /** Acknowledged deletions whose document stands in Xero after another job, with nothing in the queue. */
  readonly lost: number
  /** Milliseconds from the first request to the last answer, of each round. */
  readonly took: readonly number[]
}

const inGroups = <T>(entries: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(entries.length / size) }, (_, n) => entries.slice(n * size, (n + 1) * size))

const clients = 6

export async function deletionTrial(t: Test, rounds: number, queued = 1_500, deletions = 60): Promise<Trial> {
  const world = await openWorld(t)
  let acknowledged = 0
  let lost = 0
  const took: number[] = []
  for (let round = 0; round < rounds; round++) {
    const tenant = await openTenant(world, `trial-${round}`)
    await tenant.put('customers', customer('c1'))
    await tenant.put('items', item('s1', { kind: 'service' }))
    const invoices = Array.from({ length: queued }, (_, n) => invoice(`v${n}`, 'c1', ['s1']))
    for (const group of inGroups(invoices, 500)) await tenant.put('invoices', ...group)
    const begun = performance.now()
    // Six at a time, as clients send them, from the moment at which the job is asked for.
    const chosen = Array.from({ length: deletions }, (_, n) => `v${Math.floor((n * queued) / deletions)}`)
    const left = [...chosen.entries()]
    const deleted: number[] = []
    const client = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        deleted[next[0]] = (await tenant.api('DELETE', `invoices/${next[1]}`)).status
      }
    }
    await Promise.all([tenant.startJob(), ...Array.from({ length: clients }, client)])
    took.push(performance.now() - begun)
    await world.work({ forMs: 24 * 60 * 60_000 })
    await tenant.sync()
    const standing = new Set(
      tenant.xero('Invoices').flatMap((one) => (['VOIDED', 'DELETED'].includes(one.Status) ? [] : one.InvoiceNumber)),
    )
    const open = new Set((await tenant.queue()).map(({ recordId }) => recordId))
    for (const [index, id] of chosen.entries()) {
      if (deleted[index] !== 200) continue
      acknowledged += 1
      if (standing.has(`INV-${id}`) && !open.has(id)) lost += 1
    }
  }
  return { acknowledged, lost, took }
}
