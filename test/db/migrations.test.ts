// Migrations: they bring an empty database to this version, do nothing the second time, and refuse a newer schema.
import { readdirSync } from 'node:fs'
import { sql } from 'kysely'
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { hasSchema, isSchemaCurrent, migrateToLatest } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { databaseKind, openTestDatabase } from '../support/database.ts'
import { createDatabase } from '../support/server.ts'

const encryptionKey = `t1:${Buffer.alloc(32, 7).toString('base64')}`

const { db, close } = await openTestDatabase()
t.teardown(close)

t.test('given a migrated database, when it is migrated again, then nothing happens', async (t) => {
  t.equal(await isSchemaCurrent(db), true)
  t.strictSame(await migrateToLatest(db), [])
})

t.test('given the files of migrations, when a database is migrated, then each has run', async (t) => {
  const files = readdirSync(new URL('../../migrations', import.meta.url))
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)
  t.strictSame(
    rows.map(({ name }) => `${name}.ts`),
    files.sort(),
  )
})

t.test(
  "given a database that is another program's, when a command is to work on an existing one, then it is left as it is",
  async (t) => {
    const other =
      databaseKind === 'embedded'
        ? await openDatabase({ kind: 'memory' })
        : await openDatabase({
            kind: 'postgres',
            url: await createDatabase(process.env.TEST_DATABASE_URL ?? '', `other_${process.pid}`),
            poolSize: 2,
          })
    const config = readConfig({ XERO_CLIENT_ID: 'id', XERO_CLIENT_SECRET: 'secret', ENCRYPTION_KEYS: encryptionKey })
    const parts = { config, log: createLogger({ level: 'silent' }), existing: true }
    await sql`CREATE TABLE kysely_migration (name text, timestamp text)`.execute(other.db)
    await sql`INSERT INTO kysely_migration VALUES ('0001_of_another', '2026-01-01T00:00:00.000Z')`.execute(other.db)
    t.equal(await hasSchema(other.db), false)
    t.equal(await hasSchema(db), true)
    await t.rejects(openHouse({ ...parts, database: other }), {
      name: 'StartRefused',
      message: /^DATA(_DIR|BASE_URL) leads to a database that has none of this service's tables/,
    })
  },
)

t.test('given a schema of a newer version, when this one starts, then it refuses and touches nothing', async (t) => {
  await sql`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_from_the_future', ${new Date(0).toISOString()})`.execute(
    db,
  )
  await t.rejects(migrateToLatest(db), /newer version/)
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name DESC LIMIT 1`.execute(db)
  t.equal(rows[0]?.name, '9999_from_the_future')
  await sql`DELETE FROM kysely_migration WHERE name = '9999_from_the_future'`.execute(db)
})

t.test('given a database that is behind, when it is asked, then its schema is not current', async (t) => {
  await sql`DELETE FROM kysely_migration WHERE name = (SELECT max(name) FROM kysely_migration)`.execute(db)
  t.equal(await isSchemaCurrent(db), false)
})
