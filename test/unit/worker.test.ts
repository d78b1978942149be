// The loops of a worker: no turn is missed, and no longer wait than until something is due.
import t from 'tap'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { startWorker, type Worker } from '../../src/worker/runner.ts'

const start = Date.parse('2026-11-25T02:00:00.000Z')
const log = createLogger({ level: 'silent' })

/** A worker with nothing to do, whose pauses are written down; after the last one it is stopped. */
async function pauses(due: readonly (string | null)[]): Promise<number[]> {
  const left = [...due]
  const taken: number[] = []
  let end: () => void = () => undefined
  const over = new Promise<void>((done) => {
    end = done
  })
  const clock: Clock = {
    ...systemClock,
    now: () => new Date(start),
    async sleep(milliseconds) {
      taken.push(milliseconds)
      if (left.length === 0) end()
    },
  }
  const nextDueAt = async () => left.shift() ?? null
  const worker: Worker = startWorker({ turn: async () => false, nextDueAt, clock, concurrency: 1, log })
  await over
  await worker.stop()
  return taken.slice(0, due.length)
}

const inMs = (milliseconds: number) => new Date(start + milliseconds).toISOString()

t.test('given nothing to do, when something is due soon, then the worker waits that long and no longer', async (t) => {
  t.strictSame(
    await pauses([inMs(120), inMs(3_000), null, inMs(0), inMs(-50), '-infinity']),
    [120, 500, 500, 10, 10, 10],
  )
})

t.test('given a worker that finds nothing, when it is woken meanwhile, then it looks again at once', async (t) => {
  let worker: Worker | null = null
  const looks: boolean[] = []
  const signals: boolean[] = []
  const clock: Clock = {
    ...systemClock,
    async sleep(_milliseconds, signal) {
      signals.push(signal?.aborted ?? false)
      await new Promise((later) => setImmediate(later))
    },
  }
  const turn = async () => {
    await Promise.resolve()
    // A job is created while this turn looks for one, and comes too late to be found.
    if (looks.push(false) === 1) worker?.wake()
    return false
  }
  worker = startWorker({ turn, nextDueAt: async () => null, clock, concurrency: 1, log })
  while (signals.length < 2) await new Promise((later) => setImmediate(later))
  await worker.stop()
  t.strictSame(signals.slice(0, 2), [true, false], 'the pause that would have slept through it is none')
})

t.test(
  'given nothing to do, when a look says that something is due, then the worker takes it, not before',
  async (t) => {
    const seen: string[] = []
    const due = [null, inMs(60_000), '-infinity']
    const clock: Clock = {
      ...systemClock,
      now: () => new Date(start),
      async sleep() {
        seen.push('sleeps')
        await new Promise((later) => setImmediate(later))
      },
    }
    const turn = async () => {
      seen.push('takes')
      return false
    }
    const worker = startWorker({ turn, nextDueAt: async () => due.shift() ?? null, clock, concurrency: 1, log })
    while (seen.length < 5) await new Promise((later) => setImmediate(later))
    await worker.stop()
    t.strictSame(seen.slice(0, 5), ['takes', 'sleeps', 'sleeps', 'takes', 'sleeps'])
  },
)
