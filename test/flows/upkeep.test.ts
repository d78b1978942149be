// What is tidied while the service runs.
import { sql } from 'kysely'
import t from 'tap'
import type { Db } from '../../src/db/tables.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { upkeepService } from '../../src/services/upkeep.ts'
import { openTestDatabase } from '../support/database.ts'

const addKeys = (db: Db, count: number) =>
  sql`
    INSERT INTO api_keys (id, company_id, name, secret_hash, created_at)
    SELECT gen_random_uuid(), 'acme', 'key', md5(n::text), now() FROM generate_series(1, ${count}::int4) n`.execute(db)

/** How many rows there are, and how many the planner knows of. */
async function counts(db: Db): Promise<{ known: number; real: number }> {
  const { rows } = await sql<{ known: number; real: number }>`
    SELECT reltuples::float8 AS known, (SELECT count(*)::float8 FROM api_keys) AS real FROM pg_class
    WHERE oid = 'api_keys'::regclass`.execute(db)
  return rows[0] ?? { known: -1, real: -1 }
}

t.test(
  'given rows that came and went, when the database is vacuumed, then the planner knows what is left',
  async (t) => {
    const { db, close } = await openTestDatabase()
    t.teardown(close)
    await addKeys(db, 500)
    await sql`DELETE FROM api_keys WHERE secret_hash < '8'`.execute(db)
    await upkeepService({ db, clock: systemClock }).vacuum()
    const { known, real } = await counts(db)
    t.ok(real)
    t.equal(known, real)
  },
)

t.test('given a first handover, when the minute is over, then the planner knows of it', async (t) => {
  const { db, close } = await openTestDatabase()
  t.teardown(close)
  const { analyze } = upkeepService({ db, clock: systemClock })
  await addKeys(db, 500)
  // PostgreSQL itself counts changes with a delay of up to a second; this asks it to do so now.
  await sql`SELECT pg_stat_force_next_flush()`.execute(db)
  t.ok((await analyze()).includes('api_keys'))
  t.equal((await counts(db)).known, 500)
  await addKeys(db, 1)
  await sql`SELECT pg_stat_force_next_flush()`.execute(db)
  t.notOk((await analyze()).includes('api_keys'), 'a little more is no reason to count again')
})
