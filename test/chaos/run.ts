// `npm run test:chaos`: 200 schedules with real processes and a real PostgreSQL, or those that are asked for.
//   -- --seeds 1-10      that range
//   -- --seed 57         that one, with what happened in it
//   -- --lanes 2         so many at once, each with a PostgreSQL of its own
//   -- --fresh           from the beginning; otherwise a run that was stopped goes on where it was
// What happened in a schedule with a violation is kept in .data/chaos-<seed>.log.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../../src/lib/command-line.ts'
import { type Lane, openLane } from './lane.ts'
import { playSchedule, speed } from './schedule.ts'
import { add, emptyTally, isFine, report, type Tally } from './tally.ts'

const { values } = commandLine({
  usage: `Usage: npm run test:chaos -- [--seeds 1-10 | --seed 57] [--lanes 2] [--fresh]
  --seeds 1-10    that range; otherwise 200 schedules
  --seed 57       that one, with what happened in it
  --lanes 2       so many at once
  --fresh         from the beginning; otherwise a run that was stopped goes on where it was`,
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '1' },
    fresh: { type: 'boolean' },
  },
})
const directory = join(import.meta.dirname, '..', '..', '.data')

interface Progress {
  readonly done: readonly number[]
  readonly tally: Tally
}

async function one(lane: Lane, seed: number): Promise<boolean> {
  const outcome = await playSchedule(lane, seed)
  console.log(outcome.trace.join('\n'))
  const tally = emptyTally()
  add(tally, outcome)
  console.log(report(tally))
  return isFine(tally)
}

async function many(lanes: readonly Lane[], from: number, to: number): Promise<boolean> {
  const file = join(directory, `chaos-${from}-${to}.json`)
  mkdirSync(directory, { recursive: true })
  if (values.fresh) rmSync(file, { force: true })
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Progress) : null
  const done = new Set(kept?.done)
  const tally = kept?.tally ?? emptyTally()
  if (done.size > 0) console.log(`${done.size} schedules of an earlier run are done`)
  let next = from
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = next++; seed <= to; seed = next++) {
        if (done.has(seed)) continue
        const outcome = await playSchedule(lane, seed)
        add(tally, outcome)
        done.add(seed)
        console.log(`seed ${seed}: ${outcome.violations[0] ?? `holds, ${Math.round(outcome.figures.realMs / 1000)} s`}`)
        if (outcome.violations.length > 0) writeFileSync(join(directory, `chaos-${seed}.log`), outcome.trace.join('\n'))
        writeFileSync(`${file}.new`, JSON.stringify({ done: [...done], tally } satisfies Progress))
        renameSync(`${file}.new`, file)
      }
    }),
  )
  console.log(report(tally))
  rmSync(file, { force: true })
  return isFine(tally)
}

const [from = 1, to = 200] = (values.seeds ?? '').split('-').filter(Boolean).map(Number)
const wanted = values.seed === undefined ? Number(values.lanes) : 1
const lanes = (await Promise.all(Array.from({ length: wanted }, () => openLane(speed)))).filter((lane) => lane !== null)
const [first] = lanes
if (!first) {
  console.log('skipped: no PostgreSQL is installed here')
} else {
  const fine = await (values.seed === undefined ? many(lanes, from, to) : one(first, Number(values.seed))).finally(
    () => {
      for (const lane of lanes) lane.close()
    },
  )
  process.exitCode = fine ? 0 : 1
}
