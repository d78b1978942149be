// What many schedules add up to: the figures of docs/reliability.md, and whether the interesting states were reached.
import type { Outcome } from './simulate.ts'

/** A run over a thousand schedules or more that never reached one of these has proved nothing about it. */
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
] as const

export interface Tally {
  seeds: number
  documents: number
  writeCalls: number
  sends: number
  lookUps: number
  reads: number
  refreshes: number
  queries: number
  crashes: number
  duplicates: number
  lost: number
  unfinished: number
  reached: Record<string, number>
  /** Whole seconds until an uncertain outcome was known → how many. */
  uncertain: Record<string, number>
  failures: { seed: number; mix: string; hash: string; violations: readonly string[] }[]
  /** Of all traces, in the order of the seeds: equal when every schedule went exactly the same way. */
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
  failures: [],
  milliseconds: 0,
})

const count = (violations: readonly string[], pattern: RegExp): number =>
  violations.filter((violation) => pattern.test(violation)).length

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
  tally.duplicates += count(violations, /^I1:/)
  tally.lost += count(violations, /^I(2: (it stands|it was never|the record is)|3|11)/)
  tally.unfinished += count(violations, /^(I14|I2: it is still|I2: it ended)|come to rest/)
  for (const [what, times] of Object.entries(reached)) tally.reached[what] = (tally.reached[what] ?? 0) + times
  for (const milliseconds of figures.uncertainMs) {
    const seconds = String(Math.ceil(milliseconds / 1000))
    tally.uncertain[seconds] = (tally.uncertain[seconds] ?? 0) + 1
  }
  if (violations.length > 0) tally.failures.push({ seed, mix, hash, violations })
}

export function merge(into: Tally, other: Tally): void {
  for (const field of Object.keys(into) as (keyof Tally)[]) {
    const [mine, theirs] = [into[field], other[field]]
    if (typeof mine === 'number') (into[field] as number) = mine + (theirs as number)
  }
  for (const [what, times] of Object.entries(other.reached)) into.reached[what] = (into.reached[what] ?? 0) + times
  for (const [second, times] of Object.entries(other.uncertain)) {
    into.uncertain[second] = (into.uncertain[second] ?? 0) + times
  }
  into.failures.push(...other.failures)
}

/** Seconds within which this share of the uncertain outcomes was known. */
export function percentile({ uncertain }: Tally, share: number): number {
  const entries = Object.entries(uncertain).map(([seconds, times]) => [Number(seconds), times] as const)
  const sorted = entries.sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, times]) => sum + times, 0)
  let seen = 0
  for (const [seconds, times] of sorted) {
    seen += times
    if (seen >= total * share) return seconds
  }
  return 0
}

/** What was not reached although it had to be; nothing to say of a short run. */
export const neverReached = (tally: Tally): string[] =>
  tally.seeds < 1_000 ? [] : sometimes.filter((what) => (tally.reached[what] ?? 0) === 0)

export function report(tally: Tally): string {
  const uncertain = Object.values(tally.uncertain).reduce((sum, times) => sum + times, 0)
  const perDocument = (calls: number) => (calls / Math.max(1, tally.documents)).toFixed(2)
  const lines = [
    `${tally.seeds} schedules, ${tally.documents} documents in ${tally.writeCalls} write calls, ${tally.crashes} crashes`,
    `duplicates ${tally.duplicates}, lost ${tally.lost}, unfinished ${tally.unfinished}, schedules with a violation ${tally.failures.length}`,
    `calls: ${tally.sends} sends and ${tally.lookUps} look-ups (${perDocument(tally.sends + tally.lookUps)} a document, ` +
      `${((tally.sends + tally.lookUps) / Math.max(1, tally.writeCalls)).toFixed(2)} a write call), ${tally.reads} reads, ${tally.refreshes} refreshes`,
    `uncertain outcomes: ${uncertain}, known after p50 ${percentile(tally, 0.5)} s, p99 ${percentile(tally, 0.99)} s, at most ${percentile(tally, 1)} s`,
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
