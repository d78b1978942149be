// One process of a run: takes blocks of seeds from its parent, on one database, and answers with what they add up to.
import { openSimulationDatabase } from './database.ts'
import { simulate } from './simulate.ts'
import { add, emptyTally, type Tally } from './tally.ts'

export interface Block {
  readonly from: number
  readonly to: number
}

export interface BlockResult extends Block {
  readonly tally: Tally
}

const database = await openSimulationDatabase()

async function work({ from, to }: Block): Promise<void> {
  const tally = emptyTally()
  const startedAt = performance.now()
  for (let seed = from; seed <= to; seed++) add(tally, await simulate(database, seed))
  tally.milliseconds = Math.round(performance.now() - startedAt)
  process.send?.({ from, to, tally } satisfies BlockResult)
}

process.on('message', (block: Block) => {
  work(block).catch((error: unknown) => {
    console.error(`seeds ${block.from}-${block.to}:`, error)
    process.exit(1)
  })
})
// Whoever started it is gone: nobody would hear the answer.
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
