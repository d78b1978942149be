// Opens the database: PostgreSQL through a URL, or the embedded PGlite in a directory (or in memory). The only importer of
// both drivers; everything else sees one Kysely handle with the same value types.
import { join } from 'node:path'
import { Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely'
import { lockDataDir } from './data-dir-lock.ts'
import type { Db, Tables } from './tables.ts'
import { parsers } from './value-types.ts'

export type DatabaseLocation =
  | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number }
  | { readonly kind: 'embedded'; readonly directory: string }
  /** In memory, from an earlier dump of a migrated database where one is given. */
  | { readonly kind: 'memory'; readonly dump?: Blob }

export interface OpenDatabase {
  readonly db: Db
  readonly kind: 'postgres' | 'embedded'
  /** For people: where it is, without a password. */
  readonly description: string
  close(): Promise<void>
}

export interface EmbeddedDatabase extends OpenDatabase {
  /** The whole database as a file, to open another one in memory from. */
  dump(): Promise<Blob>
}

export async function openDatabase(location: Exclude<DatabaseLocation, { kind: 'postgres' }>): Promise<EmbeddedDatabase>
export async function openDatabase(location: DatabaseLocation): Promise<OpenDatabase>
export async function openDatabase(location: DatabaseLocation): Promise<OpenDatabase> {
  return location.kind === 'postgres' ? openPostgres(location) : openEmbedded(location)
}

async function openPostgres(location: Extract<DatabaseLocation, { kind: 'postgres' }>): Promise<OpenDatabase> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: location.url,
    max: location.poolSize,
    // A statement that hangs would hold its row locks and stop every replica.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'accounting-sync',
    options: '-c TimeZone=UTC',
    types: {
      getTypeParser: (oid: number, format?: string) => parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  // A connection that breaks (database restart) reports it here, idle or in use; unheard, it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db: Db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const { server_version_num: version } = (
    await sql<{ server_version_num: string }>`SHOW server_version_num`.execute(db)
  ).rows[0] ?? { server_version_num: '0' }
  if (Number(version) < 150_000) {
    await db.destroy()
    throw new Error(`PostgreSQL 15 or newer is needed; DATABASE_URL leads to version number ${version}.`)
  }
  const { host, pathname } = new URL(location.url)
  return { db, kind: 'postgres', description: `PostgreSQL at ${host}${pathname}`, close: () => db.destroy() }
}

async function openEmbedded(location: Exclude<DatabaseLocation, { kind: 'postgres' }>): Promise<EmbeddedDatabase> {
  const release = location.kind === 'embedded' ? await lockDataDir(location.directory) : async () => undefined
  try {
    const { PGlite } = await import('@electric-sql/pglite')
    const pglite = new PGlite({
      ...(location.kind === 'embedded' ? { dataDir: join(location.directory, 'database') } : {}),
      ...(location.kind === 'memory' && location.dump ? { loadDataDir: location.dump } : {}),
      parsers: { ...parsers },
    })
    await pglite.waitReady
    const db: Db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
    await sql`SET TimeZone = 'UTC'`.execute(db)
    return {
      db,
      kind: 'embedded',
      description: location.kind === 'embedded' ? `embedded, in ${location.directory}` : 'embedded, in memory',
      dump: () => pglite.dumpDataDir('none'),
      close: async () => {
        await db.destroy()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}
