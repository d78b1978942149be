// The worker: takes jobs that are due, one turn at a time, as many at once as configured. Polling is what drives it; when
// nothing is due it sleeps, no longer than until something is, and a job created in this process wakes it.
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'

export interface Worker {
  /** Looks for work now. */
  wake(): void
  /** Takes no more turns; resolves when those under way have ended. */
  stop(): Promise<void>
}

const pollMs = 500
/** Due, and yet not to be had: another worker was faster. */
const shortestPauseMs = 10
/** After a fault outside any job (the database is away): long enough not to flood the log. */
const faultPauseMs = 2_000

export function startWorker(deps: {
  turn: () => Promise<boolean>
  nextDueAt: () => Promise<string | null>
  clock: Clock
  concurrency: number
  log: Logger
}): Worker {
  const { turn, nextDueAt, clock, concurrency, log } = deps
  const stopping = new AbortController()
  let waking = new AbortController()

  /** A job that waits for the next call of the minute goes on at that moment: half a second each time would add up. */
  async function untilDue(): Promise<number> {
    const due = await nextDueAt()
    // "-infinity", which is no date, says that a job became due meanwhile.
    const inMs = due === null ? pollMs : (Date.parse(due) || 0) - clock.now().getTime()
    return Math.max(shortestPauseMs, Math.min(pollMs, inMs))
  }

  async function loop(): Promise<void> {
    let faulty = false
    while (!stopping.signal.aborted) {
      try {
        const { signal } = waking
        const worked = await turn()
        faulty = false
        if (!worked) await clock.sleep(await untilDue(), AbortSignal.any([stopping.signal, signal]))
      } catch (error) {
        // Logged once a trouble, not once a try: a database that is away for an hour is one event.
        if (!faulty) log.error({ error }, 'the worker cannot take jobs')
        faulty = true
        await clock.sleep(faultPauseMs, stopping.signal)
      }
    }
  }

  const loops = Array.from({ length: concurrency }, loop)
  return {
    wake() {
      waking.abort()
      waking = new AbortController()
    },
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}
