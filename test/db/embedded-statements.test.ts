// The embedded database keeps its statements prepared: what that could make different from a fresh statement each time.
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/db/open.ts'

/** A dump is opened far quicker than a database is made. */
const { TEST_DUMP } = process.env
const dump = TEST_DUMP ? new Blob([readFileSync(TEST_DUMP)]) : undefined

for (const inSameThread of [false, true]) {
  t.test(`statements of the embedded database, ${inSameThread ? 'in this' : 'in its own'} thread`, (t) =>
    statements(t, inSameThread),
  )
}

async function statements(t: Test, inSameThread: boolean) {
  const { db, close } = await openDatabase({ kind: 'memory', inSameThread, dump })
  t.teardown(close)
  await sql`CREATE TABLE things (id int PRIMARY KEY, name text, seen timestamptz, tags text[], body jsonb)`.execute(db)
  const insert = (id: number, name: string | null, more: { tags?: string[]; body?: unknown } = {}) =>
    sql`INSERT INTO things (id, name, tags, body)
      VALUES (${id}, ${name}, ${more.tags ?? null}, ${JSON.stringify(more.body ?? null)})`.execute(db)

  t.test('given values of every kind, when they are stored, then the same come back', async (t) => {
    const name = `quote ' backslash \\ null-like NULL, emoji 🧾 and ${'long '.repeat(40_000)}`
    await insert(1, name, { tags: ['a,b', '"quoted"', ''], body: { deep: [1, 'two', null] } })
    await insert(2, null)
    const { rows } = await sql`SELECT id, name, tags, body FROM things ORDER BY id`.execute(db)
    t.same(rows, [
      { id: 1, name, tags: ['a,b', '"quoted"', ''], body: { deep: [1, 'two', null] } },
      { id: 2, name: null, tags: null, body: null },
    ])
  })

  t.test('given rows that change, then their number is told', async (t) => {
    t.equal((await sql`UPDATE things SET name = 'x' WHERE id > ${0}`.execute(db)).numAffectedRows, 2n)
    t.equal((await sql`UPDATE things SET name = 'x' WHERE id > ${100}`.execute(db)).numAffectedRows, 0n)
    t.equal((await sql`DELETE FROM things`.execute(db)).numAffectedRows, 2n)
  })

  t.test(
    'given a value that the database refuses, then the error has its SQLSTATE, and the next one works',
    async (t) => {
      await insert(1, 'first')
      await t.rejects(insert(1, 'again'), { code: '23505', severity: 'ERROR' })
      await t.rejects(sql`SELECT ${'no number'}::int`.execute(db), { code: '22P02' })
      await t.rejects(sql`SELECT nothing FROM nowhere`.execute(db), { code: '42P01' })
      await insert(3, 'third')
      t.same((await sql`SELECT id FROM things ORDER BY id`.execute(db)).rows, [{ id: 1 }, { id: 3 }])
    },
  )

  t.test(
    'given a table that changes after its statement was prepared, then the second try sees the change',
    async (t) => {
      const all = () => sql`SELECT * FROM things WHERE id = ${1}`.execute(db)
      await all()
      await sql`ALTER TABLE things ADD COLUMN added int DEFAULT 7`.execute(db)
      const { rows } = await all().catch(all)
      t.match(rows, [{ id: 1, added: 7 }])
    },
  )

  t.test('given more statements than are kept, then the first one still works', async (t) => {
    const first = () => sql`SELECT name FROM things WHERE id = ${1}`.execute(db)
    await first()
    for (let n = 0; n < 600; n++) await sql`SELECT ${sql.lit(n)} AS n`.execute(db)
    t.same((await first()).rows, [{ name: 'first' }])
    const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM pg_prepared_statements`.execute(db)
    t.ok(Number(rows[0]?.count) <= 501, `${rows[0]?.count} are kept`)
  })

  t.test('given a transaction with a failed statement that nobody minded, then its commit is no commit', async (t) => {
    await t.rejects(
      db.transaction().execute(async (transaction) => {
        await sql`INSERT INTO things (id) VALUES (50)`.execute(transaction)
        await sql`INSERT INTO things (id) VALUES (50)`.execute(transaction).catch(() => undefined)
      }),
    )
    t.same((await sql`SELECT id FROM things WHERE id = 50`.execute(db)).rows, [])
  })

  t.test('given a transaction that waits, then a statement of somebody else is no part of it', async (t) => {
    let entered: () => void = () => undefined
    let go: () => void = () => undefined
    const inside = new Promise<void>((resolve) => (entered = resolve))
    const wait = new Promise<void>((resolve) => (go = resolve))
    const undone = db.transaction().execute(async (transaction) => {
      await sql`INSERT INTO things (id) VALUES (60)`.execute(transaction)
      entered()
      await wait
      throw new Error('undone')
    })
    await inside
    const outside = sql`INSERT INTO things (id) VALUES (61)`.execute(db)
    go()
    await t.rejects(undone, { message: 'undone' })
    await outside
    t.same((await sql`SELECT id FROM things WHERE id >= 60`.execute(db)).rows, [{ id: 61 }])
  })
}
