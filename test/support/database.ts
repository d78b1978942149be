// A database of its own for each test: the embedded one from a dump of the migrated schema, PostgreSQL from a template.
import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { sql } from 'kysely'
import tap from 'tap'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { type OpenDatabase, openDatabase } from '../../src/db/open.ts'
import type { Db } from '../../src/db/tables.ts'
import { administer, createDatabase, templateName } from './server.ts'

/** Which database this run of the suite is on. */
export const databaseKind = process.env.TEST_DATABASE === 'postgres' ? 'postgres' : 'embedded'

export interface TestDatabase extends OpenDatabase {
  /** For processes that open the same PostgreSQL database; null for the embedded one. */
  readonly url: string | null
}

/** Opened and migrated; the caller closes it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL
  return databaseKind === 'postgres' && server ? openOnServer(server) : openEmbedded()
}

/** Databases that a test of this file has closed: the next one gets one of them, empty, which is far quicker than a new one. */
const spare: (TestDatabase & { end(): Promise<void> })[] = []
tap.teardown(() => Promise.all(spare.map((database) => database.end())))

async function openOnServer(server: string): Promise<TestDatabase> {
  const kept = spare.pop()
  if (kept) return kept
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = await createDatabase(server, name, templateName)
  const database = await openDatabase({ kind: 'postgres', url, poolSize: 8 })
  return keepable({ ...database, url }, () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))
}

async function openEmbedded(): Promise<TestDatabase> {
  return spare.pop() ?? keepable({ ...(await newEmbedded()), url: null }, async () => {})
}

const isTrue = () => true
const isFalse = () => false

/** One whose `close` empties it for the next test; where that fails, it ends. */
function keepable(database: TestDatabase, drop: () => Promise<void>): TestDatabase {
  const end = async () => {
    await database.close()
    await drop()
  }
  const kept = {
    ...database,
    end,
    close: async () => {
      // A database that was told to be full says so for a while, to the next test as well.
      const isInOrder = database.storesNothing?.() == null
      const isEmpty = isInOrder && (await emptyTables(database.db).then(isTrue, isFalse))
      if (isEmpty) spare.push(kept)
      else await end()
    },
  }
  return kept
}

async function newEmbedded(): Promise<OpenDatabase> {
  const dump = process.env.TEST_DUMP
  const database = await openDatabase({
    kind: 'memory',
    inSameThread: true,
    dump: dump ? await openAsBlob(dump) : undefined,
  })
  if (!dump) await migrateToLatest(database.db)
  return database
}

/** As the migrations leave them. TRUNCATE takes longer, and has every prepared statement planned anew. */
async function emptyTables(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely%'`.execute(db)
  const [last, ...others] = rows.map(({ name }) => sql.table(name))
  const each = others.map((table, index) => sql`${sql.ref(`t${index}`)} AS (DELETE FROM ${table})`)
  await db.connection().execute(async (connection) => {
    // All of them are emptied: what one row refers to goes with it.
    await sql`SET session_replication_role = replica`.execute(connection)
    await sql`WITH ${sql.join(each)} DELETE FROM ${last}`.execute(connection)
    await sql`SET session_replication_role = origin`.execute(connection)
    await sql`INSERT INTO app_budget DEFAULT VALUES`.execute(connection)
  })
}
