// A second process on the database of a world, as far as it can be had in one process: a house of its own with its own
// lease owner. Closing it leaves the database open.
import type { Test } from 'tap'
import { type House, openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { testConfig, type World } from './house.ts'

export async function openSecondHouse(t: Test, world: World, environment: Record<string, string> = {}): Promise<House> {
  const log = createLogger({ level: 'info', destination: { write: (line: string) => void world.logLines.push(line) } })
  const house = await openHouse({
    config: testConfig(world.simulator, environment),
    log,
    clock: world.clock,
    database: { ...world.database, close: async () => undefined },
    random: () => 0.5,
  })
  t.teardown(() => house.close())
  return house
}
