// What many schedules add up to: the figures of docs/reliability.md, and whether the interesting states were reached.
import { addBreaches, type Breaches } from '../support/breaches.ts'
import type { Outcome } from './schedule.ts'

/** In so many schedules each of these is reached several times over. */
const enoughSchedules = 100

/** A run over that many schedules or more that never reached one of these has proved nothing about it. */
const sometimes = [
  'kill',
  'pause',
  'terminate',
  'cut',
  'silence',
  'database',
  'lease takeover',
  'fenced write',
  'replay hit the key cache',
  'look-up adopted a document',
  'access token refreshed',
]

export interface Tally extends Breaches {
  schedules: number
  documents: number
  writes: number
  calls: number
  overLimit: number
  longestTakeoverMs: number
  longestCalmMs: number
  realMs: number
  /** By act and, indented in the table, by point. */
  acts: Record<string, Record<string, number>>
  faults: Record<string, number>
  reached: Record<string, number>
  failures: { seed: number; violations: readonly string[] }[]
}

export const emptyTally = (): Tally => ({
  schedules: 0,
  documents: 0,
  writes: 0,
  calls: 0,
  duplicates: 0,
  lost: 0,
  unfinished: 0,
  overLimit: 0,
  longestTakeoverMs: 0,
  longestCalmMs: 0,
  realMs: 0,
  acts: {},
  faults: {},
  reached: {},
  failures: [],
})

const raise = (into: Record<string, number>, name: string, by = 1): void => {
  into[name] = (into[name] ?? 0) + by
}

export function add(tally: Tally, { seed, violations, struck, faults, reached, figures }: Outcome): void {
  tally.schedules += 1
  tally.documents += figures.documents
  tally.writes += figures.writes
  tally.calls += figures.calls
  tally.realMs += figures.realMs
  tally.longestTakeoverMs = Math.max(tally.longestTakeoverMs, figures.longestTakeoverMs)
  tally.longestCalmMs = Math.max(tally.longestCalmMs, figures.calmMs)
  addBreaches(tally, violations)
  tally.overLimit += violations.filter((violation) => violation.startsWith('I6')).length
  for (const one of struck) {
    const [act = '', point = ''] = one.split(' at ')
    tally.acts[act] ??= {}
    raise(tally.acts[act], point)
  }
  for (const [kind, times] of Object.entries(faults)) raise(tally.faults, kind, times)
  for (const [what, times] of Object.entries(reached)) raise(tally.reached, what, times)
  if (violations.length > 0) tally.failures.push({ seed, violations })
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, times) => sum + times, 0)

/** What was not reached although it had to be; nothing to say of a short run. */
export const neverReached = (tally: Tally): string[] =>
  tally.schedules < enoughSchedules
    ? []
    : sometimes.filter((what) => total(tally.acts[what] ?? {}) + (tally.reached[what] ?? 0) === 0)

const table = (counts: Readonly<Record<string, number>>, indent: string): string[] =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${indent}${String(times).padStart(6)}  ${name}`)

export function report(tally: Tally): string {
  const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`
  return [
    `${tally.schedules} schedules, ${tally.documents} documents, ${tally.writes} writes and ${tally.calls - tally.writes} reads; ` +
      `${seconds(tally.realMs / Math.max(1, tally.schedules))} of real time a schedule`,
    `duplicates ${tally.duplicates}, lost ${tally.lost}, unfinished ${tally.unfinished}, over a limit ${tally.overLimit}, ` +
      `schedules with a violation ${tally.failures.length}`,
    `longest takeover ${seconds(tally.longestTakeoverMs)}, longest way to rest after the last misfortune ${seconds(tally.longestCalmMs)}`,
    'struck:',
    ...Object.entries(tally.acts).flatMap(([act, byPoint]) => [
      `  ${String(total(byPoint)).padStart(6)}  ${act}`,
      ...table(byPoint, '        '),
    ]),
    'faults at Xero:',
    ...table(tally.faults, '  '),
    'reached:',
    ...table(tally.reached, '  '),
    ...tally.failures.flatMap(({ seed, violations }) => [
      `seed ${seed}, again with: npm run test:chaos -- --seed ${seed}`,
      ...violations.map((violation) => `    ${violation}`),
    ]),
    ...neverReached(tally).map((what) => `NEVER REACHED: ${what}`),
  ].join('\n')
}

export const isFine = (tally: Tally): boolean =>
  tally.schedules > 0 && tally.failures.length === 0 && neverReached(tally).length === 0
