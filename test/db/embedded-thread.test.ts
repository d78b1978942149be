// The thread of the embedded database: what it does for others, and what becomes of calls when it ends.
import { readFileSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import t from 'tap'
import { openThread } from '../../src/db/embedded/thread.ts'
import { openDatabase } from '../../src/db/open.ts'
import { databaseTrouble } from '../../src/lib/database-trouble.ts'

/** A dump is opened far quicker than a database is made. */
const { TEST_DUMP } = process.env
const dump = TEST_DUMP ? new Blob([readFileSync(TEST_DUMP)]) : undefined

t.test('given a statement that takes long, then everything else goes on meanwhile', async (t) => {
  const { db, close } = await openDatabase({ kind: 'memory', dump })
  t.teardown(close)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const begin = performance.now()
  await sql`SELECT count(*) FROM generate_series(1, 3000000)`.execute(db)
  clearInterval(timer)
  t.ok(performance.now() - begin > 20, 'the statement took long')
  t.ok(turns > 3, `${turns} turns of the loop`)
})

t.test('given statements at once, then each gets its own answer', async (t) => {
  const { db, close } = await openDatabase({ kind: 'memory', dump })
  t.teardown(close)
  const numbers = Array.from({ length: 200 }, (_, n) => n)
  const answers = await Promise.all(numbers.map((n) => sql<{ n: number }>`SELECT ${n}::int AS n`.execute(db)))
  t.same(
    answers.map(({ rows }) => rows[0]?.n),
    numbers,
  )
})

t.test(
  'given a thread that ends, then what waits for it and what comes later says that the database is away',
  async (t) => {
    let thread: Worker | undefined
    process.once('worker', (worker) => (thread = worker))
    const { db } = await openDatabase({ kind: 'memory', dump })
    const waiting = sql`SELECT pg_sleep(60)`.execute(db).catch((error) => error)
    await thread?.terminate()
    t.match(databaseTrouble(await waiting), { kind: 'unreachable' })
    t.match(databaseTrouble(await sql`SELECT 1`.execute(db).catch((error) => error)), { kind: 'unreachable' })
    await t.resolves(db.destroy(), 'closing it is no error')
  },
)

t.test('given a database that was closed, then a statement is refused, and a second close is none of it', async (t) => {
  const engine = await openThread({ dump })
  await engine.close()
  await engine.close()
  await t.rejects(engine.answer(new Uint8Array(), { syncToFs: false }), { name: 'DatabaseGone' })
})

t.test('given a directory that cannot be one, then the start says so', async (t) => {
  await t.rejects(openThread({ directory: '/dev/null/database' }), /ENOTDIR|EEXIST|not a directory/i)
})
