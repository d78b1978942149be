// Both databases return the same JavaScript values for the same column types: what one test sees, every deployment sees.
import { sql } from 'kysely'
import t from 'tap'
import { openTestDatabase } from '../support/database.ts'

/** Of each type: what is written, and what must be read, whatever the database and the time zone of the process. */
const cases: readonly [type: string, written: string, read: unknown][] = [
  ['int4', '42', 42],
  ['int8', '9007199254740991', 9_007_199_254_740_991],
  ['numeric', '10.50', '10.50'],
  ['numeric', '0.1000', '0.1000'],
  ['date', '2026-03-29', '2026-03-29'],
  ['date', '1969-12-31', '1969-12-31'],
  ['timestamptz', '2026-03-29 02:30:00.123+13', '2026-03-28T13:30:00.123Z'],
  ['timestamptz', '1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.500Z'],
  ['timestamp', '2026-03-29 02:30:00', '2026-03-29T02:30:00.000Z'],
  ['boolean', 'true', true],
  ['text', 'naïve 😀', 'naïve 😀'],
  ['uuid', '01a2106e-6500-7037-9418-b85f2174b579', '01a2106e-6500-7037-9418-b85f2174b579'],
  ['jsonb', '{"a":[1,"2",null],"money":"0.10"}', { a: [1, '2', null], money: '0.10' }],
  ['jsonb', '[]', []],
  ['int8[]', '{1,9007199254740991}', [1, 9_007_199_254_740_991]],
  ['int4[]', '{}', []],
  ['text[]', '{"a,b","c\\"d","",NULL,"NULL",plain}', ['a,b', 'c"d', '', null, 'NULL', 'plain']],
  ['date[]', '{2026-03-29}', ['2026-03-29']],
  ['numeric[]', '{1.10,2}', ['1.10', '2']],
  ['timestamptz[]', '{"2026-03-29 02:30:00+13"}', ['2026-03-28T13:30:00.000Z']],
]

const { db, close } = await openTestDatabase()
t.teardown(close)

t.test('given a value of each type, when it is read, then it has the type that the tables promise', async (t) => {
  for (const [type, written, expected] of cases) {
    const { rows } = await sql<{ value: unknown }>`SELECT ${sql.lit(written)}::${sql.raw(type)} AS value`.execute(db)
    t.strictSame(rows[0]?.value, expected, `${type} ${written}`)
    const nothing = await sql<{ value: unknown }>`SELECT NULL::${sql.raw(type)} AS value`.execute(db)
    t.equal(nothing.rows[0]?.value, null, `${type} NULL`)
  }
  const { rows } = await sql`SELECT 9007199254740993::int8 AS value UNION ALL SELECT 1`.execute(db)
  t.equal(rows.length, 2, 'a number that JavaScript rounds does not take the other rows along')
})

t.test('given values as parameters, when they are written and read, then they are the same', async (t) => {
  await sql`CREATE TABLE every_type (id int8, amount numeric, day date, at timestamptz, tags text[], numbers int8[], body jsonb)`.execute(
    db,
  )
  const row = {
    id: 9_007_199_254_740_991,
    amount: '12345678901234567890.0001',
    day: '2026-03-29',
    at: '2026-03-28T13:30:00.123Z',
    tags: ['a,b', 'c"d', ''],
    numbers: [1, 2],
  }
  const body = { lines: [{ quantity: '2.0000' }], empty: null }
  await sql`INSERT INTO every_type VALUES (${row.id}, ${row.amount}, ${row.day}, ${row.at}, ${row.tags}, ${row.numbers},
    ${JSON.stringify(body)}::jsonb)`.execute(db)
  const { rows } = await sql`SELECT * FROM every_type`.execute(db)
  t.strictSame(rows, [{ ...row, body }])
})

t.test('given a transaction that fails, when it ends, then nothing of it remains', async (t) => {
  await sql`CREATE TABLE kept (id int8)`.execute(db)
  const failing = db.transaction().execute(async (tx) => {
    await sql`INSERT INTO kept VALUES (1)`.execute(tx)
    throw new Error('on purpose')
  })
  await t.rejects(failing, /on purpose/)
  t.strictSame((await sql`SELECT * FROM kept`.execute(db)).rows, [])
})
