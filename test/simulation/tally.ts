// What many schedules add up to: the figures of docs/reliability.md, and whether the interesting states were reached.
import { addBreaches, type Breaches } from '../support/breaches.ts'
import type { Outcome } from './simulate.ts'

/** In so many schedules each of these is reached several times over. */
const enoughSeeds = 1_000

/** A run over that many schedules or more that never reached one of these has proved nothing about it. */
export const sometimes = [
  'replay hit the key cache',
  'look-up adopted a document',
  'negative look-up, then sent again',
  'lease takeover',
  'fenced write',
  'refresh by grace',
  'batch partially failed',
  'duplicate-number rejection',
  'database down during record',
  'look-up told twins apart',
  'look-up met a bill that a person entered',
  "a person's edit was taken over",
  'both sides changed a field',
  'a conflict on a document',
  'a record was written over an edit, as decided',
  'a merge was followed',
  'a customer and a vendor were one contact',
  'an archived contact was met',
  'persons waited for a main person',
] as const

export interface Tally extends Breaches {
  seeds: number
  documents: number
  writeCalls: number
  sends: number
  lookUps: number
  reads: number
  refreshes: number
  queries: number
  crashes: number
  reached: Record<string, number>
  /** By mix: whole seconds until an uncertain outcome was known → how many. */
  uncertain: Record<string, Record<string, number>>
  longestUncertain: { seed: number; milliseconds: number }
  failures: { seed: number; mix: string; hash: string; violations: readonly string[] }[]
  milliseconds: number
}

export const emptyTally = (): Tally => ({
  seeds: 0,
  documents: 0,
  writeCalls: 0,
  sends: 0,
  lookUps: 0,
  reads: 0,
  refreshes: 0,
  queries: 0,
  crashes: 0,
  duplicates: 0,
  lost: 0,
  unfinished: 0,
  reached: {},
  uncertain: {},
  longestUncertain: { seed: 0, milliseconds: 0 },
  failures: [],
  milliseconds: 0,
})

export function add(tally: Tally, { seed, mix, hash, violations, reached, figures }: Outcome): void {
  tally.seeds += 1
  tally.documents += figures.documents
  tally.writeCalls += figures.writeCalls
  tally.sends += figures.writes
  tally.lookUps += figures.lookUps
  tally.reads += figures.reads
  tally.refreshes += figures.refreshes
  tally.queries += figures.queries
  tally.crashes += reached.crash ?? 0
  addBreaches(tally, violations)
  for (const [what, times] of Object.entries(reached)) tally.reached[what] = (tally.reached[what] ?? 0) + times
  keepLonger(tally, { seed, milliseconds: Math.max(0, ...figures.uncertainMs) })
  for (const milliseconds of figures.uncertainMs) note(tally, mix, String(Math.ceil(milliseconds / 1000)), 1)
  if (violations.length > 0) tally.failures.push({ seed, mix, hash, violations })
}

function keepLonger(tally: Tally, other: Tally['longestUncertain']): void {
  if (other.milliseconds > tally.longestUncertain.milliseconds) tally.longestUncertain = other
}

function note(tally: Tally, mix: string, seconds: string, times: number): void {
  const ofMix = tally.uncertain[mix] ?? {}
  ofMix[seconds] = (ofMix[seconds] ?? 0) + times
  tally.uncertain[mix] = ofMix
}

export function merge(into: Tally, other: Tally): void {
  for (const field of Object.keys(into) as (keyof Tally)[]) {
    const [mine, theirs] = [into[field], other[field]]
    if (typeof mine === 'number') (into[field] as number) = mine + (theirs as number)
  }
  for (const [what, times] of Object.entries(other.reached)) into.reached[what] = (into.reached[what] ?? 0) + times
  for (const [mix, ofMix] of Object.entries(other.uncertain)) {
    for (const [seconds, times] of Object.entries(ofMix)) note(into, mix, seconds, times)
  }
  keepLonger(into, other.longestUncertain)
  into.failures.push(...other.failures)
}

/** How long uncertain outcomes of some mixes were open: number, and seconds within which a share of them was known. */
function waits(histograms: readonly Readonly<Record<string, number>>[]): string {
  const entries = histograms.flatMap((one) => Object.entries(one).map(([s, times]) => [Number(s), times] as const))
  const sorted = entries.sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, times]) => sum + times, 0)
  const within = (share: number): number => {
    let seen = 0
    for (const [seconds, times] of sorted) {
      seen += times
      if (seen >= total * share) return seconds
    }
    return 0
  }
  return `${total}, known after p50 ${within(0.5)} s, p90 ${within(0.9)} s, p99 ${within(0.99)} s, at most ${within(1)} s`
}

/** What was not reached although it had to be; nothing to say of a short run. */
export const neverReached = (tally: Tally): string[] =>
  tally.seeds < enoughSeeds ? [] : sometimes.filter((what) => (tally.reached[what] ?? 0) === 0)

export function report(tally: Tally): string {
  const perDocument = (calls: number) => (calls / Math.max(1, tally.documents)).toFixed(2)
  const lines = [
    `${tally.seeds} schedules, ${tally.documents} documents in ${tally.writeCalls} write calls, ${tally.crashes} crashes`,
    `duplicates ${tally.duplicates}, lost ${tally.lost}, unfinished ${tally.unfinished}, schedules with a violation ${tally.failures.length}`,
    `calls: ${tally.sends} sends and ${tally.lookUps} look-ups (${perDocument(tally.sends + tally.lookUps)} a document, ` +
      `${((tally.sends + tally.lookUps) / Math.max(1, tally.writeCalls)).toFixed(2)} a write call), ${tally.reads} reads, ${tally.refreshes} refreshes`,
    `uncertain outcomes: ${waits(Object.values(tally.uncertain))} (seed ${tally.longestUncertain.seed})`,
    ...Object.entries(tally.uncertain).map(([mix, histogram]) => `  ${mix}: ${waits([histogram])}`),
    `${(tally.queries / Math.max(1, tally.seeds)).toFixed(0)} statements and ${(tally.milliseconds / Math.max(1, tally.seeds)).toFixed(0)} ms a schedule and process`,
    'reached:',
    ...Object.entries(tally.reached)
      .sort(([, a], [, b]) => b - a)
      .map(([what, times]) => `  ${String(times).padStart(7)}  ${what}`),
    ...tally.failures.flatMap(({ seed, mix, violations }) => [
      `seed ${seed} (${mix}), again with: npm run test:simulation -- --seed ${seed}`,
      ...violations.map((violation) => `    ${violation}`),
    ]),
    ...neverReached(tally).map((what) => `NEVER REACHED: ${what}`),
  ]
  return lines.join('\n')
}

export const isFine = (tally: Tally): boolean =>
  tally.seeds > 0 && tally.failures.length === 0 && neverReached(tally).length === 0
