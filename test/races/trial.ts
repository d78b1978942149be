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
    // Some before the job, some after it: what counts is the moment at which it takes the queue.
    const chosen = Array.from({ length: deletions }, (_, n) => `v${Math.floor((n * queued) / deletions)}`)
    const remove = (id: string) => tenant.api('DELETE', `invoices/${id}`)
    const [early, late] = [chosen.slice(0, deletions / 3), chosen.slice(deletions / 3)]
    const answers = [...early.map(remove)]
    const job = tenant.startJob()
    answers.push(...late.map(remove))
    await job
    const deleted = await Promise.all(answers)
    took.push(performance.now() - begun)
    await world.work({ forMs: 24 * 60 * 60_000 })
    await tenant.sync()
    const standing = new Set(
      tenant.xero('Invoices').flatMap((one) => (['VOIDED', 'DELETED'].includes(one.Status) ? [] : one.InvoiceNumber)),
    )
    const open = new Set((await tenant.queue()).map(({ recordId }) => recordId))
    for (const [index, id] of chosen.entries()) {
      if (deleted[index]?.status !== 200) continue
      acknowledged += 1
      if (standing.has(`INV-${id}`) && !open.has(id)) lost += 1
    }
  }
  return { acknowledged, lost, took }
}
