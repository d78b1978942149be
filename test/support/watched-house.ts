// Another process on the world's database whose statements the test sees, or with a clock of its own.
import { type KyselyPlugin, OperationNodeTransformer, PostgresQueryCompiler } from 'kysely'
import type { Test } from 'tap'
import { type House, openHouse } from '../../src/house.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { testConfig, type World } from './house.ts'

/** Runs something right before a statement that the text is part of; a transformer is the only way to see a statement. */
export function before(text: string, run: () => void): KyselyPlugin {
  class Watching extends OperationNodeTransformer {}
  const unchanged = new Watching()
  const compiler = new PostgresQueryCompiler()
  return {
    transformQuery({ node, queryId }) {
      if (compiler.compileQuery(node, queryId).sql.includes(text)) run()
      return unchanged.transformNode(node, queryId)
    },
    transformResult: async ({ result }) => result,
  }
}

/** Closing it leaves the database open. */
export async function openWatchedHouse(
  t: Test,
  world: World,
  parts: { plugin?: KyselyPlugin; clock?: Clock },
): Promise<House> {
  const db = parts.plugin ? world.database.db.withPlugin(parts.plugin) : world.database.db
  const house = await openHouse({
    config: testConfig(world.simulator),
    log: createLogger({ level: 'silent' }),
    clock: parts.clock ?? world.clock,
    database: { ...world.database, db, close: async () => undefined },
    random: () => 0.5,
  })
  t.teardown(() => house.close())
  return house
}

/** Works with that house until no job of the world is unfinished. */
export async function workWith(world: World, house: House): Promise<void> {
  for (;;) {
    while (await house.turn());
    const due = await house.nextDueAt()
    if (due === null) return
    world.clock.advance(Math.max(1, Date.parse(due) - world.clock.now().getTime()))
  }
}
