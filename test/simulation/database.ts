// One embedded database in memory for many schedules; every schedule begins with empty tables.
import { PGlite } from '@electric-sql/pglite'
import { Kysely } from 'kysely'
import { embeddedDialect } from '../../src/db/embedded/dialect.ts'
import { engineOf } from '../../src/db/embedded/engine.ts'
import { createStatements } from '../../src/db/embedded/statements.ts'
import type { Answer } from '../../src/db/embedded/wire.ts'
import { migrateToLatest } from '../../src/db/migrate.ts'
import type { Tables } from '../../src/db/tables.ts'
import { parsers } from '../../src/db/value-types.ts'

export interface SimulationDatabase {
  execute(text: string, values: readonly unknown[]): Promise<Answer>
  /** How many statements were executed so far. */
  executed(): number
  /** Empties every table. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** Filled by the migrations themselves: they stay as they are. */
const kept = ['kysely_migration', 'kysely_migration_lock', 'app_budget']

export async function openSimulationDatabase(): Promise<SimulationDatabase> {
  const pglite = new PGlite({ parsers: { ...parsers } })
  await pglite.waitReady
  await migrateToLatest(new Kysely<Tables>({ dialect: embeddedDialect(engineOf(pglite), { syncToFs: false }) }))
  // A plan that changes with the number of executions would change the order of rows, and a schedule would not repeat.
  await pglite.exec(
    "SET TimeZone = 'UTC'; SET plan_cache_mode = force_generic_plan; SET max_parallel_workers_per_gather = 0",
  )
  // I4: a link that is moved to another document is put on record here, whoever moves it.
  await pglite.exec(`
    CREATE TABLE moved_links (record_id text, old_remote_id text, new_remote_id text);
    CREATE FUNCTION note_moved_link() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO moved_links VALUES (OLD.record_id, OLD.remote_id, NEW.remote_id); RETURN NEW; END $$;
    CREATE TRIGGER moved BEFORE UPDATE ON links FOR EACH ROW WHEN (OLD.remote_id <> NEW.remote_id) EXECUTE FUNCTION note_moved_link()`)
  const { rows: tables } = await pglite.query<{ tablename: string }>(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  )
  // Nothing of it outlives the process, so no log is written. A table follows only after those that it refers to: what is
  // refused in one pass is done in a later one.
  await pglite.exec('SET synchronous_commit = off; SET track_activities = off')
  for (let pass = 0; pass < 4; pass++) {
    for (const { tablename } of tables) {
      await pglite.exec(`ALTER TABLE ${tablename} SET UNLOGGED`).catch(() => undefined)
    }
  }
  const emptied = tables.map(({ tablename }) => tablename).filter((name) => !kept.includes(name))
  const statements = createStatements(engineOf(pglite), { syncToFs: false })
  let executed = 0
  const execute: SimulationDatabase['execute'] = (text, values) => {
    executed += 1
    return statements.execute(text, values)
  }
  const run = (text: string) => execute(text, [])
  const [last, ...others] = emptied
  const emptying = `WITH ${others.map((table, n) => `t${n} AS (DELETE FROM ${table})`).join(', ')} DELETE FROM ${last}`

  return {
    executed: () => executed,
    execute,
    async reset() {
      await run('ROLLBACK')
      // Without checks of keys between tables: all of them are emptied. TRUNCATE would make every statement be planned anew.
      await run('SET session_replication_role = replica')
      await run(emptying)
      await run('SET session_replication_role = origin')
      await run('UPDATE app_budget SET second = 0, calls = 0, blocked_until = NULL')
    },
    close: () => pglite.close(),
  }
}
