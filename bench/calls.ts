// How many calls a job makes, by Xero's side of the wire. A count and no time: it is the same on every machine.
import type { World } from '../test/support/house.ts'
import { customer, invoice, item, settingsForDemoOrganisation } from '../test/support/records.ts'
import { type Benchmark, withWorld } from './support.ts'

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const lists = ['Contacts', 'Items', 'Invoices']

interface Calls {
  readonly writes: number
  readonly reads: number
  readonly reference: number
}

async function runJob({ api, work }: World, c: string): Promise<void> {
  const created = await api('POST', `${c}/sync-jobs`, {})
  await work()
  const { body } = await api('GET', `${c}/sync-jobs/${created.body.id}`)
  if (body.status !== 'completed') throw new Error(`the job ended as ${body.status}`)
}

const quarterOfAnHour = 15 * 60_000

/** Jobs without changes, one every 15 minutes for 24 hours: all their calls. */
async function idleDay(world: World, c: string): Promise<number> {
  world.simulator.control.clearJournal()
  for (let n = 0; n < 96; n++) {
    world.clock.advance(quarterOfAnHour)
    await runJob(world, c)
  }
  return world.simulator.control.journal({ area: 'api' }).length
}

async function job(world: World, c: string): Promise<Calls> {
  const { simulator } = world
  simulator.control.clearJournal()
  await runJob(world, c)
  const entries = simulator.control.journal({ area: 'api' })
  const isList = ({ path }: { path: string }) => lists.some((list) => path.includes(list))
  return {
    writes: entries.filter(({ method }) => method !== 'GET').length,
    reads: entries.filter((entry) => entry.method === 'GET' && isList(entry)).length,
    reference: entries.filter((entry) => entry.method === 'GET' && !isList(entry)).length,
  }
}

export const callsOfJobs: Benchmark = {
  title: 'Calls to Xero',
  method:
    "Counted in the simulator's journal, with no errors injected: 120 customers, 60 items, 200 invoices; then nothing changed; then 10 invoices " +
    'changed; then a job every 15 minutes for a day, with nothing changed.',
  run: () =>
    withWorld(async (world) => {
      const { api, connect } = world
      const c = `/v1/connections/${await connect()}`
      const settings = {
        ...settingsForDemoOrganisation,
        items: { ...settingsForDemoOrganisation.items, inventoryMode: 'sync_inventory' },
      }
      await api('PATCH', `${c}/settings`, settings, { 'if-match': '*' })
      const invoices = many(200, (index) => invoice(`v${index}`, `c${index % 120}`, [`i${index % 60}`]))
      await api('PUT', `${c}/customers`, { records: many(120, (index) => customer(`c${index}`)) })
      await api('PUT', `${c}/items`, { records: many(60, (index) => item(`i${index}`)) })
      await api('PUT', `${c}/invoices`, { records: invoices })
      const first = await job(world, c)
      const idle = await job(world, c)
      const changed = invoices.slice(0, 10).map((record) => ({ ...record, customerPo: 'PO-2' }))
      await api('PUT', `${c}/invoices`, { records: changed })
      const update = await job(world, c)
      const day = await idleDay(world, c)
      const show = ({ writes, reads, reference }: Calls) => `${writes} + ${reads} + ${reference}`
      const meaning = 'writes + reads of contacts and items + reference lists'
      return [
        { what: 'first job, 380 documents', value: show(first), meaning },
        {
          what: 'writes per 50 documents of one type',
          value: `${first.writes} for 9 batches`,
          meaning: '3 of customers, 2 of items, 4 of invoices',
        },
        { what: 'job without changes', value: show(idle), meaning },
        { what: 'job with 10 changed invoices', value: show(update), meaning },
        {
          what: '96 jobs without changes, a day',
          value: String(day),
          meaning: 'calls, of 1,000 a day in the smallest plan',
        },
      ]
    }),
}
