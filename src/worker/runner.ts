// The worker: takes jobs that are due, one turn at a time, as many at once as configured. Polling is what drives it; when
// nothing is due it sleeps, no longer than until something is, and a job created in this process wakes it. To look costs a
// fraction of what taking does: after a pause, a job is taken only where a look says that one is due.
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
  async function dueInMs(): Promise<number> {
    const due = await nextDueAt()
    // "-infinity", which is no date, says that a job is due already.
    return due === null ? pollMs : (Date.parse(due) || 0) - clock.now().getTime()
  }

  async function loop(): Promise<void> {
    let faulty = false
    let worked = true
    while (!stopping.signal.aborted) {
      try {
        const { signal } = waking
        const tried: boolean = worked
        worked = tried && (await turn())
        const inMs = worked ? 0 : await dueInMs()
        if (!tried && inMs <= 0) worked = await turn()
        faulty = false
        const pauseMs = Math.max(shortestPauseMs, Math.min(pollMs, inMs))
        if (!worked) await clock.sleep(pauseMs, AbortSignal.any([stopping.signal, signal]))
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
