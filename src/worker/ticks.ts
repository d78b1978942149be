// Regular duties. node-cron only ticks, in UTC, because it skips runs when clocks change; what is due is decided in the
// database, so any number of replicas may tick.
import cron from 'node-cron'
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

export function startTicks(duties: readonly Duty[], log: Logger): Ticks {
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
    return cron.schedule(pattern, start, { name, timezone: 'Etc/UTC', noOverlap: true })
  })
  return {
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()))
      await Promise.all(running)
    },
  }
}
