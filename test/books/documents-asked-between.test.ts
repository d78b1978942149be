// A person changes the settings and asks for a document at once, while a job stands between the loading of its settings and its call, on
// PostgreSQL: the document is made by the new settings, by this job or by the next one.
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { openHouse } from '../../src/house.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { databaseKind } from '../support/database.ts'
import { openWorld, testConfig } from '../support/house.ts'
import { openPausedDatabase } from '../support/paused-database.ts'
import { lines, openLine, queueAgain, sender } from './support/as-sent.ts'
import { sale } from './support/trading.ts'

const stuckMs = 5_000
/** The first statement of a turn that exports, after its settings were loaded; and the first one of a call to Xero. */
const [isLookForWork, isCall] = [/select distinct "record_type", action = 'delete'/, /UPDATE app_budget/]

t.test(
  'given a job between two statements, when settings change and a document is asked for, then it is as of those',
  { skip: databaseKind !== 'postgres' && 'one connection, so nothing comes between' },
  async (t) => {
    const world = await openWorld(t)
    const { database, clock, simulator, logLines } = world
    const paused = openPausedDatabase(database.url ?? '')
    const log = createLogger({ level: 'info', destination: { write: (line: string) => void logLines.push(line) } })
    const slow = await openHouse({ config: testConfig(simulator), log, clock, database: paused, random: () => 0.5 })
    t.teardown(() => slow.close())
    const tenant = await sender(t, world)('between', 'invoices', sale('a1', [openLine]))

    async function isBlocked(): Promise<boolean> {
      const { rows } = await sql<{ blocked: boolean }>`SELECT EXISTS (SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') AS blocked`.execute(database.db)
      return rows[0]?.blocked === true
    }

    /** Turns of the slow house, over waits too. */
    async function works(): Promise<void> {
      for (let due: string | null = ''; due !== null; due = await slow.nextDueAt()) {
        if (due !== '') clock.advance(Math.max(1, Date.parse(due) - clock.now().getTime()))
        while (await slow.turn());
      }
    }

    const wrong: string[] = []
    let statement = ''
    for (let n = 1; !isCall.test(statement); n++) {
      await tenant.put('invoices', sale('a1', [{ ...openLine, description: `Text ${n}` }]))
      await tenant.startJob()
      const stop = paused.pauseBefore(n, isLookForWork)
      const working = works()
      statement = await stop.reached
      const code = n % 2 === 1 ? '260' : '200'
      let isDone = false
      const asking = (async () => {
        await tenant.settings({ invoices: { accounts: { sales: code } } })
        await queueAgain(tenant, 'invoice')
        isDone = true
      })()
      for (const begun = performance.now(); !isDone && performance.now() - begun < stuckMs; await pause(2)) {
        if (await isBlocked()) break
      }
      stop.release()
      await Promise.all([working, asking])
      await world.work()
      await tenant.sync()
      const [line] = lines(tenant)
      if (line?.AccountCode !== code || line.Description !== `Text ${n}`)
        wrong.push(
          `${n} (${statement.trim().slice(0, 60)}): ${line?.AccountCode} instead of ${code}, ${line?.Description}`,
        )
    }
    t.strictSame(wrong, [])
    t.match(statement, isCall)
    tenant.checkXero(t)
  },
)
