// Requests that stand still at the simulated Xero until the test lets them go on.
import type { SimulatorOptions } from '../../src/simulator/index.ts'

type Watch = NonNullable<SimulatorOptions['watch']>
type Moment = Parameters<Watch>[0]['moment']

export interface Held {
  /** Resolves when the request stands there. */
  readonly reached: Promise<void>
  release(): void
}

export interface HeldRequests {
  /** For startSimulator. */
  readonly watch: Watch
  /** Holds the next request of this method to a path with this end, when it arrived or when it was carried out. */
  hold(moment: Moment, method: string, path: string): Held
}

export function heldRequests(): HeldRequests {
  const waiting: { moment: Moment; method: string; path: string; arrive: () => void; gone: Promise<void> }[] = []
  return {
    async watch({ moment, method, path }) {
      const at = waiting.findIndex((one) => one.moment === moment && one.method === method && path.endsWith(one.path))
      const [found] = at < 0 ? [] : waiting.splice(at, 1)
      found?.arrive()
      await found?.gone
    },
    hold(moment, method, path) {
      const [reached, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      waiting.push({ moment, method, path, arrive: reached.resolve, gone: gone.promise })
      return { reached: reached.promise, release: gone.resolve }
    },
  }
}
