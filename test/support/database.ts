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

async function openOnServer(server: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = await createDatabase(server, name, templateName)
  const database = await openDatabase({ kind: 'postgres', url, poolSize: 8 })
  const close = async () => {
    await database.close()
    await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  return { ...database, url, close }
}

/** Embedded databases that a test of this file has closed: the next one gets one of them, empty, which is far quicker than a new one. */
const spare: OpenDatabase[] = []
tap.teardown(() => Promise.all(spare.map((database) => database.close())))

async function openEmbedded(): Promise<TestDatabase> {
  const database = spare.pop() ?? (await newEmbedded())
  const close = async () => {
    await emptyTables(database.db)
    spare.push(database)
  }
  return { ...database, url: null, close }
}

async function newEmbedded(): Promise<OpenDatabase> {
  const dump = process.env.TEST_DUMP
  const database = await openDatabase({ kind: 'memory', dump: dump ? await openAsBlob(dump) : undefined })
  if (!dump) await migrateToLatest(database.db)
  return database
}

/** As the migrations leave them. TRUNCATE takes longer, and has every prepared statement planned anew. */
async function emptyTables(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely%'`.execute(db)
  const [last, ...others] = rows.map(({ name }) => sql.table(name))
  const each = others.map((table, index) => sql`${sql.ref(`t${index}`)} AS (DELETE FROM ${table})`)
  // All of them are emptied: what one row refers to goes with it.
  await sql`SET session_replication_role = replica`.execute(db)
  await sql`WITH ${sql.join(each)} DELETE FROM ${last}`.execute(db)
  await sql`SET session_replication_role = origin`.execute(db)
  await sql`INSERT INTO app_budget DEFAULT VALUES`.execute(db)
}
