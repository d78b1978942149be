// The way to Xero and back, with what may go wrong on it: a request that is lost or comes minutes late, an answer that is
// lost, an error of the server before or after it did its work, throttling, and a process that ends or pauses meanwhile.
import type { ObservedLimits, Outcome } from '../../../src/accounting/provider.ts'
import { syncError } from '../../../src/domain/sync-errors.ts'
import type { Agenda } from '../agenda.ts'
import type { Mix } from '../mixes.ts'
import type { Random } from '../random.ts'
import type { Replica } from '../replica.ts'

export const noLimits: ObservedLimits = { minuteRemaining: null, dayRemaining: null, appMinuteRemaining: null }
/** The service gives up on a call after this time. */
const timeoutMs = 30_000

export const unknown = (code: 'outcome_unknown' | 'unreachable'): Outcome<never> => ({
  kind: 'unknown',
  error: syncError(code),
  limits: noLimits,
})

/** What a call does at Xero when it arrives. `faulty`: the server answers 500, having done its work or not. */
export interface Request<T> {
  readonly name: string
  /** For the trace: what it is about. */
  readonly about?: string
  readonly write: boolean
  readonly departed: () => void
  readonly execute: (fault: 'none' | 'before_commit' | 'after_commit') => Outcome<T>
  /** Its answer will not be heard, whether it arrives or not. */
  readonly unheard?: () => void
  /** The first word of Xero's limiter, before anything is done. */
  readonly throttle: () => Outcome<never>
}

export interface Line {
  readonly agenda: Agenda
  readonly random: Random
  readonly mix: () => Mix
  readonly replica: Replica
}

type Course = 'fine' | 'lost' | 'late' | 'answer_lost' | 'before_commit' | 'after_commit' | 'garbled' | 'throttled'

function courseOf(mix: Mix, random: Random): Course {
  const table: [Course, number][] = [
    ['lost', mix.lostRequest],
    ['late', mix.lateArrival],
    ['answer_lost', mix.lostResponse],
    ['before_commit', mix.errorBeforeCommit],
    ['after_commit', mix.errorAfterCommit],
    ['garbled', mix.garbled],
    ['throttled', mix.throttled],
  ]
  let roll = random.next()
  for (const [course, probability] of table) {
    if (roll < probability) return course
    roll -= probability
  }
  return 'fine'
}

export async function exchange<T>({ agenda, random, mix, replica }: Line, request: Request<T>): Promise<Outcome<T>> {
  const faults = mix()
  if (random.chance(faults.stallAtSend))
    replica.pause(random.between(1_000, faults.longestStallAtSendMs), 'at the socket')
  await replica.gate(1)
  request.departed()
  const course = courseOf(faults, random)
  if (course !== 'fine' && course !== 'throttled') request.unheard?.()
  const sentAt = agenda.now()
  const arrivesAt = sentAt + (course === 'late' ? random.between(500, faults.latestArrivalMs) : random.between(20, 400))
  const takes = random.chance(faults.slow) ? random.between(2_000, 28_000) : random.between(20, 400)
  const givesUpAt = sentAt + (random.chance(0.5) ? timeoutMs : random.between(50, 2_000))
  const nothing = unknown(request.write ? 'outcome_unknown' : 'unreachable')
  agenda.trace(() => `${replica.name} sends ${request.name} ${request.about ?? ''}: ${course}`)

  return new Promise<Outcome<T>>((answer) => {
    function deliver(at: number, outcome: () => Outcome<T>): void {
      agenda.at(at, () => {
        if (!replica.alive) return
        const present = mix()
        if (random.chance(present.crashAtAnswer)) return replica.kill('at the answer')
        if (random.chance(present.stallAtAnswer)) {
          replica.pause(random.between(1_000, present.longestStallMs), 'at the answer')
        }
        void replica.gate(0).then(() => answer(outcome()))
      })
    }
    const executeAt = (at: number, fault: 'none' | 'before_commit' | 'after_commit') => {
      let outcome: Outcome<T> = nothing
      agenda.at(at, () => {
        outcome = request.execute(fault)
        agenda.trace(() => `Xero does ${request.name} (${fault}): ${outcome.kind}`)
      })
      return () => outcome
    }
    switch (course) {
      case 'fine':
        return deliver(arrivesAt + takes, executeAt(arrivesAt, 'none'))
      case 'lost':
        return deliver(givesUpAt, () => nothing)
      case 'late':
        executeAt(arrivesAt, 'none')
        return deliver(Math.min(givesUpAt, arrivesAt), () => nothing)
      case 'answer_lost':
        executeAt(arrivesAt, 'none')
        return deliver(Math.max(givesUpAt, arrivesAt + 1), () => nothing)
      case 'garbled':
        executeAt(arrivesAt, 'none')
        return deliver(arrivesAt + takes, () => nothing)
      case 'throttled':
        return deliver(arrivesAt + 20, request.throttle)
      default:
        executeAt(arrivesAt, course)
        return deliver(arrivesAt + takes, () => nothing)
    }
  })
}
