// The embedded database as Kysely knows a database. Kysely lends its one connection to one transaction or statement after
// the other, because the adapter says that there is only one.
import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Engine } from './engine.ts'
import { createStatements } from './statements.ts'

export function embeddedDialect(engine: Engine, options: { syncToFs: boolean }): Dialect {
  const { execute } = createStatements(engine, options)
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, affected } = await execute(sql, parameters)
      return { rows: rows as R[], numAffectedRows: BigInt(affected) }
    },
    // biome-ignore lint/correctness/useYield: the service streams nothing
    streamQuery: async function* () {
      throw new Error('The embedded database streams nothing.')
    },
  }
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    async beginTransaction(_, { isolationLevel, accessMode }) {
      const level = isolationLevel ? ` ISOLATION LEVEL ${isolationLevel}` : ''
      await execute(`BEGIN${level}${accessMode ? ` ${accessMode}` : ''}`, [])
    },
    async commitTransaction() {
      const { tag } = await execute('COMMIT', [])
      // A statement had failed, and nobody minded: nothing is stored, which must not pass for a commit.
      if (tag === 'ROLLBACK') throw new AbortedTransactionError()
    },
    async rollbackTransaction() {
      await execute('ROLLBACK', [])
    },
    releaseConnection: async () => undefined,
    destroy: () => engine.close(),
  }
  return {
    createAdapter: () => new PGliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}
