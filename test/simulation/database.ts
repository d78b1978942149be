// One embedded database in memory for many schedules. Statements are prepared once and kept, which makes a query several
// times cheaper than the embedded driver's own way; every schedule begins with empty tables.
import { PGlite, parse, protocol } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { migrateToLatest } from '../../src/db/migrate.ts'
import type { Tables } from '../../src/db/tables.ts'
import { parsers } from '../../src/db/value-types.ts'
import { type Answer, type Column, execution, readAnswer } from './wire.ts'

export interface SimulationDatabase {
  execute(text: string, values: readonly unknown[]): Promise<Answer>
  /** How many statements were executed so far. */
  executed(): number
  /** Empties every table. */
  reset(): Promise<void>
  close(): Promise<void>
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

interface Prepared {
  readonly name: string
  readonly types: readonly number[]
  /** What its rows look like, told once and not with every execution. */
  readonly columns: readonly Column[]
}

/** Filled by the migrations themselves: they stay as they are. */
const kept = ['kysely_migration', 'kysely_migration_lock', 'app_budget']

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export async function openSimulationDatabase(): Promise<SimulationDatabase> {
  const pglite = new PGlite({ parsers: { ...parsers } })
  await pglite.waitReady
  await migrateToLatest(new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) }))
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
  const prepared = new Map<string, Prepared>()
  const { serialize } = protocol
  let executed = 0

  async function prepare(text: string): Promise<Prepared> {
    const known = prepared.get(text)
    if (known) return known
    const name = `s${prepared.size}`
    const message = joined([serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync()])
    const { messages } = await pglite.execProtocol(message, { syncToFs: false })
    const shape = messages.find((one) => one.name === 'rowDescription') as { fields: readonly Field[] } | undefined
    const columns = (shape?.fields ?? []).map(({ name: column, dataTypeID: type }) => {
      const parser = pglite.parsers[type]
      return { name: column, parse: (value: string) => (parser ? parser(value, type) : value) }
    })
    const fresh = { name, types: parse.parseDescribeStatementResults(messages), columns }
    prepared.set(text, fresh)
    return fresh
  }

  async function execute(text: string, values: readonly unknown[]): Promise<Answer> {
    executed += 1
    const { name, types, columns } = await prepare(text)
    const bound = values.map((value, index) => {
      if (value === null || value === undefined) return null
      const serializer = pglite.serializers[types[index] ?? 0]
      return serializer ? serializer(value) : String(value)
    })
    const parts: Buffer[] = []
    await pglite.execProtocolRawStream(execution(name, bound), {
      syncToFs: false,
      // It stands in the database's own memory, for this moment.
      onRawData: (data) => void parts.push(Buffer.from(data)),
    })
    return readAnswer(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), columns)
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
