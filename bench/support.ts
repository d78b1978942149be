// How benchmarks measure: processor time of this process (everything runs in it, the database too), in interleaved rounds,
// compared by medians. So what else the machine does hardly counts. Only ratios are reported: absolute times say more
// about the machine than about the code.
import type { Test } from 'tap'
import { openWorld, type World } from '../test/support/house.ts'

export interface Figure {
  readonly what: string
  /** A ratio such as "4.9 ×", or a count. */
  readonly value: string
  readonly meaning: string
}

export interface Benchmark {
  readonly title: string
  readonly method: string
  run(): Promise<Figure[]>
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Milliseconds of processor time that the work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

/** Median milliseconds of each candidate; round by round, each in turn. */
export async function compare<N extends string>(
  candidates: Readonly<Record<N, () => unknown>>,
  rounds: number,
): Promise<Record<N, number>> {
  const names = Object.keys(candidates) as N[]
  const times = new Map(names.map((name): [N, number[]] => [name, []]))
  for (let round = -5; round < rounds; round++) {
    for (const name of names) {
      const time = await timed(candidates[name])
      // The first rounds only warm up.
      if (round >= 0) times.get(name)?.push(time)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<N, number>
}

export const ratio = (value: number, base: number): string => `${(value / base).toFixed(value / base < 10 ? 1 : 0)} ×`

/** A house on an embedded database in memory with a simulated Xero, closed afterwards. */
export async function withWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const closing: (() => unknown)[] = []
  const owner = { teardown: (close: () => unknown) => void closing.push(close) }
  try {
    return await work(await openWorld(owner as unknown as Test))
  } finally {
    for (const close of closing.reverse()) await close()
  }
}
