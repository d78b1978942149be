// Regular duties. node-cron only ticks, in UTC, because it skips runs when clocks change; what is due is decided in the
// database, so any number of replicas may tick.
import cron, { type Logger as CronLogger } from 'node-cron'
import type { Logger } from '../observability/logger.ts'

export interface Duty {
  readonly name: string
  /** Six fields, the first one seconds, UTC. */
  readonly pattern: string
  readonly run: () => Promise<unknown>
}

export interface Ticks {
  stop(): Promise<void>
}

/** node-cron writes to the console otherwise, and not as JSON. */
function logOfCron(log: Logger): CronLogger {
  const from = 'node-cron'
  const write = (level: 'error' | 'debug') => (message: string | Error, error?: Error) =>
    log[level]({ from, error: message instanceof Error ? message : error }, String(message))
  return {
    info: (message) => log.info({ from }, message),
    warn: (message) => log.warn({ from }, message),
    error: write('error'),
    debug: write('debug'),
  }
}

export function startTicks(duties: readonly Duty[], log: Logger): Ticks {
  const cronLog = logOfCron(log)
  const running = new Set<Promise<unknown>>()
  const tasks = duties.map(({ name, pattern, run }) => {
    let faulty = false
    const tick = async (): Promise<void> => {
      try {
        await run()
        faulty = false
      } catch (error) {
        if (!faulty) log.error({ duty: name, error }, 'a regular duty failed')
        faulty = true
      }
    }
    const start = (): Promise<void> => {
      const done = tick().finally(() => running.delete(done))
      running.add(done)
      return done
    }
    return cron.schedule(pattern, start, { name, timezone: 'Etc/UTC', noOverlap: true, logger: cronLog })
  })
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()))
      await Promise.all(running)
    },
  }
}
