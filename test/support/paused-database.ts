// A PostgreSQL database whose statements can be held up, as if its process were slow there: a second house on it stands still
// between two statements while the first one works.
import { type DatabaseConnection, type Dialect, type Driver, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { OpenDatabase } from '../../src/db/open.ts'
import type { Db, Tables } from '../../src/db/tables.ts'
import { parsers } from '../../src/db/value-types.ts'

export interface Pause {
  /** Resolves to the statement before which it stands; never, where there are not so many statements. */
  readonly reached: Promise<string>
  release(): void
}

export interface PausedDatabase extends OpenDatabase {
  /** Stops before the n-th statement from now, or from the first one like `from`; a COMMIT counts, a BEGIN does not. Only the next pause counts. */
  pauseBefore(n: number, from?: RegExp): Pause
}

export function openPausedDatabase(url: string): PausedDatabase {
  let left = Number.POSITIVE_INFINITY
  let awaited: RegExp | null = null
  let stand: (statement: string) => Promise<void> = async () => undefined

  const passing = async (statement: string) => {
    if (awaited && !awaited.test(statement)) return
    awaited = null
    left -= 1
    if (left === 0) await stand(statement)
  }

  const pool = new pg.Pool({
    connectionString: url,
    max: 8,
    options: '-c TimeZone=UTC',
    types: {
      getTypeParser: (oid: number, format?: string) => parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  const dialect = new PostgresDialect({ pool })
  const pausing: Dialect = {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => pausingDriver(dialect.createDriver(), passing),
  }
  const db: Db = new Kysely<Tables>({ dialect: pausing })
  return {
    db,
    kind: 'postgres',
    description: 'a PostgreSQL database that can be paused',
    close: () => db.destroy(),
    pauseBefore(n, from) {
      const { promise: reached, resolve: reach } = Promise.withResolvers<string>()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      left = n
      awaited = from ?? null
      stand = async (statement) => {
        reach(statement)
        await released
      }
      return {
        reached,
        release() {
          left = Number.POSITIVE_INFINITY
          release()
        },
      }
    },
  }
}

function pausingDriver(driver: Driver, passing: (statement: string) => Promise<void>): Driver {
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>()
  const of = (connection: DatabaseConnection): DatabaseConnection => inner.get(connection) ?? connection
  return {
    init: (options) => driver.init(options),
    destroy: (options) => driver.destroy(options),
    async acquireConnection(options) {
      const connection = await driver.acquireConnection(options)
      const wrapped: DatabaseConnection = {
        async executeQuery(query, more) {
          await passing(query.sql)
          return connection.executeQuery(query, more)
        },
        streamQuery: (query, size, more) => connection.streamQuery(query, size, more),
      }
      inner.set(wrapped, connection)
      return wrapped
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(of(connection), settings),
    async commitTransaction(connection) {
      await passing('commit')
      return driver.commitTransaction(of(connection))
    },
    rollbackTransaction: (connection) => driver.rollbackTransaction(of(connection)),
    releaseConnection: (connection, options) => driver.releaseConnection(of(connection), options),
  }
}
