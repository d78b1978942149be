// `npm run test:chaos`: 200 schedules with real processes and a real PostgreSQL, or those that are asked for.
//   -- --seeds 1-10      that range
//   -- --seed 57         that one, with what happened in it
//   -- --fresh           from the beginning; otherwise a run that was stopped goes on where it was
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openLane } from './lane.ts'
import { type Outcome, play } from './schedule.ts'

/** An hour in a minute and a half. */
const speed = 40

const { values } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, fresh: { type: 'boolean' } },
})
const lane = await openLane(speed)
if (!lane) {
  console.log('skipped: no PostgreSQL is installed here')
  process.exit(0)
}

function report(outcomes: readonly Outcome[]): string {
  const struck: Record<string, number> = {}
  for (const outcome of outcomes) {
    for (const [what, times] of Object.entries(outcome.struck)) struck[what] = (struck[what] ?? 0) + times
  }
  const sum = (field: 'documents' | 'takeovers') => outcomes.reduce((total, outcome) => total + outcome[field], 0)
  const all = outcomes.flatMap(({ violations }) => violations)
  const count = (pattern: RegExp) => all.filter((violation) => pattern.test(violation)).length
  return [
    `${outcomes.length} schedules, ${sum('documents')} documents in the end, ${sum('takeovers')} takeovers`,
    `duplicates ${count(/^I1:/)}, lost ${count(/^I(2|3|5|11)/)}, unfinished ${count(/^I14/)}, over a limit ${count(/^I6/)}, ` +
      `schedules with a violation ${outcomes.filter(({ violations }) => violations.length > 0).length}`,
    ...Object.entries(struck)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => `  ${String(times).padStart(6)}  ${what}`),
    ...outcomes.flatMap(({ seed, violations }) => violations.map((violation) => `seed ${seed}: ${violation}`)),
  ].join('\n')
}

async function one(seed: number): Promise<boolean> {
  const outcome = await play(lane as NonNullable<typeof lane>, seed)
  console.log(outcome.lines.join('\n'))
  console.log(report([outcome]))
  return outcome.violations.length === 0
}

async function many(from: number, to: number): Promise<boolean> {
  const directory = join(import.meta.dirname, '..', '..', '.data')
  const file = join(directory, `chaos-${from}-${to}.json`)
  mkdirSync(directory, { recursive: true })
  if (values.fresh) rmSync(file, { force: true })
  const outcomes: Outcome[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  if (outcomes.length > 0) console.log(`${outcomes.length} schedules of an earlier run are done`)
  for (let seed = from + outcomes.length; seed <= to; seed++) {
    const outcome = await play(lane as NonNullable<typeof lane>, seed)
    outcomes.push({ ...outcome, lines: [] })
    writeFileSync(file, JSON.stringify(outcomes))
    console.log(`seed ${seed}: ${outcome.violations[0] ?? 'holds'}`)
  }
  console.log(report(outcomes))
  rmSync(file, { force: true })
  return outcomes.every(({ violations }) => violations.length === 0)
}

const [from = 1, to = 200] = (values.seeds ?? '').split('-').filter(Boolean).map(Number)
const fine = await (values.seed !== undefined ? one(Number(values.seed)) : many(from, to)).finally(() => lane.close())
process.exitCode = fine ? 0 : 1
