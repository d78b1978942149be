// `npm run test:simulation`: 20,000 schedules on all cores, or those that are asked for.
//   -- --seeds 1-2000     that range
//   -- --seed 57          that one, with its trace, twice: it must go the same way both times
//   -- --fresh            from the beginning; otherwise a run that was stopped goes on where it was
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../../src/lib/command-line.ts'
import { openSimulationDatabase } from './database.ts'
import { blocksOf, runBlocks } from './shards.ts'
import { simulate } from './simulate.ts'
import { emptyTally, isFine, merge, report, type Tally } from './tally.ts'

const { values } = commandLine({
  usage: `Usage: npm run test:simulation -- [--seeds 1-2000 | --seed 57] [--fresh]
  --seeds 1-2000  that range; otherwise 20,000 schedules
  --seed 57       that one, with its trace, twice
  --fresh         from the beginning; otherwise a run that was stopped goes on where it was`,
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, fresh: { type: 'boolean' } },
})

async function one(seed: number): Promise<boolean> {
  const database = await openSimulationDatabase()
  const first = await simulate(database, seed, true)
  const second = await simulate(database, seed, true)
  await database.close()
  const same = first.hash === second.hash
  console.log(first.lines.join('\n'))
  console.log(
    `seed ${seed} (${first.mix}): trace ${first.hash}, again ${second.hash}: ${same ? 'the same' : 'NOT THE SAME'}`,
  )
  for (const violation of first.violations) console.log(`  ${violation}`)
  return same && first.violations.length === 0
}

interface Progress {
  readonly done: number[]
  readonly tally: Tally
}

async function many(from: number, to: number): Promise<boolean> {
  const directory = join(import.meta.dirname, '..', '..', '.data')
  const file = join(directory, `simulation-${from}-${to}.json`)
  if (values.fresh) rmSync(file, { force: true })
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Progress) : null
  const done = new Set(kept?.done)
  const tally = kept?.tally ?? emptyTally()
  if (done.size > 0) console.log(`${tally.seeds} schedules of an earlier run are done`)
  const startedAt = performance.now()
  const before = tally.seeds
  mkdirSync(directory, { recursive: true })
  await runBlocks(
    blocksOf(from, to).filter((block) => !done.has(block.from)),
    (result) => {
      merge(tally, result.tally)
      done.add(result.from)
      for (const { seed, violations } of result.tally.failures) console.log(`seed ${seed}: ${violations[0]}`)
      writeFileSync(file, JSON.stringify({ done: [...done], tally } satisfies Progress))
    },
  )
  const seconds = (performance.now() - startedAt) / 1000
  console.log(report(tally))
  console.log(`${((tally.seeds - before) / seconds).toFixed(1)} schedules a second in this run`)
  rmSync(file, { force: true })
  return isFine(tally)
}

const [from = 1, to = 20_000] = (values.seeds ?? '').split('-').filter(Boolean).map(Number)
const fine = values.seed !== undefined ? await one(Number(values.seed)) : await many(from, to)
process.exit(fine ? 0 : 1)
