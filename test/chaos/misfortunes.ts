// What strikes in one schedule, drawn from its seed before it begins: which moment of which kind, counted over both
// replicas, and what happens then; and the weather at Xero.
import type { Weather } from '../../src/simulator/index.ts'
import type { Random } from '../simulation/random.ts'
import { statementPoints } from './statements.ts'

const second = 1_000

export type Act =
  /** kill -9, and started again after the time. */
  | 'kill'
  /** SIGSTOP, and SIGCONT after the time. */
  | 'pause'
  /** SIGTERM, and started again after the time. */
  | 'terminate'
  /** The replica's connections to the database break. */
  | 'cut'
  /** They go silent for the time, and then break. */
  | 'silence'
  /** The database crashes, and is started again after the time. */
  | 'database'

export interface Misfortune {
  readonly point: string
  readonly nth: number
  readonly act: Act
  readonly forMs: number
}

const stages = ['before', 'after'] as const
const moments = ['arrived', 'carried_out', 'answered'] as const
const calls = ['write', 'read', 'token'] as const

export const points: readonly string[] = [
  ...statementPoints.flatMap((statement) => stages.map((stage) => `${stage} ${statement}`)),
  ...calls.flatMap((call) => moments.map((moment) => `${call} ${moment}`)),
]

/** Points that come often in a schedule: not always the first one is struck. */
const often: Readonly<Record<string, number>> = { 'job save': 12, 'call taken': 12, page: 3, intake: 4, read: 8 }

/** Where a second send or a lost outcome could come from: struck more than the others. */
const delicate = ['intent', 'settle', 'uncertain', 'write', 'token save']

const times: Readonly<Record<Act, readonly [number, number]>> = {
  kill: [1 * second, 60 * second],
  pause: [5 * second, 240 * second],
  terminate: [1 * second, 30 * second],
  cut: [0, 0],
  silence: [5 * second, 60 * second],
  database: [3 * second, 60 * second],
}

const acts: readonly (readonly [Act, number])[] = [
  ['kill', 0.4],
  ['pause', 0.25],
  ['terminate', 0.08],
  ['cut', 0.1],
  ['silence', 0.05],
  ['database', 0.12],
]

function drawAct(random: Random): Act {
  let left = random.next()
  for (const [act, share] of acts) {
    left -= share
    if (left < 0) return act
  }
  return 'kill'
}

export function drawMisfortunes(random: Random): Misfortune[] {
  const isDelicate = (point: string) => delicate.some((name) => point.includes(name))
  return Array.from({ length: random.between(3, 6) }, () => {
    const point = random.pick(random.chance(0.6) ? points.filter(isDelicate) : points)
    const act = drawAct(random)
    const most = Object.entries(often).find(([name]) => point.includes(name))?.[1] ?? 2
    return { point, nth: random.between(1, most), act, forMs: random.between(...times[act]) }
  })
}

/** `speed`: the simulator's slow answers wait in real time. */
export function drawWeather(random: Random, speed: number): Weather {
  const foul = random.pick([0.3, 1, 1, 1.7])
  return {
    seed: random.between(1, 1_000_000),
    api: { lost_request: 0.01, lost_response: 0.01, http_503: 0.01, http_429: 0.02, truncated: 0.01, slow: 0.02 },
    writes: {
      lost_request: 0.05 * foul,
      late_arrival: 0.07 * foul,
      lost_response: 0.12 * foul,
      http_500_before: 0.02 * foul,
      http_500_after: 0.04 * foul,
      http_503: 0.02 * foul,
      http_429: 0.03 * foul,
      html_200: 0.015 * foul,
      empty_200: 0.015 * foul,
      bare_200: 0.015 * foul,
      truncated: 0.02 * foul,
      slow: 0.04 * foul,
    },
    identity: { lost_response: 0.25, lost_request: 0.1, http_503: 0.1, truncated: 0.05 },
    longestDelayMs: (40 * second) / speed,
    latestArrivalMs: 240 * second,
    longestRetryAfter: 30,
  }
}
