// Readiness is open to everybody: however often it is asked, the database is asked once a second, with all its questions.
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import t from 'tap'
import type { Tables } from '../../src/db/tables.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { healthService } from '../../src/services/health.ts'
import { version } from '../../src/version.ts'
import { operations } from '../support/contract.ts'
import { openTestDatabase } from '../support/database.ts'

/** A database without any table, which writes down what it is asked. */
function emptyDatabase() {
  const statements: string[] = []
  class Counting extends DummyDriver {
    override async acquireConnection() {
      const connection = await super.acquireConnection()
      return Object.assign(connection, {
        async executeQuery<R>({ sql }: CompiledQuery): Promise<QueryResult<R>> {
          statements.push(sql)
          return { rows: [] }
        },
      })
    }
  }
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new Counting(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  return { db, statements }
}

/** The example of one answer in openapi.yaml. */
function exampleOf(path: string, status: number): unknown {
  const { operation } = operations.find((one) => one.path === path) ?? {}
  const { responses } = operation as {
    responses: Readonly<Record<number, { content: Readonly<Record<string, Media>> }>>
  }
  return responses[status]?.content['application/json']?.example
}
interface Media {
  readonly example: unknown
}
interface State {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>
}

const inOrder = { storesNothing: () => null, isDraining: () => false }
const tenTimes = async <T>(ask: () => Promise<T>): Promise<T[]> => {
  const atOnce = await Promise.all(Array.from({ length: 5 }, ask))
  for (let n = 0; n < 5; n++) atOnce.push(await ask())
  return atOnce
}

t.test(
  'given a schema that is not current, when readiness is asked often, then one answer serves a second',
  async (t) => {
    const { db, statements } = emptyDatabase()
    let uptime = 0
    const clock = { ...systemClock, uptime: () => uptime }
    const { ready } = healthService({ ...inOrder, db, clock, keyCheck: null })
    for (const answer of await tenTimes(ready)) t.match(answer, { ready: false, checks: { schema: { ok: false } } })
    const once = statements.length
    t.ok(once > 1, 'the schema was looked at')
    t.equal(statements.filter((sql) => sql.startsWith('UPDATE api_keys')).length, 1)
    const second = emptyDatabase()
    await healthService({ ...inOrder, db: second.db, clock, keyCheck: null }).ready()
    t.equal(once, second.statements.length, 'ten requests ask no more than one')
    uptime = 999
    await tenTimes(ready)
    t.equal(statements.length, once)
    uptime = 1000
    await tenTimes(ready)
    t.equal(statements.length, 2 * once)
  },
)

t.test('given keys that are wrong, when readiness is asked often, then they are looked at once a second', async (t) => {
  const database = await openTestDatabase()
  t.teardown(() => database.close())
  let uptime = 0
  let looks = 0
  let wrong: string | null = 'another key sealed what is stored'
  const keyCheck = async () => {
    looks += 1
    return wrong
  }
  const { db } = database
  const { ready } = healthService({ ...inOrder, db, clock: { ...systemClock, uptime: () => uptime }, keyCheck })
  for (const answer of await tenTimes(ready)) {
    t.match(answer, { ready: false, checks: { schema: { ok: true }, encryptionKeys: { ok: false, detail: wrong } } })
  }
  t.equal(looks, 1)
  uptime += 1000
  wrong = null
  for (const answer of await tenTimes(ready)) t.equal(answer.ready, true)
  uptime += 1000
  t.equal((await ready()).ready, true)
  t.equal(looks, 2, 'right keys are looked at no more')
})

t.test('given the examples of both probes, when the service is asked, then it answers like them', async (t) => {
  t.strictSame(exampleOf('/health/live', 200), { status: 'ok', version })
  const [shown, notReady] = [200, 503].map((status) => exampleOf('/health/ready', status)) as [State, State]
  const database = await openTestDatabase()
  t.teardown(() => database.close())
  const service = healthService({ ...inOrder, db: database.db, clock: systemClock, keyCheck: null })
  t.strictSame(shown, await service.ready())
  const failed = Object.entries(notReady.checks).filter(([, { ok }]) => !ok)
  t.match([notReady.ready, failed.length], [false, 1], 'a check that failed is named')
  t.strictSame(Object.keys(notReady.checks), Object.keys(shown.checks))
})
