// Whether a turn of a job grows with what the job still has before it: one of 100,000 queue items beside one of 4,000.
import type { Test } from 'tap'
import { upkeepService } from '../src/services/upkeep.ts'
import { addBacklog } from '../test/support/backlog.ts'
import { openWorld, type World } from '../test/support/house.ts'
import { openTenant, type Tenant } from '../test/support/tenant.ts'
import { type Benchmark, compare, median, ratio, timed } from './support.ts'

interface Backlog {
  readonly world: World
  readonly tenant: Tenant
  readonly toStart: number
  close(): Promise<void>
}

/** A job with so many customers to export, at its first batch. */
async function backlog(size: number): Promise<Backlog> {
  const closing: (() => unknown)[] = []
  const world = await openWorld({ teardown: (close: () => unknown) => void closing.push(close) } as unknown as Test)
  const tenant = await openTenant(world, 'backlog')
  await addBacklog(world, tenant, size)
  const toStart = await timed(() => tenant.startJob())
  while (tenant.calls('PUT /Contacts').length === 0) await world.house.turn()
  const close = async () => {
    for (const one of closing.reverse()) await one()
  }
  return { world, tenant, toStart, close }
}

/** The planner learns how many rows there are. */
const learn = ({ world }: Backlog) => upkeepService({ db: world.database.db, clock: world.clock }).vacuum()

/** Four batches of 50. */
async function turn({ world, tenant }: Backlog): Promise<void> {
  // Xero's minute is no part of this.
  world.clock.advance(61_000)
  const before = tenant.calls('PUT /Contacts').length
  // Every five minutes the list is read once more, in a turn of its own.
  for (let n = 0; n < 3 && tenant.calls('PUT /Contacts').length === before; n++) await world.house.turn()
  if (tenant.calls('PUT /Contacts').length !== before + 4) throw new Error('the turn was not one of four batches')
}

export const turnsOfABacklog: Benchmark = {
  title: 'A turn of a job with a long queue',
  method:
    'Embedded databases in memory, with a job of 4,000 and one of 100,000 customers to create; the job is created without statistics, as ' +
    'after a first import, its turns are made with them where nothing else is said. A turn is four batches of 50, with the simulator in the same process. Processor time, median of 10 turns each; of creating the job, three of the short and one of the long.',
  async run() {
    const shorts = [await backlog(4_000), await backlog(4_000), await backlog(4_000)] as const
    const [short] = shorts
    const long = await backlog(100_000)
    const unlearned = await compare({ long: () => turn(long) }, 10)
    await Promise.all([short, long].map(learn))
    const times = await compare({ short: () => turn(short), long: () => turn(long) }, 10)
    for (const one of [...shorts, long]) await one.close()
    return [
      {
        what: 'a turn, 100,000 / 4,000',
        value: ratio(times.long, times.short),
        meaning: '1 means that others wait no longer for their turn',
      },
      {
        what: 'a turn, 100,000, without statistics / with',
        value: ratio(unlearned.long, times.long),
        meaning: 'what the first minute after a first import costs, until the tables were counted',
      },
      {
        what: 'creating the job, 100,000 / 4,000',
        value: ratio(long.toStart, median(shorts.map(({ toStart }) => toStart))),
        meaning: '25 means that it grows with the queue, and no faster',
      },
      {
        what: 'creating the job / a turn, 100,000',
        value: ratio(long.toStart, times.long),
        meaning: 'once a job; on the embedded database everybody waits for it',
      },
    ]
  },
}
