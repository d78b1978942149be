// The worker: takes jobs that are due, one turn at a time, as many at once as configured. Polling is what drives it; when
// nothing is due it sleeps, and a job created in this process wakes it.
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../observability/logger.ts'

export interface Worker {
  /** Looks for work now. */
  wake(): void
  /** Takes no more turns; resolves when those under way have ended. */
  stop(): Promise<void>
}

const pollMs = 500
/** After a fault outside any job (the database is away): long enough not to flood the log. */
const faultPauseMs = 2_000

export function startWorker(deps: {
  turn: () => Promise<boolean>
  clock: Clock
  concurrency: number
  log: Logger
}): Worker {
  const { turn, clock, concurrency, log } = deps
  const stopping = new AbortController()
  let waking = new AbortController()

  async function loop(): Promise<void> {
    let faulty = false
    while (!stopping.signal.aborted) {
      try {
        const worked = await turn()
        faulty = false
        if (!worked) await clock.sleep(pollMs, AbortSignal.any([stopping.signal, waking.signal]))
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
