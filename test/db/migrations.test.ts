// Migrations: they bring an empty database to this version, do nothing the second time, and refuse a newer schema.
import { readdirSync } from 'node:fs'
import { sql } from 'kysely'
import t from 'tap'
import { isSchemaCurrent, migrateToLatest } from '../../src/db/migrate.ts'
import { openTestDatabase } from '../support/database.ts'

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
