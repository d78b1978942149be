// A second process that ends without a word, or whose database is away, at a statement that the test names: from there on it
// does nothing more, and no handler of its code runs either, as after a kill.
import type { KyselyPlugin } from 'kysely'
import type { Test } from 'tap'
import { type House, openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { testConfig, type World } from './house.ts'

export interface FatalStatement {
  /** An UPDATE of token_sets that sets this column. */
  readonly sets: 'epoch' | 'sealed' | 'invalid_since' | 'lease_owner'
  /** before: it is never sent. after: it is committed, and its process does not hear of it. */
  readonly when: 'before' | 'after'
  /** away: only this statement fails, so many times; the process lives. */
  readonly awayTimes?: number
}

export interface MortalHouse {
  readonly house: House
  /** Resolves when it is dead. */
  readonly death: Promise<void>
  /** How often the database was away. */
  failures(): number
}

type QueryNode = Parameters<KyselyPlugin['transformQuery']>[0]['node']

/** Columns that an UPDATE of token_sets sets. */
function columnsSet(node: QueryNode): string[] {
  if (node.kind !== 'UpdateQueryNode' || !JSON.stringify(node.table).includes('"token_sets"')) return []
  return (node.updates ?? []).map((update) => /"name":"(\w+)"/.exec(JSON.stringify(update.column))?.[1] ?? '')
}

const never = new Promise<never>(() => undefined)

export async function openMortalHouse(t: Test, world: World, fatal: FatalStatement): Promise<MortalHouse> {
  let dead = false
  let failures = 0
  let die: () => void = () => undefined
  const death = new Promise<void>((done) => {
    die = () => {
      dead = true
      done()
    }
  })
  const struck = new WeakSet<object>()
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      const columns = columnsSet(node)
      // Giving a lease back also sets its owner; so do most others.
      const meant =
        fatal.sets === 'lease_owner' ? columns.join() === 'lease_owner,lease_until' : columns.includes(fatal.sets)
      if (meant && !dead) {
        if (fatal.when === 'after') struck.add(queryId)
        else if (fatal.awayTimes === undefined) die()
        else if (failures < fatal.awayTimes) {
          failures += 1
          throw new Error('the database is away')
        }
      }
      if (dead) throw new Error('this process has ended')
      return node
    },
    async transformResult({ result, queryId }) {
      if (struck.has(queryId)) die()
      return dead ? never : result
    },
  }
  const house = await openHouse({
    config: testConfig(world.simulator),
    log: createLogger({ level: 'silent' }),
    clock: {
      ...world.clock,
      // A pause that a signal may end keeps a lease meanwhile; any other one waits for the time to pass.
      sleep: async (milliseconds, signal) => {
        if (dead) return never
        if (signal) return world.clock.sleep(milliseconds, signal)
        world.clock.advance(milliseconds)
      },
    },
    database: { ...world.database, db: world.database.db.withPlugin(plugin), close: async () => undefined },
    random: () => 0.5,
  })
  t.teardown(() => house.close())
  return { house, death, failures: () => failures }
}
