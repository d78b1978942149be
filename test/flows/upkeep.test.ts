// What is tidied while the service runs.
import { sql } from 'kysely'
import t from 'tap'
import { systemClock } from '../../src/lib/clock.ts'
import { upkeepService } from '../../src/services/upkeep.ts'
import { openTestDatabase } from '../support/database.ts'

t.test(
  'given rows that came and went, when the database is vacuumed, then the planner knows what is left',
  async (t) => {
    const { db, close } = await openTestDatabase()
    t.teardown(close)
    const digest = (n: string) => sql`md5(${sql.raw(n)}::text)`
    await sql`
    INSERT INTO api_keys (id, company_id, name, secret_hash, created_at)
    SELECT gen_random_uuid(), 'acme', 'key', ${digest('n')}, now() FROM generate_series(1, 500) n`.execute(db)
    await sql`DELETE FROM api_keys WHERE secret_hash < '8'`.execute(db)
    await upkeepService({ db, clock: systemClock }).vacuum()
    const { rows } = await sql<{ known: number; real: number }>`
    SELECT reltuples::float8 AS known, (SELECT count(*)::float8 FROM api_keys) AS real FROM pg_class WHERE oid = 'api_keys'::regclass`.execute(
      db,
    )
    t.ok(rows[0]?.real)
    t.equal(rows[0]?.known, rows[0]?.real)
  },
)
