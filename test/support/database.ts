// A database of its own for each test: the embedded one from a dump of the migrated schema, PostgreSQL from a template.
import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import pg from 'pg'
import { migrateToLatest } from '../../src/db/migrate.ts'
import { type OpenDatabase, openDatabase } from '../../src/db/open.ts'

export const templateName = 'accounting_sync_template'

/** Which database this run of the suite is on. */
export const databaseKind = process.env.TEST_DATABASE === 'postgres' ? 'postgres' : 'embedded'

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const named = (url: string, name: string): string => {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.toString()
}

/** Creates a database anew, from a template where one is named; returns its URL. */
export async function createDatabase(url: string, name: string, template?: string): Promise<string> {
  await administer(url, `DROP DATABASE IF EXISTS ${name}`)
  await administer(url, `CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`)
  return named(url, name)
}

export interface TestDatabase extends OpenDatabase {
  /** For processes that open the same PostgreSQL database; null for the embedded one. */
  readonly url: string | null
}

/** Opened and migrated; the caller closes it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL
  if (databaseKind === 'postgres' && server) {
    const name = `test_${randomBytes(6).toString('hex')}`
    const url = await createDatabase(server, name, templateName)
    const database = await openDatabase({ kind: 'postgres', url, poolSize: 8 })
    const close = async () => {
      await database.close()
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    }
    return { ...database, url, close }
  }
  const dump = process.env.TEST_DUMP
  const database = await openDatabase({ kind: 'memory', dump: dump ? await openAsBlob(dump) : undefined })
  if (!dump) await migrateToLatest(database.db)
  return { ...database, url: null }
}
