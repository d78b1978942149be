// Several processes on one database whose machines disagree about the time. The database's time is moved by the test: its
// clock_timestamp() is replaced, so that the very statement of production is asked.
import { sql } from 'kysely'
import type { Test } from 'tap'
import { openDatabase } from '../../src/db/open.ts'
import { type House, openHouse } from '../../src/house.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { testConfig, type World } from './house.ts'

export interface SkewedHouses {
  readonly houses: readonly House[]
  /** Moves the clocks of the world, of the database, and the uptime of each machine. */
  advance(milliseconds: number): Promise<void>
  /** Sets the clock of one machine. */
  setSkew(index: number, milliseconds: number): void
  /** Turns of all of them, and what the passing of time makes due, until no job is unfinished. */
  work(): Promise<void>
}

export async function openSkewedHouses(
  t: Test,
  world: World,
  skews: readonly number[],
  environment: Record<string, string> = {},
): Promise<SkewedHouses> {
  const { clock, database } = world
  const { db, url } = database
  const start = clock.now().getTime()
  const setTime = () => sql`UPDATE other.time SET now = ${clock.now().toISOString()}::timestamptz`.execute(db)
  await sql`CREATE SCHEMA other`.execute(db)
  await sql`CREATE TABLE other.time (now timestamptz NOT NULL)`.execute(db)
  await sql`INSERT INTO other.time VALUES (${clock.now().toISOString()}::timestamptz)`.execute(db)
  await sql`CREATE FUNCTION other.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now FROM other.time'`.execute(
    db,
  )
  // pg_catalog would come first, were it not named.
  const path = 'other, public, pg_catalog'
  if (url === null) await sql`SET search_path = ${sql.raw(path)}`.execute(db)
  else
    await sql`ALTER DATABASE ${sql.id(new URL(url).pathname.slice(1))} SET search_path = ${sql.raw(path)}`.execute(db)

  const log = createLogger({ level: 'info', destination: { write: (line: string) => void world.logLines.push(line) } })
  const machineSkews = [...skews]
  const houses: House[] = []
  for (const index of skews.keys()) {
    const own = url === null ? null : await openDatabase({ kind: 'postgres', url, poolSize: 3 })
    // Machines were started at other times, and crystals differ by some millionths.
    const uptime = () => 1_000 + index * 777_777 + (clock.now().getTime() - start) * (1 + index * 20e-6)
    const house = await openHouse({
      config: testConfig(world.simulator, environment),
      log,
      machine: {
        ...systemClock,
        now: () => new Date(clock.now().getTime() + (machineSkews[index] ?? 0)),
        uptime,
      },
      database: own ?? { ...database, close: async () => undefined },
      random: () => 0.5,
    })
    t.teardown(() => house.close())
    houses.push(house)
  }

  async function advance(milliseconds: number): Promise<void> {
    clock.advance(milliseconds)
    await setTime()
    for (const house of houses) await house.measureTime()
  }

  return {
    houses,
    advance,
    setSkew(index, milliseconds) {
      machineSkews[index] = milliseconds
    },
    async work() {
      for (;;) {
        while ((await Promise.all(houses.map((house) => house.turn()))).includes(true));
        const due = await houses[0]?.nextDueAt()
        if (!due) return
        await advance(Math.max(1, Date.parse(due) - clock.now().getTime()))
      }
    },
  }
}
