// A private PostgreSQL with a migrated template, for commands that run outside the suite: afterwards the tests' databases
// are made on it.
import { migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { findBinaries, startCluster } from '../support/postgres-cluster.ts'
import { createDatabase, templateName } from '../support/server.ts'

/** Null where there are no binaries. Call it before support/database.ts is imported: that reads the environment once. */
export async function startPrivateServer(): Promise<{ stop(): void } | null> {
  const binaries = findBinaries()
  const cluster = binaries ? await startCluster(binaries) : null
  if (!cluster) return null
  const url = await createDatabase(cluster.url, templateName)
  const template = await openDatabase({ kind: 'postgres', url, poolSize: 2 })
  await migrateToLatest(template.db)
  await template.close()
  process.env.TEST_DATABASE = 'postgres'
  process.env.TEST_DATABASE_URL = cluster.url
  return cluster
}
