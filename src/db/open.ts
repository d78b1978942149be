// Opens the database: PostgreSQL through a URL, or the embedded PGlite in a directory (or in memory). The only opener of
// both; everything else sees one Kysely handle with the same value types.
import { Kysely, type LogEvent, PostgresDialect, sql } from 'kysely'
import type { Pool } from 'pg'
import { openDatabaseDir } from '../lib/data-dir.ts'
import { DatabaseGone, type DatabaseTrouble, databaseTrouble } from '../lib/database-trouble.ts'
import { StartRefused } from '../lib/start-refused.ts'
import { lockDataDir } from './data-dir-lock.ts'
import type { Db, Tables } from './tables.ts'
import { parsers } from './value-types.ts'

export type DatabaseLocation =
  | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number }
  | ({ readonly kind: 'embedded'; readonly directory: string } & Thread)
  /** In memory, from an earlier dump of a migrated database where one is given. */
  | ({ readonly kind: 'memory'; readonly dump?: Blob } & Thread)

interface Thread {
  /** Tests of the order of things have the embedded database in their own thread: its answers come when they are asked for. */
  readonly inSameThread?: boolean
}

export interface OpenDatabase {
  readonly db: Db
  readonly kind: 'postgres' | 'embedded'
  /** For people: where it is, without a password. */
  readonly description: string
  /** Why it refused to store something in the last seconds; null when it did not. */
  readonly storesNothing?: () => DatabaseTrouble | null
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

/** A full database answers every read; that it stores nothing shows only where something was to be stored. */
const refusedForMs = 10_000

function watchForRefusals() {
  let last: { trouble: DatabaseTrouble; at: number } | null = null
  return {
    log(event: LogEvent): void {
      if (event.level !== 'error') return
      const trouble = databaseTrouble(event.error)
      if (trouble?.kind === 'full') last = { trouble, at: performance.now() }
    },
    storesNothing: (): DatabaseTrouble | null =>
      last !== null && performance.now() - last.at < refusedForMs ? last.trouble : null,
  }
}

/** What fails without an answer of the server failed on the way: the driver tells that by texts only. */
const onTheWay = (error: unknown): unknown =>
  error instanceof Error && !('severity' in error) && !(error instanceof TypeError) && !(error instanceof RangeError)
    ? new DatabaseGone(error)
    : error

const renewedAtMostEveryMs = 1_000

/**
 * Sessions that began while the server only read stay so when it takes writes again, or when another one does: after a refusal all
 * of them are replaced.
 */
function renewal() {
  const begunAt = new WeakMap<object, number>()
  let renewedAt = Number.NEGATIVE_INFINITY
  return {
    begun: (client: object) => begunAt.set(client, performance.now()),
    refused(error: unknown): void {
      const now = performance.now()
      if (databaseTrouble(error)?.kind !== 'readOnly' || now - renewedAt < renewedAtMostEveryMs) return
      renewedAt = now
    },
    isOld: (client: object): boolean => (begunAt.get(client) ?? 0) <= renewedAt,
  }
}

function tellTrouble(pool: Pool): Pick<Pool, 'connect' | 'end'> {
  const { begun, refused, isOld } = renewal()
  pool.on('connect', (client) => {
    begun(client)
    const query = client.query.bind(client) as (...words: unknown[]) => unknown
    client.query = ((...words: unknown[]) => {
      const answer = query(...words)
      if (!(answer instanceof Promise)) return answer
      return answer.catch((error) => {
        refused(error)
        throw onTheWay(error)
      })
    }) as typeof client.query
  })
  const connect = async () => {
    for (;;) {
      const client = await pool.connect().catch((error) => Promise.reject(new DatabaseGone(error)))
      if (!isOld(client)) return client
      client.release(true)
    }
  }
  return { connect: connect as Pool['connect'], end: () => pool.end() }
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
  const refusals = watchForRefusals()
  // A connection that breaks (database restart) reports it here, idle or in use; unheard, it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db: Db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: tellTrouble(pool) as Pool }),
    log: refusals.log,
  })
  const shown = await sql<{ server_version_num: string }>`SHOW server_version_num`.execute(db).catch(async (error) => {
    await db.destroy()
    throw error
  })
  const version = shown.rows[0]?.server_version_num ?? '0'
  if (Number(version) < 150_000) {
    await db.destroy()
    throw new StartRefused(`PostgreSQL 15 or newer is needed; DATABASE_URL leads to version number ${version}.`)
  }
  const { host, pathname } = new URL(location.url)
  return {
    db,
    kind: 'postgres',
    description: `PostgreSQL at ${host}${pathname}`,
    storesNothing: refusals.storesNothing,
    close: () => db.destroy(),
  }
}

async function openEmbedded(location: Exclude<DatabaseLocation, { kind: 'postgres' }>): Promise<EmbeddedDatabase> {
  const release = location.kind === 'embedded' ? await lockDataDir(location.directory) : async () => undefined
  try {
    const [{ openThread }, { openEngine }, { embeddedDialect }] = await Promise.all([
      import('./embedded/thread.ts'),
      import('./embedded/engine.ts'),
      import('./embedded/dialect.ts'),
    ])
    const source =
      location.kind === 'embedded' ? { directory: openDatabaseDir(location.directory) } : { dump: location.dump }
    const engine = await (location.inSameThread ? openEngine(source) : openThread(source))
    const refusals = watchForRefusals()
    const dialect = embeddedDialect(engine, { syncToFs: location.kind === 'embedded' })
    const db: Db = new Kysely<Tables>({ dialect, log: refusals.log })
    await sql`SET TimeZone = 'UTC'`.execute(db)
    // A database in memory ends with the process: its log need not be complete.
    if (location.kind === 'memory') await sql`SET synchronous_commit = off`.execute(db)
    return {
      db,
      kind: 'embedded',
      description: location.kind === 'embedded' ? `embedded, in ${location.directory}` : 'embedded, in memory',
      storesNothing: refusals.storesNothing,
      dump: () => engine.dump(),
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
